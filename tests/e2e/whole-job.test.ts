/** The whole job, from an empty data folder to an exported file, by three people at browsers of their own. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Browser, type Page } from '@playwright/test';
import { afterAll, beforeAll, test } from 'vitest';
import { newPerson, openBrowser } from '../support/browser.ts';
import {
	card,
	cards,
	comment,
	expectNoOverlap,
	highlight,
	marks,
	reply,
	resolve,
	settled,
	signIn
} from '../support/desk.ts';
import { startGalley, type GalleyProcess } from '../support/process.ts';

let folder: string;
let galley: GalleyProcess;
let browser: Browser;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'galley-job-'));
	galley = await startGalley({ DATA_DIR: folder });
	browser = await openBrowser();
});
afterAll(async () => {
	await browser?.close();
	await galley?.stop();
	await rm(folder, { recursive: true, force: true });
});

const PASSWORD = 'correct horse battery';

async function download(page: Page, format: string): Promise<{ name: string; text: string }> {
	await page.getByRole('button', { name: 'Export' }).click();
	const [file] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('menuitem', { name: format }).click()
	]);
	return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
}

test('a newsroom annotates one article live, finishes the set, shares a review link, exports', async () => {
	const olga = await newPerson(browser);
	await olga.goto(`${galley.origin}/setup?token=${galley.setupToken}`);
	await olga.getByLabel('Newsroom').fill('The Ilm Courier');
	await olga.getByLabel('Your name').fill('Olga Owner');
	await olga.getByLabel('E-mail').fill('olga@example.org');
	await olga.getByLabel('Password').fill(PASSWORD);
	await olga.getByRole('button', { name: 'Make the newsroom' }).click();
	await olga.waitForURL('**/articles');

	await olga.getByRole('button', { name: 'Add the sample story' }).click();
	const story = olga.getByRole('main').getByRole('link', { name: /Marrowby closes its harbour bridge/ });
	await expect(story).toBeVisible();
	await expect(olga.getByRole('main').getByRole('listitem')).toHaveCount(3);

	await olga.getByRole('link', { name: 'People' }).click();
	await olga.getByRole('button', { name: 'Add a person' }).first().click();
	const dialog = olga.getByRole('dialog');
	await dialog.getByLabel('Name').fill('Ann Annotator');
	await dialog.getByLabel('E-mail').fill('ann@example.org');
	await dialog.getByRole('radio', { name: /annotator/i }).check();
	await dialog.getByLabel('First password').fill(PASSWORD);
	await dialog.getByRole('button', { name: 'Add', exact: true }).click();
	await expect(dialog).toContainText('Ann Annotator is in');
	await dialog.getByRole('button', { name: 'Done' }).click();

	await olga.getByRole('link', { name: 'Articles' }).click();
	await story.click();
	await settled(olga);
	const path = new URL(olga.url()).pathname;
	const ann = await signIn(browser, galley.origin, { email: 'ann@example.org', password: PASSWORD }, path);
	await settled(ann);
	await expect(ann.getByRole('button', { name: /Olga Owner is here/ })).toBeVisible();

	// words within a paragraph, over several, and over others' marks
	await comment(olga, [3, 0], [3, 22], 'Who says so?', 'Fact-check');
	await expect(card(ann, 'Who says so?')).toBeVisible();
	await highlight(ann, [3, 10], [3, 40]);
	await comment(ann, [4, 5], [5, 20], 'Two paragraphs at once.');
	await expect(cards(olga)).toHaveCount(3);
	await expect(card(olga, 'Two paragraphs at once.')).toBeVisible();
	await expect(marks(olga).first()).toBeVisible();
	await expectNoOverlap(olga);
	await expectNoOverlap(ann);

	await reply(ann, 'Who says so?', 'The mayor, on the phone.');
	await expect(card(olga, 'Who says so?')).toContainText('The mayor, on the phone.');
	await resolve(olga, 'Who says so?', 'Called back, it holds.');
	// it stays before her eyes while she is at it, and is one filter away afterwards
	await expect(card(ann, 'Who says so?')).toContainText('Called back, it holds.');
	await expect(card(olga, 'Two paragraphs at once.')).toBeVisible();
	await ann.getByRole('button', { name: /^Resolved/ }).click();
	await expect(card(ann, 'Who says so?')).toContainText('Called back, it holds.');
	await expect(card(ann, 'Two paragraphs at once.')).toHaveCount(0);
	await ann.getByRole('button', { name: /^All/ }).click();

	// a review link for somebody outside
	await olga.getByRole('button', { name: 'Share' }).click();
	const share = olga.getByRole('dialog');
	await share
		.getByRole('radio', { name: /comment/i })
		.first()
		.check();
	await share.getByLabel('For whom').fill('The mayor’s office');
	await share.getByRole('button', { name: 'Create link' }).click();
	const address = await share
		.getByRole('textbox', { name: /Address of the link/ })
		.first()
		.inputValue();
	expect(address).toMatch(new RegExp(`^${galley.origin}/r/[\\w-]{20,}$`));
	await olga.keyboard.press('Escape');
	const gil = await newPerson(browser);
	await gil.goto(address);
	await expect(gil.getByRole('heading', { name: /Marrowby/ })).toBeVisible();
	await gil.getByLabel('Your name').fill('Gil Guest');
	await gil.getByRole('button', { name: 'Open the article' }).click();
	await settled(gil);
	await expect(olga.getByRole('button', { name: /Gil Guest is here/ })).toBeVisible();
	await reply(gil, 'Two paragraphs at once.', 'We stand by both.');
	await expect(card(ann, 'Two paragraphs at once.')).toContainText('We stand by both.');
	await expect(card(ann, 'Two paragraphs at once.')).toContainText('Gil Guest');
	// just that article, and just that access
	await expect(gil.getByRole('button', { name: 'Finish' })).toHaveCount(0);
	await expect(card(gil, 'Two paragraphs at once.').getByRole('button', { name: 'Resolve' })).toHaveCount(0);
	await gil.goto(`${galley.origin}/articles`);
	await expect(gil.getByRole('link', { name: /Marrowby/ })).toHaveCount(0);
	await gil.goto(address);
	await settled(gil);

	// finishing asks first: a thread is open
	await olga.getByRole('button', { name: 'Finish' }).click();
	await olga.getByRole('dialog').getByLabel('Note').fill('Checked by two.');
	await olga.getByRole('dialog').getByRole('button', { name: 'Finish' }).click();
	await expect(olga.getByRole('dialog')).toContainText('One thread is still open');
	await olga.keyboard.press('Escape');
	await resolve(olga, 'Two paragraphs at once.', 'Settled.');
	await olga.getByRole('button', { name: 'Finish' }).click();
	await olga.getByRole('dialog').getByRole('button', { name: 'Finish' }).click();
	await olga.waitForURL('**/sets/*');
	await expect(olga.getByRole('main')).toContainText('We stand by both.');
	await expect(ann.getByText(/finished as set 1/i)).toBeVisible();
	await expect(gil.getByText(/this article is finished/i)).toBeVisible();

	const files = [
		await download(olga, 'JSON-LD'),
		await download(olga, 'CSV'),
		await download(olga, 'Markdown')
	];
	for (const [i, extension] of ['jsonld', 'csv', 'md'].entries())
		expect(files[i]!.name).toMatch(
			new RegExp(`^marrowby-closes-.*set-1-\\d{4}-\\d\\d-\\d\\d\\.${extension}$`)
		);
	const collection = JSON.parse(files[0]!.text);
	expect(collection).toMatchObject({ type: 'AnnotationCollection', total: 5 });
	for (const { text } of files) {
		expect(text).toContain('Who says so?');
		expect(text).toContain('We stand by both.');
		expect(text).toContain('Gil Guest');
	}

	// reopened and finished once more: set 2, and set 1 as it was
	const first = await (await olga.request.get(olga.url().replace('/sets/', '/api/v1/sets/'))).text();
	await ann.getByRole('button', { name: /^All/ }).click();
	await olga.goto(`${galley.origin}${path}`);
	await olga.getByRole('button', { name: 'Reopen' }).first().click();
	await olga.getByRole('dialog').getByRole('button', { name: 'Reopen' }).click();
	await expect(ann.getByText(/finished as set 1/i)).toHaveCount(0);
	await highlight(ann, [6, 0], [6, 10]);
	await settled(ann);
	await olga.getByRole('button', { name: 'Finish' }).click();
	await olga.getByRole('dialog').getByRole('button', { name: 'Finish' }).click();
	await olga.waitForURL('**/sets/*');
	await expect(olga.getByRole('main')).toContainText(/set 2/i);
	const sets = await (await olga.request.get(`${galley.origin}/api/v1${path}/sets`)).json();
	expect(sets.items.map(({ number }: { number: number }) => number).sort()).toEqual([1, 2]);
	const again = sets.items.find(({ number }: { number: number }) => number === 1);
	expect(await (await olga.request.get(`${galley.origin}/api/v1/sets/${again.id}`)).text()).toBe(first);

	// the process is killed; started again, all is there, and people go on where they were
	const port = new URL(galley.origin).port;
	await galley.stop('SIGKILL');
	galley = await startGalley({ DATA_DIR: folder, PORT: port });
	expect(galley.setupToken).toBeNull();
	await ann.reload();
	await settled(ann);
	await expect(ann.getByText(/finished as set 2/i)).toBeVisible();

	await ann.getByRole('button', { name: 'Ann Annotator' }).click();
	await ann.getByRole('menuitem', { name: 'Sign out' }).click();
	await ann.waitForURL('**/sign-in*');
	for (const page of [olga, ann, gil]) expect(page.errors).toEqual([]);
});

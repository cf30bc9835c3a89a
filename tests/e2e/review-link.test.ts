/** Review links: each lets its guest do exactly what it says, under the guest's own name. */
import { expect, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { afterAll, beforeAll, test } from 'vitest';
import { newPerson, openBrowser } from '../support/browser.ts';
import {
	articleText,
	card,
	cards,
	comment,
	commentByApi,
	highlight,
	open,
	openArticle,
	reply,
	saveState,
	select,
	settled,
	storedWords
} from '../support/desk.ts';
import { PASSWORD, startNewsroom, TEXT, type Newsroom } from '../support/newsroom.ts';

const OLGA = { email: 'olga@example.org', password: PASSWORD };

let newsroom: Newsroom;
let browser: Browser;
beforeAll(async () => {
	[newsroom, browser] = await Promise.all([startNewsroom(), openBrowser()]);
});
afterAll(async () => {
	await browser?.close();
	await newsroom?.[Symbol.asyncDispose]();
});

const link = async (articleId: string, more: object) =>
	(await newsroom.owner.call<{ id: string; url: string }>('POST', `/articles/${articleId}/links`, more)).body;

/** Opens the link as somebody of that name. */
async function enter(page: Page, url: string, name: string, password?: string): Promise<void> {
	await page.goto(url);
	await page.getByLabel('Your name').fill(name);
	if (password) await page.getByLabel('Password of the link').fill(password);
	await page.getByRole('button', { name: 'Open the article' }).click();
}
const newTab = async (context: BrowserContext) => {
	const page = await context.newPage();
	const errors: string[] = [];
	page.on('pageerror', (error) => errors.push(error.message));
	return Object.assign(page, { errors });
};

/** An article with a thread of the owner's. */
async function discussed(): Promise<string> {
	const articleId = await newsroom.article();
	await commentByApi(newsroom.owner, articleId, 'until Friday', 'This Friday?');
	return articleId;
}
const toolbar = (page: Page) => page.getByRole('toolbar', { name: 'Selected words' });

test('view: a guest reads the article and what is said of it, live, and can do nothing else', async () => {
	const articleId = await discussed();
	const vic = await newPerson(browser);
	await enter(vic, (await link(articleId, { access: 'view' })).url, 'Vic Viewer');
	await settled(vic);
	await expect(saveState(vic)).toHaveText('Live');
	await expect(articleText(vic).locator('p')).toHaveText(TEXT.split('\n'));
	await commentByApi(newsroom.owner, articleId, 'the mayor', 'Which mayor?');
	await expect(card(vic, 'Which mayor?')).toBeVisible();
	await open(vic, 'This Friday?');
	await expect(card(vic, 'This Friday?')).toHaveAttribute('aria-current', 'true');
	for (const name of ['Reply', 'Resolve', 'Edit', 'Delete'])
		await expect(card(vic, 'This Friday?').getByRole('button', { name })).toHaveCount(0);
	await articleText(vic).evaluate((root: HTMLElement) => {
		root.focus();
		getSelection()!.selectAllChildren(root.querySelector('p')!);
	});
	for (const key of ['h', 'a', 'q', 'r', 'e']) await vic.keyboard.press(key);
	await expect(toolbar(vic)).toHaveCount(0);
	await expect(vic.getByRole('textbox')).toHaveCount(0);
	for (const name of ['Share', 'Finish', 'Edit details'])
		await expect(vic.getByRole('button', { name })).toHaveCount(0);
	await expect(cards(vic)).toHaveCount(2);
	expect(await storedWords(newsroom.owner, articleId)).toEqual(['This Friday?', 'Which mayor?']);
	expect(vic.errors).toEqual([]);
	await vic.context().close();
});

test('comment: a guest replies, and marks no passage', async () => {
	const articleId = await discussed();
	const cora = await newPerson(browser);
	await enter(cora, (await link(articleId, { access: 'comment' })).url, 'Cora Commenter');
	await settled(cora);
	await reply(cora, 'This Friday?', 'Next Friday.');
	await expect(card(cora, 'This Friday?')).toContainText('Cora Commenter');
	await expect(card(cora, 'This Friday?').getByRole('button', { name: 'Resolve' })).toHaveCount(0);
	await articleText(cora).evaluate((root: HTMLElement) => {
		root.focus();
		getSelection()!.selectAllChildren(root.querySelector('p')!);
	});
	for (const key of ['h', 'a', 'q']) await cora.keyboard.press(key);
	await expect(toolbar(cora)).toHaveCount(0);
	await settled(cora);
	await expect(cards(cora)).toHaveCount(1);
	expect(await storedWords(newsroom.owner, articleId)).toEqual(['This Friday?', 'Next Friday.']);
	expect(cora.errors).toEqual([]);
	await cora.context().close();
});

test('annotate: a guest marks, comments and settles their own threads; no others', async () => {
	const articleId = await discussed();
	const gil = await newPerson(browser);
	await enter(gil, (await link(articleId, { access: 'annotate' })).url, 'Gil Guest');
	await settled(gil);
	await highlight(gil, [2, 0], [2, 9]);
	await comment(gil, [1, 4], [1, 20], 'We never said that.', 'Legal');
	await expect(card(gil, 'We never said that.').getByRole('button', { name: 'Resolve' })).toBeVisible();
	await open(gil, 'This Friday?');
	await expect(card(gil, 'This Friday?').getByRole('button', { name: 'Reply' })).toBeVisible();
	await expect(card(gil, 'This Friday?').getByRole('button', { name: 'Resolve' })).toHaveCount(0);
	await settled(gil);
	expect((await storedWords(newsroom.owner, articleId)).toSorted()).toEqual(
		expect.arrayContaining(['This Friday?', 'We never said that.'])
	);
	expect(gil.errors).toEqual([]);
	await gil.context().close();
});

test('an owner’s tab and a guest’s stand side by side in one browser, each under its own name', async () => {
	const articleId = await discussed();
	const { url } = await link(articleId, { access: 'annotate' });
	const olga = await openArticle(browser, newsroom, OLGA, articleId);
	const gil = await newTab(olga.context());
	await gil.goto(url);
	await expect(gil.getByText('You are signed in as Olga Owner.')).toBeVisible();
	await enter(gil, url, 'Gil Guest');
	await settled(gil);
	await expect(olga.getByRole('button', { name: 'Gil Guest is here' })).toBeVisible();
	await expect(gil.getByRole('button', { name: 'Olga Owner is here' })).toBeVisible();
	await comment(olga, [0, 4], [0, 10], 'By the owner.');
	await comment(gil, [1, 4], [1, 20], 'By the guest.');
	await reply(gil, 'By the owner.', 'The guest answers.');
	await reply(olga, 'By the guest.', 'The owner answers.');
	for (const page of [olga, gil]) {
		await settled(page);
		await expect(card(page, 'By the owner.')).toContainText(
			/Olga Owner.*By the owner\..*Gil Guest.*The guest answers\./s
		);
		await expect(card(page, 'By the guest.')).toContainText(
			/Gil Guest.*By the guest\..*Olga Owner.*The owner answers\./s
		);
	}
	await open(gil, 'By the owner.');
	await expect(card(gil, 'By the owner.').getByRole('button', { name: 'Resolve' })).toHaveCount(0);
	// loaded anew, each is still who they were
	await Promise.all([olga.reload(), gil.reload()]);
	for (const page of [olga, gil]) await settled(page);
	await comment(gil, [2, 0], [2, 9], 'Still the guest.');
	await settled(gil);
	await expect(card(olga, 'Still the guest.')).toContainText('Gil Guest');
	for (const page of [olga, gil]) expect(page.errors).toEqual([]);
	await olga.context().close();
});

test('two links to one article in one browser: each tab is the guest of its own', async () => {
	const articleId = await discussed();
	const [commenting, annotating] = [
		await link(articleId, { access: 'comment' }),
		await link(articleId, { access: 'annotate' })
	];
	const cora = await newPerson(browser);
	await enter(cora, commenting.url, 'Cora Commenter');
	await settled(cora);
	const gil = await newTab(cora.context());
	await enter(gil, annotating.url, 'Gil Guest');
	await settled(gil);
	await cora.reload();
	await settled(cora);
	await reply(cora, 'This Friday?', 'Next Friday.');
	await settled(cora);
	await expect(card(gil, 'This Friday?')).toContainText('Next Friday.');
	await select(gil, [2, 0], [2, 9]);
	await gil.keyboard.press('h');
	await expect(cards(cora)).toHaveCount(2);
	await expect(cora.getByRole('region', { name: 'Not saved' })).toHaveCount(0);
	await cora.context().close();
});

test('a link is made with an end and a password; who opened it is told, and why it opens nothing any more', async () => {
	const articleId = await discussed();
	const olga = await openArticle(browser, newsroom, OLGA, articleId);
	await olga.getByRole('button', { name: 'Share' }).click();
	const dialog = olga.getByRole('dialog', { name: 'Share for review' });
	await dialog.getByLabel('For whom').fill('Dr. Berger');
	await dialog.getByLabel('It works until').selectOption('date');
	await dialog.getByRole('button', { name: 'Suggest' }).click();
	await dialog.getByRole('button', { name: 'Create link' }).click();
	await expect(dialog.getByText('Day is needed.')).toBeVisible();
	await dialog.getByLabel('It works until').selectOption({ label: 'A week from now' });
	const password = await dialog.getByRole('textbox', { name: 'Password' }).inputValue();
	await dialog.getByRole('button', { name: 'Create link' }).click();
	const row = dialog.getByRole('listitem').filter({ hasText: 'Comment for Dr. Berger' });
	await expect(row).toContainText(`Password ${password}, not shown again`);
	await expect(row).toContainText(/Works until .*, with its password\./);
	await expect(row).toContainText('Not opened yet.');
	const address = row.getByRole('textbox', { name: 'Address of the link (Dr. Berger)' });
	await expect(address).toBeFocused();
	const url = await address.inputValue();
	const made = await newsroom.db.reviewLink.findFirstOrThrow({ where: { articleId } });
	expect(made.expiresAt!.getTime() - Date.now()).toBeGreaterThan(6.9 * 24 * 60 * 60 * 1000);

	const gil = await newPerson(browser);
	await enter(gil, url, 'Gil Guest', 'not this one');
	await expect(gil.getByText('This is not the password of the link.')).toBeVisible();
	await expect(gil.getByLabel('Your name')).toHaveValue('Gil Guest');
	await gil.getByLabel('Password of the link').fill(password);
	await gil.getByRole('button', { name: 'Show what is typed' }).click();
	await expect(gil.getByLabel('Password of the link')).toHaveAttribute('type', 'text');
	await gil.getByRole('button', { name: 'Open the article' }).click();
	await settled(gil);

	// opened anew, the dialog says who came, and the password no more
	await olga.keyboard.press('Escape');
	await olga.getByRole('button', { name: 'Share' }).click();
	await expect(row).toContainText('Opened by Gil Guest');
	await expect(row).not.toContainText(password);
	await newsroom.db.reviewLink.update({
		where: { id: made.id },
		data: { expiresAt: new Date(Date.now() - 1000) }
	});
	await gil.reload();
	await expect(gil.getByRole('heading', { name: 'This link has ended' })).toBeVisible();

	await dialog.getByRole('button', { name: 'Create link' }).click();
	const second = dialog.getByRole('listitem').filter({ hasText: 'Not opened yet.' });
	await expect(row).toContainText('Ended');
	await expect(row.getByRole('textbox')).toHaveCount(0);
	const revoked = await second.getByRole('textbox', { name: /Address of the link/ }).inputValue();
	await second.getByRole('button', { name: 'Revoke' }).click();
	await dialog.getByRole('button', { name: 'Revoke link' }).click();
	await expect(dialog.getByText('Nobody opened it.')).toBeVisible();
	await gil.goto(revoked);
	await expect(gil.getByRole('heading', { name: 'This link was withdrawn' })).toBeVisible();
	for (const page of [olga, gil]) expect(page.errors).toEqual([]);
	await Promise.all([olga.context().close(), gil.context().close()]);
});

test('somebody who is in when the hour comes is out at once', async () => {
	const articleId = await discussed();
	const soon = await link(articleId, {
		access: 'comment',
		expiresAt: new Date(Date.now() + 6000).toISOString()
	});
	const late = await newPerson(browser);
	await enter(late, soon.url, 'Late Larry');
	await settled(late);
	await expect(late.getByRole('region', { name: 'Connection' })).toContainText(
		'does not open the article any more',
		{ timeout: 8000 }
	);
	await expect(articleText(late)).toBeVisible();
	expect(late.errors).toEqual([]);
	await late.context().close();
});

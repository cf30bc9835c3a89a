/** How articles come in through the page, and that no character of them is lost or added. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, type Browser, type Page } from '@playwright/test';
import { afterAll, beforeAll, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import {
	articleText,
	card,
	cards,
	comment,
	expectNoOverlap,
	highlight,
	marks,
	openArticle,
	settled,
	signIn
} from '../support/desk.ts';
import { startNewsroom, type Newsroom } from '../support/newsroom.ts';

const ARTICLES = fileURLToPath(new URL('../../../shared/articles/', import.meta.url));

type Person = Awaited<ReturnType<Newsroom['person']>>;
let newsroom: Newsroom;
let browser: Browser;
let people: Record<'edith' | 'ann', Person>;
let edith: Page & { errors: string[] };
beforeAll(async () => {
	[newsroom, browser] = await Promise.all([startNewsroom(), openBrowser()]);
	people = {
		edith: await newsroom.person('editor', 'Edith Editor'),
		ann: await newsroom.person('annotator', 'Ann Annotator')
	};
	edith = await signIn(browser, newsroom.origin, people.edith);
});
afterAll(async () => {
	await browser?.close();
	await newsroom?.[Symbol.asyncDispose]();
});

const utf8 = new TextEncoder();
const file = (name: string, content: string | Uint8Array) => ({
	name,
	mimeType: 'text/plain',
	buffer: Buffer.from(typeof content === 'string' ? utf8.encode(content) : content)
});
const bringIn = async () => {
	await edith.goto(`${newsroom.origin}/articles`);
	await edith.getByRole('button', { name: 'Bring an article in' }).click();
	return edith.getByRole('dialog');
};
const row = (name: string) =>
	edith
		.getByRole('region', { name: 'Files' })
		.getByRole('listitem')
		.filter({ has: edith.getByText(name, { exact: true }) });

/** The plain text of the article that a link in the dialog leads to. */
async function textOf(name: string): Promise<string> {
	const href = await row(name).getByRole('link').getAttribute('href');
	return (await newsroom.owner.call('GET', `${href}/text`)).text;
}

test('a text is pasted: its title is proposed, and can be another', async () => {
	const dialog = await bringIn();
	await dialog
		.getByRole('textbox', { name: 'Text' })
		.fill('Bridge stays closed until Friday\n\n  The mayor said so.  \n“Not before,” she added.\n');
	await expect(dialog.getByLabel('Title')).toHaveValue('Bridge stays closed until Friday');
	await dialog.getByLabel('Outlet').fill('The Ilm Courier');
	await dialog.getByLabel('Byline').fill('Bea Byline');
	await dialog.getByLabel('Address').fill('https://courier.example/bridge');
	await dialog.getByLabel('Date').fill('2026-11-20');
	await dialog.getByRole('button', { name: 'Bring it in' }).click();
	await edith.waitForURL('**/articles/*-*');
	await settled(edith);
	await expect(edith.getByRole('heading', { level: 1 })).toHaveText('Bridge stays closed until Friday');
	for (const fact of ['The Ilm Courier', 'Bea Byline', '20 Nov 2026'])
		await expect(edith.getByRole('main').getByText(fact)).toBeVisible();
	await expect(edith.getByRole('link', { name: 'Original' })).toHaveAttribute(
		'href',
		'https://courier.example/bridge'
	);
	await expect(articleText(edith).locator('p')).toHaveText([
		'Bridge stays closed until Friday',
		'The mayor said so.',
		'“Not before,” she added.'
	]);
	await edith.getByRole('button', { name: 'Edit details' }).click();
	await edith.getByRole('dialog').getByLabel('Title').fill('Closed until Friday');
	await edith.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
	await expect(edith.getByRole('heading', { level: 1 })).toHaveText('Closed until Friday');
});

test('several files at once: what is no UTF-8 text or over the limit is refused by name, and the others come in', async () => {
	const dialog = await bringIn();
	await dialog
		.getByLabel('Text files')
		.setInputFiles([
			file('lf.txt', 'A headline of its own\nOne line.\nAnother line.\n'),
			file(
				'latin-1.txt',
				Uint8Array.of(...utf8.encode('Stra'), 0xdf, ...utf8.encode('e in M'), 0xfc, ...utf8.encode('nchen'))
			),
			file('crlf.txt', 'A headline with CRLF\r\n\r\nOne line.\r\nAnother line.\r\n'),
			file('picture.txt', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00)),
			file('bom.txt', '\ufeffA headline after a BOM\nOne line.\n'),
			file('over.txt', `A headline over the limit\n${'x'.repeat(3 * 1024 * 1024)}\n`),
			file('umlauts.txt', 'Straße in München gesperrt\n„Übermorgen“, sagt die Bürgermeisterin – 🌉.\n'),
			file('empty.txt', ' \n\n'),
			file('notes.docx', 'not a text file')
		]);
	await expect(dialog.getByRole('status')).toHaveText('4 articles came in, 5 refused.');
	await expect(row('latin-1.txt')).toContainText('not UTF-8');
	await expect(row('picture.txt')).toContainText('not UTF-8');
	await expect(row('over.txt')).toContainText('2 MB at most');
	await expect(row('empty.txt')).toContainText('nothing in it');
	await expect(row('notes.docx')).toContainText('Only .txt files');
	expect(await textOf('lf.txt')).toBe('A headline of its own\nOne line.\nAnother line.');
	expect(await textOf('crlf.txt')).toBe('A headline with CRLF\nOne line.\nAnother line.');
	expect(await textOf('bom.txt')).toBe('A headline after a BOM\nOne line.');
	expect(await textOf('umlauts.txt')).toBe(
		'Straße in München gesperrt\n„Übermorgen“, sagt die Bürgermeisterin – 🌉.'
	);
	await edith.keyboard.press('Escape');
	for (const title of [
		'A headline of its own',
		'A headline with CRLF',
		'A headline after a BOM',
		'Straße in München gesperrt'
	])
		await expect(edith.getByRole('main').getByRole('link', { name: title })).toBeVisible();
});

test('files are dropped onto the page', async () => {
	await edith.goto(`${newsroom.origin}/articles`);
	await expect(edith.getByRole('button', { name: 'Bring an article in' })).toBeVisible();
	const dropped = await edith.evaluateHandle(() => {
		const data = new DataTransfer();
		data.items.add(new File(['A dropped headline\nIts only line.\n'], 'dropped.txt', { type: 'text/plain' }));
		data.items.add(
			new File(['A second dropped headline\nIts only line.\n'], 'second.txt', { type: 'text/plain' })
		);
		return data;
	});
	await edith.dispatchEvent('body', 'dragover', { dataTransfer: dropped });
	await expect(edith.getByText('Drop text files to bring them in')).toBeVisible();
	await edith.dispatchEvent('body', 'drop', { dataTransfer: dropped });
	await expect(edith.getByRole('dialog').getByRole('status')).toHaveText('2 articles came in.');
	expect(await textOf('dropped.txt')).toBe('A dropped headline\nIts only line.');
	expect(edith.errors).toEqual([]);
});

test.runIf(existsSync(ARTICLES))(
	'real articles come in without a lost or added character, and two people annotate one',
	async () => {
		const paths = readdirSync(ARTICLES)
			.filter((name) => name.endsWith('.txt'))
			.map((name) => ARTICLES + name);
		const dialog = await bringIn();
		await dialog.getByLabel('Text files').setInputFiles(paths);
		await expect(dialog.getByRole('status')).toHaveText(`${paths.length} articles came in.`);
		for (const path of paths) {
			const lines = readFileSync(path, 'utf8')
				.split('\n')
				.map((line) => line.trim())
				.filter((line) => line !== '');
			expect(await textOf(basename(path))).toBe(lines.join('\n'));
		}

		const articleId = (await row(basename(paths[0]!)).getByRole('link').getAttribute('href'))!
			.split('/')
			.at(-1)!;
		const before = (await newsroom.owner.call('GET', `/articles/${articleId}/text`)).text;
		const lines = before.split('\n');
		await edith.goto(`${newsroom.origin}/articles/${articleId}`);
		await settled(edith);
		const ann = await openArticle(browser, newsroom, people.ann, articleId);
		await comment(ann, [1, 0], [1, 12], 'Where does this come from?', 'Source');
		await comment(edith, [1, 5], [3, 10], 'All of this over three paragraphs.', 'Fact-check');
		await highlight(ann, [2, 0], [2, 20]);
		for (const page of [edith, ann]) {
			await expect(cards(page)).toHaveCount(3);
			await expect(card(page, 'All of this over three paragraphs.')).toContainText('Edith Editor');
			await expect(
				marks(page)
					.filter({ hasText: lines[1]!.slice(12, 40).trim() })
					.first()
			).toBeVisible();
			await expect(() => expectNoOverlap(page)).toPass();
			await settled(page);
		}
		const { body } = await newsroom.owner.call<{ items: { target: { selector: { exact?: string }[] } }[] }>(
			'GET',
			`/articles/${articleId}/annotations`
		);
		const quotes = body.items.map(
			({ target }) => target.selector.find(({ exact }) => exact !== undefined)!.exact
		);
		expect(quotes).toContain(
			`${lines[1]!.slice(5).trimStart()}\n${lines[2]}\n${lines[3]!.slice(0, 10).trimEnd()}`
		);
		expect((await newsroom.owner.call('GET', `/articles/${articleId}/text`)).text).toBe(before);
		for (const page of [edith, ann]) expect(page.errors).toEqual([]);
	}
);

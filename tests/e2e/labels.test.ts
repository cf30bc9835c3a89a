/** The newsroom's own labels: the owner keeps the list, and articles have it. */
import { expect, type Browser, type Page } from '@playwright/test';
import { afterAll, beforeAll, test } from 'vitest';
import type { Label } from '../../src/lib/domain/labels.ts';
import { openBrowser } from '../support/browser.ts';
import { cards, openArticle, select, settled, signIn } from '../support/desk.ts';
import { PASSWORD, startNewsroom, type Newsroom } from '../support/newsroom.ts';

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

const row = (page: Page, name: string) => page.getByRole('group', { name, exact: true });
const save = (page: Page) => page.getByRole('button', { name: 'Save' }).click();
const stored = async (): Promise<Label[]> =>
	(await newsroom.owner.call<{ items: Label[] }>('GET', '/labels')).body.items;
const names = async () => (await stored()).map(({ name }) => name);

test('the owner changes the list from the keyboard, and an article has it at once with its keys', async () => {
	const page = await signIn(browser, newsroom.origin, OLGA, '/labels');
	await row(page, 'Fact-check').getByLabel('Name').fill('Facts');
	await row(page, 'Facts').getByLabel('When to use it').press('Alt+ArrowDown');
	await expect(row(page, 'Facts').getByLabel('When to use it')).toBeFocused();
	await expect(page.getByText('Facts: 2 of 7')).toBeAttached();
	await page.getByRole('button', { name: 'Remove Praise' }).press('Enter');
	await expect(page.getByText('It stays on the annotations that have it.')).toBeVisible();
	await expect(page.getByRole('button', { name: 'Keep Praise' })).toBeFocused();

	await page.getByRole('button', { name: 'Add a label' }).press('Enter');
	await expect(row(page, 'new label').getByLabel('Name')).toBeFocused();
	await save(page);
	await expect(page.getByText('A name is needed.')).toBeVisible();
	await expect(row(page, 'new label').getByLabel('Name')).toBeFocused();
	await page.keyboard.type('legal');
	await save(page);
	await expect(page.getByText('Another label has this name.')).toBeVisible();
	await row(page, 'legal').getByLabel('Name').fill('Obituary');
	await row(page, 'Obituary').getByLabel('Colour and line').selectOption('yellow');
	// a key that another label has is swapped
	await row(page, 'Obituary').getByLabel('Key').selectOption('4');
	await expect(row(page, 'Legal').getByLabel('Key')).toHaveValue('7');
	await save(page);
	await expect(page.getByText('Saved.')).toBeVisible();
	await expect(page.getByRole('button', { name: 'Discard changes' })).toHaveCount(0);
	expect(await names()).toEqual([
		'Source needed',
		'Facts',
		'Quote',
		'Legal',
		'Style',
		'Question',
		'Obituary'
	]);
	expect((await stored()).find(({ name }) => name === 'Facts')!.id).toBe('fact-check');

	const articleId = await newsroom.article();
	const ann = await openArticle(
		browser,
		newsroom,
		await newsroom.person('annotator', 'Ann Annotator'),
		articleId
	);
	await select(ann, [0, 4], [0, 10]);
	await ann.keyboard.press('4');
	await expect(cards(ann)).toContainText(['Obituary']);
	await settled(ann);
	// what the owner changes meanwhile comes by itself, and the mark keeps what it was given
	const rename = (items: Label[]) => newsroom.owner.call('PUT', '/labels', { items });
	await rename(
		(await stored()).map((one) => (one.name === 'Obituary' ? { ...one, name: 'In memory' } : one))
	);
	await expect(cards(ann)).toContainText(['In memory']);
	// and what was changed while one was offline, with the connection
	await ann.context().setOffline(true);
	await rename(
		(await stored()).map((one) => (one.name === 'In memory' ? { ...one, name: 'Remembered' } : one))
	);
	await ann.context().setOffline(false);
	await expect(cards(ann)).toContainText(['Remembered'], { timeout: 20_000 });
	await rename(
		(await stored()).map((one) => (one.name === 'Remembered' ? { ...one, name: 'In memory' } : one))
	);
	await expect(cards(ann)).toContainText(['In memory']);
	const before = await stored();
	await rename(before.filter(({ name }) => name !== 'In memory'));
	await ann.keyboard.press('l');
	await expect(ann.getByRole('option', { name: /^Quote/ })).toBeVisible();
	await expect(ann.getByRole('option', { name: /^In memory/ })).toHaveCount(0);
	await ann.keyboard.press('Escape');
	await expect(cards(ann)).toContainText(['In memory']);
	await rename(before);
	// a question has the label of that name, where there is one
	await newsroom.owner.call('PUT', '/labels', {
		items: (await stored()).filter(({ id }) => id !== 'question')
	});
	await ann.reload();
	await settled(ann);
	await select(ann, [1, 0], [1, 8]);
	await ann.keyboard.press('q');
	await ann.getByRole('textbox', { name: 'Your question' }).fill('Who says so?');
	await ann.keyboard.press('Control+Enter');
	await settled(ann);
	const { items } = (
		await newsroom.owner.call<{ items: object[] }>('GET', `/articles/${articleId}/annotations`)
	).body;
	const question = items.find((one) => JSON.stringify(one).includes('Who says so?'));
	expect(question).toBeDefined();
	expect(JSON.stringify(question)).not.toContain('classifying');
	// who may not change the list reads it
	await ann.getByRole('link', { name: 'Labels', exact: true }).click();
	await expect(ann.getByRole('row', { name: /In memory 4/ })).toBeVisible();
	await expect(ann.getByRole('button', { name: 'Save' })).toHaveCount(0);
	for (const one of [page, ann]) expect(one.errors).toEqual([]);
	await Promise.all([page.context().close(), ann.context().close()]);
});

test('what somebody else changed meanwhile is told, and nothing typed is lost; nor by leaving', async () => {
	const page = await signIn(browser, newsroom.origin, OLGA, '/labels');
	await page.getByRole('button', { name: 'Add a label' }).click();
	await page.keyboard.type('Numbers');
	const theirs = (await stored()).filter(({ id }) => id !== 'style');
	await newsroom.owner.call('PUT', '/labels', { items: [...theirs, { name: 'Photo', color: 'blue' }] });
	await save(page);
	const told = page.getByRole('alert');
	await expect(told).toContainText('“Photo” is new.');
	await expect(told).toContainText('“Style” is gone.');
	await expect(row(page, 'Numbers').getByLabel('Name')).toHaveValue('Numbers');
	expect(await names()).toContain('Photo');
	await told.getByRole('button', { name: 'Go on with mine' }).click();

	await page.getByRole('link', { name: 'Articles' }).click();
	await page.getByRole('dialog').getByRole('button', { name: 'Stay here' }).click();
	await save(page);
	await expect(page.getByText('Saved.')).toBeVisible();
	expect(await names()).toEqual(expect.arrayContaining(['Numbers', 'Style']));
	expect(await names()).not.toContain('Photo');

	await page.getByRole('button', { name: 'Remove Numbers' }).click();
	await page.getByRole('link', { name: 'Articles' }).click();
	await page.getByRole('dialog').getByRole('button', { name: 'Leave without saving' }).click();
	await page.waitForURL('**/articles');
	expect(await names()).toContain('Numbers');
	expect(page.errors).toEqual([]);
	await page.context().close();
});

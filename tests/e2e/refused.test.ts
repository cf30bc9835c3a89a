/** Rights end while somebody is at work: they are told calmly, and nothing that they wrote is lost. */
import { expect, type Browser, type Page } from '@playwright/test';
import { afterAll, beforeAll, test } from 'vitest';
import { newPerson, openBrowser } from '../support/browser.ts';
import {
	articleText,
	card,
	cards,
	comment,
	open,
	openArticle,
	reply,
	saveState,
	settled,
	storedWords
} from '../support/desk.ts';
import { startNewsroom, type Newsroom } from '../support/newsroom.ts';

type Person = Awaited<ReturnType<Newsroom['person']>>;
let newsroom: Newsroom;
let browser: Browser;
let edith: Person;
beforeAll(async () => {
	[newsroom, browser] = await Promise.all([startNewsroom(), openBrowser()]);
	edith = await newsroom.person('editor', 'Edith Editor');
});
afterAll(async () => {
	await browser?.close();
	await newsroom?.[Symbol.asyncDispose]();
});

const COPIES = { permissions: ['clipboard-read', 'clipboard-write'] };
const notSaved = (page: Page) => page.getByRole('region', { name: 'Not saved' });
const offline = async (page: Page) => {
	await page.context().setOffline(true);
	await expect(saveState(page)).toHaveAttribute('data-state', 'offline');
};

test('[G13] the article is finished while somebody is offline: their words are shown, and nothing else is lost', async () => {
	const articleId = await newsroom.article();
	const otto = await openArticle(
		browser,
		newsroom,
		await newsroom.person('annotator', 'Otto Offline'),
		articleId,
		COPIES
	);
	await comment(otto, [0, 4], [0, 10], 'Stored before.');
	await settled(otto);
	await offline(otto);
	await comment(otto, [1, 0], [1, 8], 'Too late, and not lost.');
	await reply(otto, 'Stored before.', 'Too late as well.');
	const { status } = await newsroom.owner.call('POST', `/articles/${articleId}/finish`, {
		override: 'It is time.'
	});
	expect(status).toBe(201);

	await otto.context().setOffline(false);
	await expect(notSaved(otto)).toContainText('Too late, and not lost.');
	await expect(notSaved(otto)).toContainText('Too late as well.');
	await expect(notSaved(otto)).toContainText('finished');
	await expect(otto.getByText(/Finished as set 1/)).toBeVisible();
	// the state in sight says so, wherever in the article one is, and leads there
	await expect(saveState(otto)).toHaveText('Not all is saved');
	await otto.mouse.wheel(0, 2000);
	await saveState(otto).getByRole('link').click();
	await expect(notSaved(otto)).toBeInViewport();
	await expect(cards(otto)).toHaveCount(1);
	await expect(card(otto, 'Stored before.')).not.toContainText('Too late as well.');
	await notSaved(otto)
		.getByRole('listitem')
		.filter({ hasText: 'Too late as well.' })
		.getByRole('button', { name: /Copy/ })
		.click();
	expect(await otto.evaluate(() => navigator.clipboard.readText())).toBe('Too late as well.');

	// still there after the page is loaded anew, and can be done again once the article is open
	await otto.reload();
	await expect(notSaved(otto)).toContainText('Too late, and not lost.');
	await newsroom.owner.call('POST', `/articles/${articleId}/reopen`);
	await expect(otto.getByText(/Finished as set 1/)).toHaveCount(0);
	for (const words of ['Too late, and not lost.', 'Too late as well.'])
		await notSaved(otto)
			.getByRole('listitem')
			.filter({ hasText: words })
			.getByRole('button', { name: 'Try again' })
			.click();
	await expect(notSaved(otto)).toHaveCount(0);
	await settled(otto);
	expect((await storedWords(newsroom.owner, articleId)).toSorted()).toEqual([
		'Stored before.',
		'Too late as well.',
		'Too late, and not lost.'
	]);
	expect(otto.errors).toEqual([]);
	await otto.context().close();
});

test('[G13] a role ends while somebody is offline: what it allowed no more is shown, the rest is stored', async () => {
	const articleId = await newsroom.article();
	const former = await newsroom.person('editor', 'Fred Former');
	const watching = await openArticle(browser, newsroom, edith, articleId);
	await comment(watching, [0, 4], [0, 10], 'Edith’s own.');
	const fred = await openArticle(browser, newsroom, former, articleId, COPIES);
	await offline(fred);
	await comment(fred, [1, 0], [1, 8], 'An annotator may say this.');
	await open(fred, 'Edith’s own.');
	await card(fred, 'Edith’s own.').getByRole('button', { name: 'Delete' }).click();
	await reply(fred, 'An annotator may say this.', 'And this.');
	await newsroom.db.user.update({ where: { email: former.email }, data: { role: 'annotator' } });

	await fred.context().setOffline(false);
	await expect(notSaved(fred).getByRole('listitem')).toHaveCount(1);
	await expect(notSaved(fred)).toContainText('Delete');
	await expect(notSaved(fred)).toContainText('Only its writer or an editor deletes this.');
	await expect(saveState(fred)).toHaveText('Not all is saved');
	for (const page of [fred, watching]) {
		await expect(card(page, 'Edith’s own.')).toBeVisible();
		await expect(card(page, 'An annotator may say this.')).toContainText('And this.');
	}
	for (const page of [fred, watching]) {
		expect(page.errors).toEqual([]);
		await page.context().close();
	}
});

test('[G14] a guest whose link is revoked is told so within a second, and keeps what they were writing', async () => {
	const articleId = await newsroom.article();
	const { body } = await newsroom.owner.call<{ id: string; url: string }>(
		'POST',
		`/articles/${articleId}/links`,
		{
			access: 'annotate'
		}
	);
	const gil = await newPerson(browser);
	await gil.goto(body.url);
	await gil.getByLabel('Your name').fill('Gil Guest');
	await gil.getByRole('button', { name: 'Open the article' }).click();
	await settled(gil);
	await comment(gil, [0, 4], [0, 10], 'From outside.');
	await settled(gil);
	await newsroom.owner.call('DELETE', `/links/${body.id}`);
	await expect(gil.getByRole('region', { name: 'Connection' })).toContainText(
		'does not open the article any more',
		{ timeout: 1000 }
	);
	await expect(articleText(gil)).toBeVisible();
	await expect(card(gil, 'From outside.')).toBeVisible();
	await gil.reload();
	await expect(gil.getByRole('heading', { name: 'This link was withdrawn' })).toBeVisible();
	expect(await storedWords(newsroom.owner, articleId)).toEqual(['From outside.']);
	expect(gil.errors).toEqual([]);
	await gil.context().close();
});

test('signing out in one tab ends the other, which asks to sign in and then goes on where it was', async () => {
	const articleId = await newsroom.article();
	const ann = await newsroom.person('annotator', 'Ann Annotator');
	const one = await openArticle(browser, newsroom, ann, articleId);
	const other = await one.context().newPage();
	await other.goto(`${newsroom.origin}/articles`);
	await other.getByRole('button', { name: 'Ann Annotator' }).click();
	await other.getByRole('menuitem', { name: 'Sign out' }).click();
	await other.waitForURL('**/sign-in*');
	const told = one.getByRole('region', { name: 'Connection' });
	await expect(told).toContainText('You are signed out', { timeout: 1000 });
	// what she does before she has seen it is kept
	await comment(one, [0, 4], [0, 10], 'Done after the end.');
	await expect(saveState(one)).not.toHaveAttribute('data-state', 'saved');
	await told.getByRole('link', { name: 'Sign in' }).click();
	await one.getByLabel('E-mail').fill(ann.email);
	await one.getByLabel('Password').fill(ann.password);
	await one.getByRole('button', { name: 'Sign in' }).click();
	await one.waitForURL(`**/articles/${articleId}`);
	await expect(card(one, 'Done after the end.')).toBeVisible();
	await settled(one);
	expect(await storedWords(newsroom.owner, articleId)).toEqual(['Done after the end.']);
	expect(one.errors).toEqual([]);
	await one.context().close();
});

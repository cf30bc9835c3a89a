/** Whatever comes over an article while somebody writes in it: the page says so, keeps their words, and says what to do. */
import { expect, type Browser, type Page, type WebSocketRoute } from '@playwright/test';
import { afterAll, beforeAll, test } from 'vitest';
import { newPerson, openBrowser } from '../support/browser.ts';
import {
	articleText,
	card,
	cards,
	comment,
	commentByApi,
	open,
	openArticle,
	paragraph,
	saveState,
	select,
	settled,
	storedWords
} from '../support/desk.ts';
import { startNewsroom, type Newsroom } from '../support/newsroom.ts';

type Person = Awaited<ReturnType<Newsroom['person']>>;
let newsroom: Newsroom;
let browser: Browser;
let person: Person;
beforeAll(async () => {
	[newsroom, browser] = await Promise.all([startNewsroom(), openBrowser()]);
	person = await newsroom.person('annotator', 'Ann Annotator');
});
afterAll(async () => {
	await browser?.close();
	await newsroom?.[Symbol.asyncDispose]();
});

const kept = (page: Page) => page.getByRole('region', { name: 'What you were writing' });
const field = (page: Page) => page.getByRole('textbox', { name: 'Your reply' });

const written = (page: Page) =>
	field(page).evaluate((one) => (one instanceof HTMLTextAreaElement ? one.value : one.textContent));

/** Begins a reply and leaves it unsent. */
async function beginReply(page: Page, words: string): Promise<void> {
	await open(page, 'This Friday?');
	await card(page, 'This Friday?').getByRole('button', { name: 'Reply' }).click();
	await field(page).pressSequentially(words);
}
async function discussed(): Promise<string> {
	const articleId = await newsroom.article();
	await commentByApi(newsroom.owner, articleId, 'until Friday', 'This Friday?');
	return articleId;
}
const leave = async (page: Page & { errors: string[] }) => {
	expect(page.errors).toEqual([]);
	await page.context().close();
};

test('an article is finished while somebody writes: the words are shown, outlive a reload, and are taken up when it is open again', async () => {
	const articleId = await discussed();
	const ann = await openArticle(browser, newsroom, person, articleId);
	await beginReply(ann, 'Half an ans');
	// far down: what the page says above is out of sight
	await ann.setViewportSize({ width: 1280, height: 400 });
	await ann.mouse.wheel(0, 5000);
	await newsroom.owner.call('POST', `/articles/${articleId}/finish`, { override: 'It is time.' });
	await expect(ann.getByText('The article is finished: open to read, closed to changes.')).toBeVisible();
	await expect(saveState(ann)).toHaveText('Finished');
	await expect(kept(ann)).toContainText('Half an ans');
	await ann.getByRole('button', { name: 'Show' }).click();
	await expect(kept(ann)).toBeFocused();
	await ann.setViewportSize({ width: 1280, height: 900 });
	await ann.reload();
	await expect(kept(ann)).toContainText('Half an ans');
	await newsroom.owner.call('POST', `/articles/${articleId}/reopen`);
	await expect(kept(ann)).toHaveCount(0);
	await open(ann, 'This Friday?');
	await card(ann, 'This Friday?').getByRole('button', { name: 'Reply' }).click();
	await expect.poll(() => written(ann)).toBe('Half an ans');
	await leave(ann);
});

test('words half written outlive their tab, in one tab at a time; signing out asks, and forgets them', async () => {
	const articleId = await discussed();
	const ann = await openArticle(browser, newsroom, person, articleId);
	const context = ann.context();
	const comment = (page: Page) => page.getByRole('textbox', { name: 'Your comment' });
	await select(ann, [0, 4], [0, 10]);
	await ann.keyboard.press('a');
	await comment(ann).pressSequentially('Which of th');

	// another tab leaves it alone, as long as this one is open
	const second = await context.newPage();
	await second.goto(ann.url());
	await settled(second);
	await expect(cards(second)).toHaveCount(1);
	await expect(comment(second)).toHaveCount(0);
	await second.close();
	await expect(comment(ann)).toHaveText('Which of th');

	await ann.close();
	const third = await context.newPage();
	await third.goto(`${newsroom.origin}/articles/${articleId}`);
	await expect(comment(third)).toHaveText('Which of th');
	await comment(third).press('Control+End');
	await comment(third).pressSequentially('e two?');
	await comment(third).press('Control+Enter');
	await expect(card(third, 'Which of the two?')).toBeVisible();

	// sent: nothing is left of it
	await settled(third);
	await third.reload();
	await settled(third);
	await expect(comment(third)).toHaveCount(0);
	const drafts = () =>
		third.evaluate(() =>
			[...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter((key) => /draft/.test(key))
		);
	expect(await drafts()).toEqual([]);

	await beginReply(third, 'Not for the next');
	expect((await drafts()).length).toBeGreaterThan(1);
	await third.getByRole('button', { name: 'Ann Annotator' }).first().click();
	await third.getByRole('menuitem', { name: 'Sign out' }).click();
	await expect(third.getByRole('dialog', { name: 'Sign out?' })).toContainText('Reply Not for the next');
	await third.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
	await third.waitForURL(/sign-in/);
	expect(await drafts()).toEqual([]);
	await context.close();
});

test('a server that restarts is waited for, with what is being written in its field', async () => {
	const articleId = await discussed();
	const ann = await openArticle(browser, newsroom, person, articleId);
	await beginReply(ann, 'Before and af');
	await newsroom.process.stop('SIGKILL');
	await expect(saveState(ann)).toHaveText('Reconnecting…');
	await expect(saveState(ann)).toHaveText('Offline – your work is kept');
	await newsroom.restart();
	await settled(ann);
	expect(await written(ann)).toBe('Before and af');
	await expect(field(ann)).toBeFocused();
	await field(ann).pressSequentially('ter.');
	await field(ann).press('Control+Enter');
	await expect(card(ann, 'This Friday?')).toContainText('Before and after.');
	await settled(ann);
	await leave(ann);
});

test('a server that cannot save says so, again and again, and the page says it once', async () => {
	const articleId = await discussed();
	const ann = await newPerson(browser);
	let away = false;
	let turnedAway = 0;
	const sockets: WebSocketRoute[] = [];
	await ann.routeWebSocket('**/sync/**', (socket) => {
		if (away) {
			turnedAway++;
			return void socket.close({ code: 1013, reason: 'cannot open now' });
		}
		socket.connectToServer();
		sockets.push(socket);
	});
	await ann.goto(`${newsroom.origin}/sign-in?next=/articles/${articleId}`);
	await ann.getByLabel('E-mail').fill(person.email);
	await ann.getByLabel('Password').fill(person.password);
	await ann.getByRole('button', { name: 'Sign in' }).click();
	await settled(ann);
	away = true;
	for (const socket of sockets) await socket.close({ code: 1013, reason: 'not saved' });
	await expect(saveState(ann)).toHaveText('Not saved yet – your work is kept');
	const said: string[] = [];
	await ann.exposeFunction('says', (words: string) => said.push(words));
	await saveState(ann).evaluate((state) =>
		new MutationObserver(() =>
			(globalThis as unknown as { says(words: string): void }).says(state.textContent)
		).observe(state, { subtree: true, childList: true, characterData: true })
	);
	await comment(ann, [1, 4], [1, 8], 'Written meanwhile.');
	const before = turnedAway;
	await expect.poll(() => turnedAway).toBeGreaterThan(before + 1);
	expect(said).toEqual([]);
	away = false;
	await settled(ann);
	expect(await storedWords(newsroom.owner, articleId)).toContain('Written meanwhile.');
	await leave(ann);
});

test('a browser that has no room to keep anything does not say that it is kept, and asks before it is closed', async () => {
	const articleId = await discussed();
	const ann = await openArticle(browser, newsroom, person, articleId);
	await ann.evaluate(() => {
		Storage.prototype.setItem = () => {
			throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
		};
	});
	await ann.context().setOffline(true);
	await comment(ann, [1, 4], [1, 8], 'Nowhere to put it.');
	await expect(saveState(ann)).toHaveText('Offline – keep this page open');
	const asked = ann.waitForEvent('dialog');
	await ann.close({ runBeforeUnload: true });
	expect((await asked).type()).toBe('beforeunload');
	await (await asked).dismiss();
	await ann.context().setOffline(false);
	await settled(ann);
	expect(await storedWords(newsroom.owner, articleId)).toContain('Nowhere to put it.');

	// words that are only in their field, too
	await beginReply(ann, 'Half');
	const again = ann.waitForEvent('dialog');
	await ann.close({ runBeforeUnload: true });
	await (await again).accept();
	await ann.context().close();
});

test('somebody becomes a viewer while they write: they are told, the page follows, and their words are shown', async () => {
	const articleId = await discussed();
	const vic = await newsroom.person('annotator', 'Vic Viewer');
	const role = (role: string) =>
		newsroom.owner.call('PATCH', `/people/${vic.principal.replace('user:', '')}`, { role });
	const page = await openArticle(browser, newsroom, vic, articleId);
	await beginReply(page, 'Half an ans');
	await role('viewer');
	await expect(
		page.getByText('You are a viewer now. You can read this article, not write in it.')
	).toBeVisible();
	await expect(kept(page)).toContainText('Half an ans');
	await expect(card(page, 'This Friday?').getByRole('button', { name: 'Reply' })).toHaveCount(0);
	expect(await page.evaluate(() => document.activeElement!.id)).toBe('main');
	await settled(page);
	await role('annotator');
	await expect(kept(page)).toHaveCount(0);
	await open(page, 'This Friday?');
	await card(page, 'This Friday?').getByRole('button', { name: 'Reply' }).click();
	await expect.poll(() => written(page)).toBe('Half an ans');

	// also with the caret in the text
	await articleText(page).focus();
	await role('viewer');
	await expect(page.getByRole('main')).toBeFocused();
	await settled(page);
	await leave(page);
});

test('[G3] on a machine whose clock is an hour ahead, one works like everybody', async () => {
	const articleId = await discussed();
	const ann = await openArticle(browser, newsroom, person, articleId);
	await ann.addInitScript(() => {
		const now = Date.now.bind(Date);
		const Real = Date;
		globalThis.Date = class extends Real {
			constructor(...given: [] | [number]) {
				super(given.length === 0 ? now() + 3_600_000 : given[0]);
			}
			static override now = () => now() + 3_600_000;
		} as DateConstructor;
	});
	await ann.reload();
	await settled(ann);
	await comment(ann, [1, 4], [1, 8], 'Before its time?');
	await settled(ann);
	expect(await storedWords(newsroom.owner, articleId)).toContain('Before its time?');
	await leave(ann);
});

test('a link is revoked while its guest writes: they are told, and keep their words after a reload too', async () => {
	const articleId = await discussed();
	const { body } = await newsroom.owner.call<{ id: string; url: string }>(
		'POST',
		`/articles/${articleId}/links`,
		{ access: 'comment' }
	);
	const gil = await newPerson(browser);
	await gil.goto(body.url);
	await gil.getByLabel('Your name').fill('Gil Guest');
	await gil.getByRole('button', { name: 'Open the article' }).click();
	await settled(gil);
	await beginReply(gil, 'I was asked in spring.');
	await newsroom.owner.call('DELETE', `/links/${body.id}`);
	await expect(gil.getByRole('region', { name: 'Connection' })).toContainText('does not open the article');
	await expect(kept(gil)).toContainText('I was asked in spring.');
	// said once, where it is seen
	await expect(gil.locator('[data-sonner-toast]')).toHaveCount(0);
	// the state in sight leads to what has happened
	await expect(saveState(gil)).toHaveText('Closed');
	await saveState(gil).getByRole('link').click();
	await expect(gil.getByRole('region', { name: 'Connection' })).toBeInViewport();
	await gil.reload();
	await expect(kept(gil)).toContainText('I was asked in spring.');
	await kept(gil).getByRole('button', { name: 'Dismiss' }).click();
	await expect(kept(gil)).toHaveCount(0);
	await gil.reload();
	await expect(gil.getByRole('heading', { level: 1 })).toBeVisible();
	await expect(kept(gil)).toHaveCount(0);
	await leave(gil);
});

test('a text that does not come is waited for in its place, and comes by itself', async () => {
	const articleId = await discussed();
	const ann = await openArticle(browser, newsroom, person, articleId);
	await ann.getByRole('link', { name: 'Articles' }).click();
	let away = true;
	for (const path of ['**/articles/*/text', '**/api/v1/sync/**'])
		await ann.route(path, (route) => (away ? route.abort() : route.continue()));
	await ann.routeWebSocket('**/sync/**', (socket) => {
		if (away) void socket.close({ code: 1012 });
		else socket.connectToServer();
	});
	await ann.evaluate(() =>
		indexedDB.databases().then((all) => all.forEach(({ name }) => indexedDB.deleteDatabase(name!)))
	);
	await ann
		.getByRole('link', { name: /Bridge stays closed/ })
		.first()
		.click();
	await expect(ann.getByText('The article cannot be loaded just now.')).toBeVisible();
	await expect(ann.getByRole('heading', { level: 1 })).toHaveText('Bridge stays closed');
	away = false;
	await expect(paragraph(ann, 0)).toContainText('The bridge over the Ilm', { timeout: 15_000 });
	await settled(ann);
	await leave(ann);
});

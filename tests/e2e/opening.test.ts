/** Opening an article again: what is stored comes compressed or from this browser, and the socket brings the rest. */
import { expect, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { afterAll, beforeAll, test } from 'vitest';
import { layerRoom, SHARED } from '../../src/lib/domain/room.ts';
import { annotationBy, put, replyBy } from '../support/annotations.ts';
import { openBrowser } from '../support/browser.ts';
import { card, cards, comment, openArticle, saveState, settled, storedWords } from '../support/desk.ts';
import { startNewsroom, type Newsroom } from '../support/newsroom.ts';
import { takeSnapshot } from '../support/snapshot.ts';
import { join, watchSaved } from '../support/sockets.ts';

type Person = Awaited<ReturnType<Newsroom['person']>>;
type Tab = Page & { errors: string[] };
let newsroom: Newsroom;
let browser: Browser;
let ann: Person;
beforeAll(async () => {
	[newsroom, browser] = await Promise.all([startNewsroom(), openBrowser()]);
	ann = await newsroom.person('annotator', 'Ann Annotator');
});
afterAll(async () => {
	await browser?.close();
	await newsroom?.[Symbol.asyncDispose]();
});

const close = async (page: Tab) => {
	expect(page.errors).toEqual([]);
	await page.context().close();
};

const REPLIES = 150;
/** An article whose layer holds one long thread, and a snapshot of all of them; the snapshot's bytes before compression. */
async function largeArticle(): Promise<{ articleId: string; room: string; bytes: number }> {
	const articleId = await newsroom.article();
	const room = layerRoom(articleId, SHARED);
	using writer = join(newsroom, newsroom.owner, room);
	await writer.synced;
	const saved = watchSaved(writer.provider);
	const { principal } = newsroom.owner;
	writer.doc.transact(() => {
		const root = put(writer.doc, annotationBy(principal, { body: 'A long story.' }));
		for (let i = 0; i < REPLIES; i++)
			put(writer.doc, replyBy(principal, root, { body: `Reply ${i}. ${'All of it. '.repeat(40)}` }));
	});
	await saved.next(2);
	return { articleId, room, bytes: (await takeSnapshot(newsroom, room)).bytes };
}

/** What the page asks of snapshots, and what its sockets receive, from now on. */
function watch(page: Page) {
	const seen = { snapshots: [] as { room: string; status: number; known: string | undefined }[], bytes: 0 };
	page.on('response', (response) => {
		const [, room] = new URL(response.url()).pathname.split('/api/v1/sync/');
		const known = response.request().headers()['if-none-match'];
		if (room) seen.snapshots.push({ room, status: response.status(), known });
	});
	page.on('websocket', (socket) =>
		socket.on('framereceived', ({ payload }) => (seen.bytes += Buffer.byteLength(payload)))
	);
	return seen;
}

/** What the browser keeps: the keys of rooms, and their bytes as letters. */
const kept = (page: Page): Promise<{ keys: string[]; letters: string }> =>
	page.evaluate(async () => {
		const done = <T>(request: IDBRequest<T>) =>
			new Promise<T>((resolve, reject) => {
				request.onsuccess = () => resolve(request.result);
				request.onerror = () => reject(request.error);
			});
		const database = await done(indexedDB.open('galley'));
		if (!database.objectStoreNames.contains('rooms')) return { keys: [], letters: '' };
		const stores = database.transaction(['rooms', 'states']);
		const [keys, states] = await Promise.all([
			done(stores.objectStore('rooms').getAllKeys()),
			done(stores.objectStore('states').getAll())
		]);
		database.close();
		const letters = states.map((state: Uint8Array) => new TextDecoder().decode(state)).join('');
		return { keys: keys.map(String), letters };
	});
const letters = async (page: Page) => (await kept(page)).letters;
const keys = async (page: Page) => (await kept(page)).keys.sort();

/** The page is put away, which is when all that is stored is kept at once. */
const putAway = (page: Page) =>
	page.evaluate(() => {
		Object.defineProperty(document, 'hidden', { value: true, configurable: true });
		document.dispatchEvent(new Event('visibilitychange'));
	});

test('a large room comes as a snapshot, the second time from the browser; the socket brings what is newer', async () => {
	const { articleId, room, bytes } = await largeArticle();
	expect(bytes).toBeGreaterThan(50_000);
	const page = await openArticle(browser, newsroom, ann, await newsroom.article());
	const first = watch(page);
	await page.goto(`${newsroom.origin}/articles/${articleId}`);
	await settled(page);
	await expect(card(page, 'A long story.')).toBeVisible();
	expect(first.snapshots.find((one) => one.room === room)).toEqual({ room, status: 200, known: undefined });
	expect(first.bytes).toBeLessThan(bytes / 5);
	await expect.poll(() => letters(page)).toContain(`Reply ${REPLIES - 1}.`);

	// what others do while the page is away
	const editor = await openArticle(browser, newsroom, await newsroom.person('editor'), articleId);
	await comment(editor, [2, 0], [2, 9], 'Since you were here.');
	await settled(editor);
	const second = watch(page);
	await page.reload();
	await settled(page);
	await expect(card(page, 'A long story.')).toBeVisible();
	await expect(card(page, 'Since you were here.')).toBeVisible();
	const { status, known } = second.snapshots.find((one) => one.room === room)!;
	expect([status, known]).toEqual([304, expect.stringMatching(/^"\d+"$/)]);
	expect(second.bytes).toBeLessThan(bytes / 5);
	await expect.poll(() => letters(page)).toContain('Since you were here.');

	await takeSnapshot(newsroom, room);
	const third = watch(page);
	await page.reload();
	await settled(page);
	await expect(card(page, 'Since you were here.')).toBeVisible();
	expect(third.snapshots.find((one) => one.room === room)).toMatchObject({ status: 200, known });
	await close(editor);
	await close(page);
});

test('a snapshot that cannot be had is no hindrance', async () => {
	const { articleId } = await largeArticle();
	const page = await openArticle(browser, newsroom, ann, await newsroom.article());
	await page.route('**/api/v1/sync/**', (route) => route.abort());
	await page.goto(`${newsroom.origin}/articles/${articleId}`);
	await settled(page);
	await expect(card(page, 'A long story.')).toBeVisible();
	await close(page);
});

test('a browser that keeps nothing opens articles all the same', async () => {
	const { articleId } = await largeArticle();
	const page = await openArticle(browser, newsroom, ann, await newsroom.article());
	await page.addInitScript(() => Object.defineProperty(window, 'indexedDB', { value: undefined }));
	for (let i = 0; i < 2; i++) {
		await page.goto(`${newsroom.origin}/articles/${articleId}`);
		await settled(page);
		await expect(card(page, 'A long story.')).toBeVisible();
	}
	await close(page);
});

test('[S8] [G13] only what is stored is kept: what was refused does not come back', async () => {
	const articleId = await newsroom.article();
	const former = await newsroom.person('annotator', 'Fred Former');
	const fred = await openArticle(browser, newsroom, former, articleId);
	await comment(fred, [0, 4], [0, 10], 'Stored before.');
	await settled(fred);
	await expect.poll(() => letters(fred)).toContain('Stored before.');
	await fred.context().setOffline(true);
	await expect(saveState(fred)).toHaveAttribute('data-state', 'offline');
	await comment(fred, [1, 0], [1, 8], 'Refused in the end.');
	await putAway(fred);
	expect(await letters(fred)).toContain('Stored before.');
	expect(await letters(fred)).not.toContain('Refused in the end.');

	await newsroom.db.user.update({ where: { email: former.email }, data: { role: 'viewer' } });
	await fred.context().setOffline(false);
	const notSaved = fred.getByRole('region', { name: 'Not saved' });
	await expect(notSaved).toContainText('Refused in the end.');
	await fred.reload();
	await expect(notSaved).toContainText('Refused in the end.');
	await expect(cards(fred)).toHaveCount(1);
	await expect(card(fred, 'Stored before.')).toBeVisible();
	await expect.poll(() => letters(fred)).toContain('Stored before.');
	expect(await letters(fred)).not.toContain('Refused in the end.');
	expect(await storedWords(newsroom.owner, articleId)).toEqual(['Stored before.']);
	await close(fred);
});

test('what is written without a network is kept once it is stored', async () => {
	const articleId = await newsroom.article();
	const page = await openArticle(browser, newsroom, ann, articleId);
	await page.context().setOffline(true);
	await expect(saveState(page)).toHaveAttribute('data-state', 'offline');
	await comment(page, [0, 4], [0, 10], 'On the train.');
	await page.context().setOffline(false);
	await settled(page);
	await putAway(page);
	await expect.poll(() => letters(page)).toContain('On the train.');
	await close(page);
});

test('two tabs of one person keep one copy, and each opens from it', async () => {
	const { articleId, room } = await largeArticle();
	const one = await openArticle(browser, newsroom, ann, articleId);
	const other = await one.context().newPage();
	await other.goto(`${newsroom.origin}/articles/${articleId}`);
	await settled(other);
	await comment(one, [0, 4], [0, 10], 'From the one.');
	await expect(card(other, 'From the one.')).toBeVisible();
	await comment(other, [2, 0], [2, 9], 'From the other.');
	await expect(card(one, 'From the other.')).toBeVisible();
	for (const page of [one, other]) {
		await settled(page);
		await putAway(page);
	}
	for (const words of ['From the one.', 'From the other.'])
		await expect.poll(() => letters(one)).toContain(words);
	expect((await keys(one)).filter((key) => key.endsWith(room))).toHaveLength(1);
	for (const page of [one, other]) {
		const seen = watch(page);
		await page.reload();
		await settled(page);
		for (const words of ['A long story.', 'From the one.', 'From the other.'])
			await expect(card(page, words)).toBeVisible();
		expect(seen.snapshots.find((asked) => asked.room === room)!.status).toBe(304);
	}
	await close(one);
});

test('[S8] people who share a browser do not share what it keeps; who signs out leaves nothing behind', async () => {
	const { articleId, room } = await largeArticle();
	const bob = await newsroom.person('annotator', 'Bob Both');
	const page = await openArticle(browser, newsroom, ann, articleId);
	await expect.poll(() => letters(page)).toContain('A long story.');
	const context: BrowserContext = page.context();

	// Ann's session is gone, and what her browser keeps is not: Bob gets none of it
	await context.clearCookies();
	await page.goto(`${newsroom.origin}/sign-in`);
	await signInAs(page, bob);
	const seen = watch(page);
	await page.goto(`${newsroom.origin}/articles/${articleId}`);
	await settled(page);
	expect(seen.snapshots.find((one) => one.room === room)).toEqual({ room, status: 200, known: undefined });
	await expect
		.poll(() => keys(page))
		.toEqual(
			[ann, bob].flatMap(({ principal }) => [`${principal} ${articleId}/text`, `${principal} ${room}`]).sort()
		);

	await page.goto(`${newsroom.origin}/articles`);
	await page.getByRole('button', { name: 'Bob Both' }).click();
	await page.getByRole('menuitem', { name: 'Sign out' }).click();
	await page.waitForURL('**/sign-in*');
	expect((await keys(page)).filter((key) => key.startsWith(bob.principal))).toEqual([]);

	await signInAs(page, ann);
	const again = watch(page);
	await page.goto(`${newsroom.origin}/articles/${articleId}`);
	await settled(page);
	expect(again.snapshots.find((one) => one.room === room)!.status).toBe(304);
	// signed out in another tab, while the article is open
	const other = await context.newPage();
	await other.goto(`${newsroom.origin}/articles`);
	await other.getByRole('button', { name: 'Ann Annotator' }).click();
	await other.getByRole('menuitem', { name: 'Sign out' }).click();
	await other.waitForURL('**/sign-in*');
	await expect(page.getByRole('region', { name: 'Connection' })).toContainText('You are signed out');
	await putAway(page);
	await expect.poll(() => kept(page)).toEqual({ keys: [], letters: '' });
	await close(page);
});

test('[G14] nothing is kept for a guest whose link has ended', async () => {
	const { articleId } = await largeArticle();
	const { body } = await newsroom.owner.call<{ id: string; url: string }>(
		'POST',
		`/articles/${articleId}/links`,
		{ access: 'annotate' }
	);
	const page = await openArticle(browser, newsroom, ann, await newsroom.article());
	await page.goto(body.url);
	await page.getByLabel('Your name').fill('Gil Guest');
	await page.getByRole('button', { name: 'Open the article' }).click();
	await settled(page);
	const ofGuest = async () => (await keys(page)).filter((key) => key.startsWith('guest:'));
	await expect.poll(ofGuest).toHaveLength(2);
	await newsroom.owner.call('DELETE', `/links/${body.id}`);
	await expect(page.getByRole('region', { name: 'Connection' })).toBeVisible();
	await expect.poll(ofGuest).toEqual([]);
	expect(await letters(page)).not.toContain('A long story.');
	await close(page);
});

async function signInAs(page: Page, { email, password }: Person): Promise<void> {
	await page.getByLabel('E-mail').fill(email);
	await page.getByLabel('Password').fill(password);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.waitForURL('**/articles');
}

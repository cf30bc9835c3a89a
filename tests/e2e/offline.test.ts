/** Work goes on without a network or a server, and the page says of it only what is true. */
import { expect, type Browser, type Page } from '@playwright/test';
import { afterAll, beforeAll, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import {
	card,
	cards,
	comment,
	highlight,
	marks,
	open,
	openArticle,
	reply,
	saveState,
	settled,
	storedWords
} from '../support/desk.ts';
import { startNewsroom, type Newsroom } from '../support/newsroom.ts';

const KEPT = 'Offline – your work is kept';

type Person = Awaited<ReturnType<Newsroom['person']>>;
let newsroom: Newsroom;
let browser: Browser;
let people: Record<'edith' | 'ann' | 'otto', Person>;
beforeAll(async () => {
	[newsroom, browser] = await Promise.all([startNewsroom(), openBrowser()]);
	people = {
		edith: await newsroom.person('editor', 'Edith Editor'),
		ann: await newsroom.person('annotator', 'Ann Annotator'),
		otto: await newsroom.person('annotator', 'Otto Offline')
	};
});
afterAll(async () => {
	await browser?.close();
	await newsroom?.[Symbol.asyncDispose]();
});

const close = async (...pages: (Page & { errors: string[] })[]) => {
	for (const page of pages) {
		expect(page.errors).toEqual([]);
		await page.context().close();
	}
};

/** What is in the database at this moment, of the words in the layer of the article. */
const inDatabase = async (articleId: string): Promise<unknown[]> => {
	const changes = await newsroom.db.roomChange.findMany({ where: { room: `${articleId}/layers/shared` } });
	return changes.map(({ after }) =>
		after && typeof after === 'object' && 'body' in after ? after.body : after
	);
};

test('a third person who was offline keeps what they did, and gets what the others did', async () => {
	const articleId = await newsroom.article();
	const [edith, ann, otto] = await Promise.all([
		openArticle(browser, newsroom, people.edith, articleId),
		openArticle(browser, newsroom, people.ann, articleId),
		openArticle(browser, newsroom, people.otto, articleId)
	]);
	await comment(edith, [0, 4], [0, 10], 'Which bridge?');
	await expect(card(otto, 'Which bridge?')).toBeVisible();

	await otto.context().setOffline(true);
	await expect(saveState(otto)).toHaveText(KEPT);
	await comment(otto, [2, 0], [2, 9], 'Whose engineers?', 'Source');
	await reply(otto, 'Which bridge?', 'The one at the mill.');
	await highlight(otto, [1, 4], [1, 20]);
	await expect(saveState(otto)).toHaveText(KEPT);

	await reply(ann, 'Which bridge?', 'The new one, I think.');
	await comment(edith, [1, 40], [1, 48], 'Every bolt?');
	for (const page of [edith, ann]) {
		await settled(page);
		await expect(page.getByText('The one at the mill.')).toHaveCount(0);
	}
	expect(await storedWords(newsroom.owner, articleId)).not.toContain('Whose engineers?');

	await otto.context().setOffline(false);
	await settled(otto);
	expect(await storedWords(newsroom.owner, articleId)).toEqual(
		expect.arrayContaining([
			'Whose engineers?',
			'The one at the mill.',
			'The new one, I think.',
			'Every bolt?'
		])
	);
	for (const page of [edith, ann, otto]) {
		await expect(cards(page)).toHaveCount(4);
		await expect(card(page, 'Which bridge?')).toContainText('The one at the mill.');
		await expect(card(page, 'Which bridge?')).toContainText('The new one, I think.');
		await expect(card(page, 'Whose engineers?')).toContainText('Otto Offline');
		await expect(marks(page).filter({ hasText: 'Engineers' })).toBeVisible();
	}
	await expect(edith.getByRole('button', { name: /Otto Offline is here/ })).toBeVisible();
	await close(edith, ann, otto);
});

test('[S3] the server is killed: people work on, and all of it is stored when it is back', async () => {
	const articleId = await newsroom.article();
	const [edith, ann] = await Promise.all([
		openArticle(browser, newsroom, people.edith, articleId),
		openArticle(browser, newsroom, people.ann, articleId)
	]);
	await comment(edith, [0, 4], [0, 10], 'Before the fall.');
	await settled(edith);
	await newsroom.process.stop('SIGKILL');
	for (const page of [edith, ann]) await expect(saveState(page)).toHaveText(KEPT);
	await comment(edith, [0, 11], [0, 23], 'While it was down.');
	await reply(ann, 'Before the fall.', 'An answer meanwhile.');
	await newsroom.restart();
	for (const page of [edith, ann]) await settled(page);
	expect((await storedWords(newsroom.owner, articleId)).toSorted()).toEqual([
		'An answer meanwhile.',
		'Before the fall.',
		'While it was down.'
	]);
	for (const page of [edith, ann]) {
		await expect(card(page, 'Before the fall.')).toContainText('An answer meanwhile.');
		await expect(card(page, 'While it was down.')).toBeVisible();
	}
	await close(edith, ann);
});

test('[S1] [S2] “Saved” is said of what is stored, and of nothing else; nobody sees it sooner', async () => {
	const articleId = await newsroom.article();
	const [edith, ann] = await Promise.all([
		openArticle(browser, newsroom, people.edith, articleId),
		openArticle(browser, newsroom, people.ann, articleId)
	]);
	for (let i = 0; i < 5; i++) {
		await comment(edith, [0, 4 + i], [0, 10 + i], `Note ${i}.`);
		await settled(edith);
		expect(await inDatabase(articleId)).toContain(`Note ${i}.`);
	}
	// the log is held still: what is done meanwhile is not stored
	await newsroom.db.$transaction(
		async (held) => {
			await held.$executeRaw`LOCK TABLE "RoomUpdate" IN EXCLUSIVE MODE`;
			await comment(edith, [2, 0], [2, 9], 'Not stored yet.');
			await expect(saveState(edith)).toHaveText('Saving…');
			await comment(ann, [1, 4], [1, 8], 'Nor is this.');
			// a while in which the words cross the network, if they cross it at all
			for (let i = 0; i < 20; i++) {
				await edith.request.get(`${newsroom.origin}/healthz`);
				await expect(saveState(edith)).toHaveText('Saving…', { timeout: 1 });
				expect(await card(ann, 'Not stored yet.').count()).toBe(0);
			}
			expect(await inDatabase(articleId)).not.toContain('Not stored yet.');
		},
		{ timeout: 30_000 }
	);
	await settled(edith);
	expect(await inDatabase(articleId)).toContain('Not stored yet.');
	await expect(card(ann, 'Not stored yet.')).toBeVisible();
	await expect(card(edith, 'Nor is this.')).toBeVisible();
	await close(edith, ann);
});

test('a page that is closed with unsaved work brings it when it is opened again', async () => {
	const articleId = await newsroom.article();
	const otto = await openArticle(browser, newsroom, people.otto, articleId);
	await comment(otto, [0, 4], [0, 10], 'Stored at once.');
	await settled(otto);
	await otto.context().setOffline(true);
	await expect(saveState(otto)).toHaveText(KEPT);
	await comment(otto, [1, 0], [1, 8], 'Written on the train.');
	await reply(otto, 'Stored at once.', 'Answered on the train.');
	await otto.close();
	expect(await storedWords(newsroom.owner, articleId)).toEqual(['Stored at once.']);

	await otto.context().setOffline(false);
	const again = await otto.context().newPage();
	await again.goto(`${newsroom.origin}/articles/${articleId}`);
	await expect(card(again, 'Written on the train.')).toBeVisible();
	await expect(card(again, 'Stored at once.')).toContainText('Answered on the train.');
	await settled(again);
	expect((await storedWords(newsroom.owner, articleId)).toSorted()).toEqual([
		'Answered on the train.',
		'Stored at once.',
		'Written on the train.'
	]);
	await close(otto);
});

test('a comment that is being written outlives the page', async () => {
	const articleId = await newsroom.article();
	const ann = await openArticle(browser, newsroom, people.ann, articleId);
	await comment(ann, [0, 4], [0, 10], 'A thread.');
	await card(ann, 'A thread.').getByRole('button', { name: 'Reply' }).click();
	await ann.getByRole('textbox', { name: 'Your reply' }).fill('Half a rep');
	await ann.reload();
	await settled(ann);
	await open(ann, 'A thread.');
	await card(ann, 'A thread.').getByRole('button', { name: 'Reply' }).click();
	await expect(ann.getByRole('textbox', { name: 'Your reply' })).toHaveText('Half a rep');
	await close(ann);
});

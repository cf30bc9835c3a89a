/** The article page on a phone: a narrow screen, a finger, a keyboard that comes from below. */
import { expect, type Browser, type Page } from '@playwright/test';
import { afterAll, beforeAll, inject, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import {
	articleText,
	chooseLabel,
	commentByApi,
	marks,
	openArticle,
	paragraph,
	saveState,
	settled,
	signIn
} from '../support/desk.ts';
import { PASSWORD, startNewsroom, type Newsroom } from '../support/newsroom.ts';

let newsroom: Newsroom;
let browser: Browser;
const OLGA = { email: 'olga@example.org', password: PASSWORD };
const FINGER = { hasTouch: true, isMobile: true, reducedMotion: 'reduce' } as const;
const PHONE = { viewport: { width: 390, height: 844 }, ...FINGER };
const LONG_WORD = 'Unverantwortlichkeitsbehauptungsüberprüfungsanfragezentrale';

const sheet = (page: Page) => page.getByRole('region', { name: 'Comment', exact: true });

beforeAll(async () => {
	newsroom = await startNewsroom();
	browser = await openBrowser(inject('chromium'));
});
afterAll(async () => {
	await browser?.close();
	await newsroom?.[Symbol.asyncDispose]();
});

/** As the on-screen keyboard does: it covers the page from below, and the page's own height stays. */
const showKeyboard = (page: Page, px: number) =>
	page.evaluate((px) => {
		const seen = innerHeight - px;
		Object.defineProperty(visualViewport, 'height', { configurable: true, get: () => seen });
		visualViewport!.dispatchEvent(new Event('resize'));
	}, px);

test('long words break: nothing stands beside the screen, in the headline or in a label', async () => {
	const { headers, body } = await newsroom.owner.call<{ items: object[] }>('GET', '/labels');
	const label = { name: LONG_WORD, color: 'rose', key: null, description: null };
	const items = [...body.items, label];
	const { status } = await newsroom.owner.call(
		'PUT',
		'/labels',
		{ items },
		{ 'if-match': headers.get('etag')! }
	);
	expect(status).toBe(200);
	const articleId = await newsroom.article(undefined, `${LONG_WORD} schließt`);
	await commentByApi(newsroom.owner, articleId, 'until Friday', 'This Friday?');
	const page = await openArticle(browser, newsroom, OLGA, articleId, {
		viewport: { width: 320, height: 568 },
		...FINGER
	});
	const width = () => page.evaluate(() => document.documentElement.scrollWidth);
	expect(await width()).toBe(320);
	await marks(page).first().tap();
	await chooseLabel(sheet(page), LONG_WORD);
	const sign = sheet(page).getByText(LONG_WORD);
	await expect(sign).toBeVisible();
	const right = (await sign.boundingBox())!.x + (await sign.boundingBox())!.width;
	expect(right).toBeLessThan(320 - 16);
	expect(await width()).toBe(320);
	expect(page.errors).toEqual([]);
	await page.context().close();
});

test('over the keyboard one sees what one writes, the buttons under it, and the passage that it is about', async () => {
	const articleId = await newsroom.article();
	await commentByApi(newsroom.owner, articleId, 'two of the nine piers', 'Who says so? '.repeat(60));
	const page = await openArticle(browser, newsroom, OLGA, articleId, PHONE);
	await marks(page).first().tap();
	await sheet(page).getByRole('button', { name: 'Reply' }).tap();
	await expect(sheet(page).getByRole('textbox', { name: 'Your reply' })).toBeFocused();
	await showKeyboard(page, 336);
	const edges = async () => ({
		send: await bottomOf(sheet(page).getByRole('button', { name: 'Reply' })),
		passage: await bottomOf(marks(page).first()),
		sheet: (await sheet(page).boundingBox())!.y
	});
	const bottomOf = async (one: ReturnType<typeof marks>) => {
		const box = (await one.boundingBox())!;
		return box.y + box.height;
	};
	await expect.poll(async () => (await edges()).send).toBeLessThanOrEqual(844 - 336);
	const { send, passage, sheet: top } = await edges();
	expect(send).toBeGreaterThan(top);
	expect(passage).toBeLessThanOrEqual(top);
	await expect(articleText(page)).toBeVisible();
	expect(page.errors).toEqual([]);
	await page.context().close();
});

test('nothing moves when the page comes to life after its words', async () => {
	const articleId = await newsroom.article();
	await commentByApi(newsroom.owner, articleId, 'until Friday', 'This Friday?');
	const page = await signIn(browser, newsroom.origin, OLGA, '/labels', PHONE);
	const places = () =>
		Promise.all(
			[paragraph(page, 0), saveState(page)].map(async (one) => {
				const { x, y } = (await one.boundingBox())!;
				return { x, y };
			})
		);
	let live = () => {};
	const held = new Promise<void>((done) => (live = done));
	await page.route(/\.js$/, async (route) => {
		await held;
		await route.continue();
	});
	await page.goto(`${newsroom.origin}/articles/${articleId}`, { waitUntil: 'commit' });
	await expect(articleText(page)).toHaveAttribute('aria-busy', 'true');
	await page.waitForFunction(() =>
		[...document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')].every(({ sheet }) => sheet)
	);
	await page.evaluate(() => document.fonts.ready);
	const before = await places();
	live();
	await settled(page);
	await expect(marks(page).first()).toBeVisible();
	expect(await places()).toEqual(before);
	expect(page.errors).toEqual([]);
	await page.context().close();
});

test('dialogs, fields and folded words are large enough for a finger', async () => {
	const articleId = await newsroom.article();
	await commentByApi(newsroom.owner, articleId, 'until Friday', 'This Friday? '.repeat(200));
	const page = await openArticle(browser, newsroom, OLGA, articleId, PHONE);
	const small = () =>
		page
			.locator('button:visible, input:visible, textarea:visible')
			.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height).filter((px) => px < 43.9));
	await marks(page).first().tap();
	await expect(sheet(page).getByRole('button', { name: 'More' })).toBeVisible();
	expect(await small()).toEqual([]);
	await sheet(page).getByRole('button', { name: 'Resolve' }).tap();
	await expect(sheet(page).getByRole('textbox', { name: 'Why is it settled?' })).toBeVisible();
	expect(await small()).toEqual([]);
	await sheet(page).getByRole('button', { name: 'Close' }).tap();
	await page.getByRole('button', { name: 'Edit details' }).tap();
	await expect(page.getByRole('dialog').getByLabel('Title')).toBeFocused();
	expect(await small()).toEqual([]);
	expect(page.errors).toEqual([]);
	await page.context().close();
});

test('where the scripts do not come, the words are there, and a way to ask for the page again', async () => {
	const articleId = await newsroom.article();
	const page = await signIn(browser, newsroom.origin, OLGA, '/labels', PHONE);
	await page.route(/\.js$/, (route) => route.abort());
	await page.goto(`${newsroom.origin}/articles/${articleId}`);
	await expect(articleText(page)).toContainText('stays closed until Friday');
	const reload = page.getByRole('link', { name: 'Reload the page' });
	await expect(reload).toBeHidden();
	// it is offered after a while; the clock of the page goes there
	await page.evaluate(() =>
		document
			.getAnimations()
			.forEach((one) => one.effect?.getComputedTiming().endTime === Infinity || one.finish())
	);
	await expect(reload).toBeVisible();
	await page.unroute(/\.js$/);
	await reload.tap();
	await settled(page);
	await expect(reload).toBeHidden();
	await page.context().close();
});

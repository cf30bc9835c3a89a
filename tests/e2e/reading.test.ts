/** Reading and marking: the toolbar at the selection, passages over each other, the map, much of everything. */
import { expect, type Browser, type Page } from '@playwright/test';
import { afterAll, beforeAll, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import {
	articleText,
	card,
	cards,
	commentByApi,
	marks,
	openArticle,
	select,
	signIn
} from '../support/desk.ts';
import { crowd, enter, longText } from '../support/crowded.ts';
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

const line = (i: number) =>
	`Line ${i}: the bridge over the Ilm stays closed until Friday, because engineers found cracks in two piers.`;
const LINES = Array.from({ length: 40 }, (_, i) => line(i));
const toolbar = (page: Page) => page.getByRole('toolbar', { name: 'Selected words' });
const map = (page: Page) => page.getByRole('slider', { name: 'Map of the comments' });

/** The toolbar is whole on the screen and beside the selected words. */
async function expectBeside(page: Page): Promise<'above' | 'below'> {
	await expect(toolbar(page)).toBeVisible();
	const { words, bar, window } = await toolbar(page).evaluate((bar) => {
		const plain = ({ top, bottom, left, right }: DOMRect) => ({ top, bottom, left, right });
		return {
			words: plain(getSelection()!.getRangeAt(0).getBoundingClientRect()),
			bar: plain(bar.getBoundingClientRect()),
			window: { width: document.documentElement.clientWidth, height: innerHeight }
		};
	});
	expect(bar.top >= words.bottom || bar.bottom <= words.top, JSON.stringify({ words, bar })).toBe(true);
	expect(bar.left).toBeGreaterThanOrEqual(0);
	expect(bar.right).toBeLessThanOrEqual(window.width);
	expect(bar.top).toBeGreaterThanOrEqual(0);
	expect(bar.bottom).toBeLessThanOrEqual(window.height);
	return bar.top >= words.bottom ? 'below' : 'above';
}

interface Point {
	x: number;
	y: number;
}

/** Where a character of a paragraph is on the screen. */
const pointOf = (page: Page, paragraph: number, at: number): Promise<Point> =>
	articleText(page).evaluate(
		(root, { paragraph, at }) => {
			const range = document.createRange();
			const node = root.querySelectorAll('p')[paragraph]!.firstChild!;
			range.setStart(node, at);
			range.setEnd(node, at + 1);
			const { left, top, height } = range.getBoundingClientRect();
			return { x: left + 1, y: top + height / 2 };
		},
		{ paragraph, at }
	);

async function dragTo(page: Page, from: Point, to: Point): Promise<void> {
	await page.mouse.move(from.x, from.y);
	await page.mouse.down();
	await page.mouse.move(to.x, to.y, { steps: 4 });
	await page.mouse.up();
	// the editor says once more what is selected, a moment after: a click may come before that, nobody's hand
	await page.evaluate(() => new Promise((done) => setTimeout(done)));
}

/** Drags with the mouse from one character of a paragraph to another. */
const drag = async (page: Page, paragraph: number, from: number, to: number): Promise<void> =>
	dragTo(page, await pointOf(page, paragraph, from), await pointOf(page, paragraph, to));

test('the toolbar stands beside the selected words, whole on the screen, and marks with a label', async () => {
	const articleId = await newsroom.article(LINES.join('\n'), 'Bridge stays closed');
	const page = await openArticle(browser, newsroom, edith, articleId);
	await drag(page, 2, 4, 40);
	expect(await expectBeside(page)).toBe('below');
	await drag(page, 3, 60, 10);
	expect(await expectBeside(page)).toBe('above');
	await drag(page, 0, 30, 4);
	await expectBeside(page);

	// by key: the focus stays in the text, Tab leads to the tools and arrows go on
	await select(page, [4, 0], [4, 6]);
	await page.keyboard.press('Tab');
	await expect(toolbar(page).getByRole('button', { name: 'Highlight', exact: true })).toBeFocused();
	for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight');
	await expect(toolbar(page).getByRole('button', { name: 'Legal' })).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(marks(page)).toHaveText(['Line 4']);
	await expect(card(page, 'Legal')).toBeVisible();

	// a mouse that leaves the text goes on in the line that is level with it
	const chosen = () => page.evaluate(() => getSelection()!.toString());
	await page.evaluate(() => scrollTo(0, 0));
	const middle = await pointOf(page, 2, 8);
	await dragTo(page, middle, { x: middle.x + 700, y: middle.y });
	await expect
		.poll(async () => {
			const words = await chosen();
			return words.length > 30 && line(2).includes(words.trim());
		})
		.toBe(true);
	// of a selection that begins outside, what lies in the text is marked
	const headline = (await page.getByRole('heading', { level: 1 }).boundingBox())!;
	await dragTo(page, { x: headline.x + 40, y: headline.y + 15 }, await pointOf(page, 0, 6));
	await expect(toolbar(page)).toBeVisible();
	await page.keyboard.press('h');
	await expect(marks(page)).toHaveText(['Line 0', 'Line 4']);
	// no longer selected is no longer offered
	await drag(page, 3, 4, 40);
	await expect(toolbar(page)).toBeVisible();
	await page.mouse.click(30, 600);
	await expect(toolbar(page)).toBeHidden();
	// and what is drawn before the editor hears of it does not bring it back
	await drag(page, 3, 4, 40);
	await expect(toolbar(page)).toBeVisible();
	await articleText(page).evaluate((root) => {
		root.blur();
		getSelection()!.collapse(root.querySelectorAll('p')[5]!.firstChild, 3);
		root.querySelector('mark')!.dispatchEvent(new PointerEvent('pointerover', { bubbles: true }));
	});
	await expect(toolbar(page)).toBeHidden();
	expect(page.errors).toEqual([]);
	await page.context().close();

	// a phone
	const phone = await openArticle(browser, newsroom, edith, articleId, {
		viewport: { width: 390, height: 700 },
		hasTouch: true,
		isMobile: true
	});
	await select(phone, [1, 4], [1, 90]);
	await expectBeside(phone);
	await select(phone, [2, 0], [2, 3]);
	await expectBeside(phone);
	for (const tool of await toolbar(phone).getByRole('button').all())
		expect((await tool.boundingBox())!.height).toBeGreaterThanOrEqual(44);
	expect(phone.errors).toEqual([]);
	await phone.context().close();
});

test('passages over each other are all seen and reached; v hides them; the map leads to them; they are printed', async () => {
	const articleId = await newsroom.article(LINES.join('\n'), 'Bridge stays closed');
	await commentByApi(edith, articleId, 'Line 1: the bridge over the Ilm', 'The outer one.');
	await commentByApi(
		edith,
		articleId,
		'bridge over the Ilm stays closed until Friday, because engineers found cracks in two piers.\nLine 2:',
		'The other.'
	);
	await commentByApi(edith, articleId, 'Line 38: the bridge', 'Far below.');
	await commentByApi(edith, articleId, 'Line 1: the bridge over the Ilm stays closed', 'A third.');
	const page = await openArticle(browser, newsroom, edith, articleId, { reducedMotion: 'reduce' });
	const both = marks(page).filter({ hasText: /^bridge over the Ilm$/ });
	const opened = cards(page).and(page.locator('[aria-current]'));
	// each time elsewhere in it, as several clicks at one place select words
	const turns = ['The outer one.', 'A third.', 'The other.', 'The outer one.'];
	for (const [index, words] of turns.entries()) {
		await both.first().click({ position: { x: 8 + 25 * index, y: 8 } });
		await expect(opened).toContainText(`${(index % 3) + 1} of 3 here`);
		await expect(opened).toContainText(words);
	}

	// the card under the pointer lifts its passage, and the other way round
	await page.keyboard.press('Escape');
	await page.mouse.move(2, 300);
	await card(page, 'The outer one.').hover();
	await expect(marks(page).and(page.locator('.lifted')).first()).toContainText('Line 1');

	const line = () =>
		marks(page)
			.last()
			.evaluate((mark) => getComputedStyle(mark).textDecorationLine);
	await page.mouse.move(2, 300);
	await page.keyboard.press('v');
	await expect.poll(line).toBe('none');
	// with less motion nothing moves, not for the least of moments: that would begin thousands in a crowd
	const slowly = await marks(page)
		.first()
		.evaluate((mark) => getComputedStyle(mark).transitionDuration);
	expect(slowly).toBe('0s');
	await page.reload();
	await expect.poll(line).toBe('none');
	const hide = page.getByRole('button', { name: 'Hide highlights' });
	await expect(hide).toHaveAttribute('aria-pressed', 'true');
	await hide.click();
	await expect(hide).toHaveAttribute('aria-pressed', 'false');
	await expect.poll(line).toBe('underline');

	await map(page).focus();
	await page.keyboard.press('End');
	await expect(card(page, 'Far below.')).toHaveAttribute('aria-current', 'true');
	await expect(marks(page).last()).toBeInViewport();
	await expect(map(page)).toHaveAttribute('aria-valuetext', '4 of 4');

	// on paper: the words and all that was said of them, without tools
	await page.emulateMedia({ media: 'print' });
	await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
	const printed = page.getByRole('region', { name: 'Comments' });
	await expect(printed.getByRole('listitem')).toHaveCount(4);
	await expect(printed).toContainText('The outer one.');
	await expect(page.getByRole('button')).toHaveCount(0);
	await page.evaluate(() => dispatchEvent(new Event('afterprint')));
	await expect(printed).toHaveCount(0);
	expect(page.errors).toEqual([]);
	await page.context().close();
});

test('of 2,000 comments only those near the view are in the page, and one that comes redraws no other', async () => {
	const articleId = await newsroom.article(longText(), 'A crowd');
	await crowd(newsroom, newsroom.owner, articleId);
	const path = `/articles/${articleId}`;
	const page = await signIn(browser, newsroom.origin, edith, path, { reducedMotion: 'reduce' });
	// Roles would be asked of each of 13,000 marks, every time; so too in an `expect` of a locator that does not hold at
	// once, which takes a snapshot of the page for its message: half a minute in which nothing moves.
	const near = page.locator('[data-card] article[id]');
	const patiently = { timeout: 20_000 };
	await near.first().waitFor(patiently);
	const drawn = () =>
		marks(page).evaluateAll((all) => new Set(all.map((one) => (one as HTMLElement).dataset.annotation)).size);
	await expect.poll(drawn, patiently).toBe(2000);
	expect(await near.count()).toBeLessThan(80);

	// far down the text the cards are those of the words beside them
	await marks(page).filter({ hasText: /\w/ }).nth(6000).scrollIntoViewIfNeeded();
	await page.mouse.wheel(0, 300);
	await expect(async () => {
		const offsets = await page.evaluate(() => {
			const inView = (one: Element) => {
				const { top, bottom } = one.getBoundingClientRect();
				return bottom > 0 && top < innerHeight;
			};
			const marked = [...document.querySelectorAll<HTMLElement>('.ProseMirror [data-annotation]')];
			const seen = new Set(marked.filter(inView).map((one) => one.dataset.annotation));
			const shown = [...document.querySelectorAll<HTMLElement>('[data-card]')].filter(inView);
			return shown.map((one) => seen.has(one.dataset.card));
		});
		expect(offsets.length).toBeGreaterThan(3);
		expect(offsets.filter(Boolean).length).toBeGreaterThan(offsets.length / 2);
	}).toPass(patiently);

	await page.evaluate(() => scrollTo(0, 0));
	await near.filter({ hasText: 'Comment 1: who' }).waitFor(patiently);
	const known = await near.evaluateAll((all) => all.map(({ id }) => id));
	await page.evaluate(() => {
		const touched = new Set<string>();
		Object.assign(window, { touched });
		new MutationObserver((list) => {
			for (const { target } of list) {
				const of = (target instanceof Element ? target : target.parentElement)?.closest('article[id]');
				if (of) touched.add(of.id);
			}
		}).observe(document.body, { childList: true, subtree: true, attributes: true, characterData: true });
	});
	using writer = await enter(newsroom, newsroom.owner, articleId);
	writer.comment(30, 50, 9999);
	await near.filter({ hasText: 'Comment 9999' }).waitFor(patiently);
	const touched = await page.evaluate(() => [...(window as unknown as { touched: Set<string> }).touched]);
	expect(touched.filter((id) => known.includes(id))).toEqual([]);
	expect(page.errors).toEqual([]);
	await page.context().close();
});

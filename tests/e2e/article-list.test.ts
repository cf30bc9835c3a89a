/** The list of articles: what is going on in each for whoever reads it, narrowed and sorted by the address. */
import { expect, type Browser, type Page } from '@playwright/test';
import { afterAll, beforeAll, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { commentByApi, settled, signIn } from '../support/desk.ts';
import { startNewsroom, type Newsroom } from '../support/newsroom.ts';

type Person = Awaited<ReturnType<Newsroom['person']>>;
let newsroom: Newsroom;
let browser: Browser;
let people: Record<'edith' | 'ann', Person>;
beforeAll(async () => {
	[newsroom, browser] = await Promise.all([startNewsroom(), openBrowser()]);
	people = {
		edith: await newsroom.person('editor', 'Edith Editor'),
		ann: await newsroom.person('annotator', 'Ann Annotator')
	};
});
afterAll(async () => {
	await browser?.close();
	await newsroom?.[Symbol.asyncDispose]();
});

const rows = (page: Page) => page.getByRole('main').getByRole('listitem');
const row = (page: Page, title: string) => rows(page).filter({ hasText: title });
const titles = (page: Page) => rows(page).getByRole('link');
const bar = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

test('two people: each sees what is open, and what is new and asked of them; it narrows, sorts and keeps its place', async () => {
	const { edith, ann } = people;
	const bridge = await newsroom.article(undefined, 'Bridge stays closed');
	const budget = await newsroom.article(undefined, 'Budget passes');
	const choir = await newsroom.article(undefined, 'Choir sings again');
	await commentByApi(ann, bridge, 'until Friday', 'This Friday?');
	await commentByApi(ann, bridge, 'the mayor', `[@Edith Editor](${edith.principal}) which mayor?`);
	await commentByApi(edith, budget, 'cracks', 'How deep?');
	await edith.call('POST', `/articles/${choir}/finish`, {});

	const page = await signIn(browser, newsroom.origin, edith);
	await expect(titles(page)).toHaveText(['Choir sings again', 'Budget passes', 'Bridge stays closed']);
	await expect(row(page, 'Bridge')).toContainText(/2 to settle.*2 unread.*1 mentions you/s);
	await expect(row(page, 'Bridge')).toContainText('Ann Annotator wrote in it');
	await expect(row(page, 'Budget')).toContainText('1 to settle');
	await expect(row(page, 'Budget')).not.toContainText('unread');
	await expect(row(page, 'Choir')).toContainText('Finished, set 1');
	await expect(page.getByRole('link', { name: 'Bridge stays closed' })).toHaveAccessibleDescription(
		/^Open; 2 to settle, 2 unread, 1 mentions you; last activity (just now|1 minute ago)$/
	);

	await bar(page, 'Finished').click();
	await expect(titles(page)).toHaveText(['Choir sings again']);
	await bar(page, 'All').click();
	await expect(titles(page)).toHaveCount(3);
	await bar(page, 'Unread').click();
	await expect(titles(page)).toHaveText(['Bridge stays closed']);
	await expect(page).toHaveURL(/\?unread=true$/);
	await page.goBack();
	await expect(titles(page)).toHaveCount(3);
	await page.getByLabel('Sort by').selectOption('Most to settle');
	await expect(titles(page).first()).toHaveText('Bridge stays closed');

	// from the keyboard alone: search, go down, open
	await page.getByRole('main').focus();
	await page.keyboard.press('/');
	await page.keyboard.type('bUdg');
	await expect(titles(page)).toHaveText(['Budget passes']);
	await expect(page.getByRole('searchbox')).toBeFocused();
	await expect(page).toHaveURL(/text=bUdg&sort=open$/);
	await page.getByRole('searchbox').fill('zeppelin');
	await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
	await page.getByRole('button', { name: 'Show all articles' }).click();
	await expect(titles(page)).toHaveCount(3);
	await page.getByRole('main').focus();
	await page.keyboard.press('j');
	await page.keyboard.press('j');
	await expect(titles(page).nth(1)).toBeFocused();
	await page.keyboard.press('ArrowUp');
	await expect(titles(page).nth(0)).toBeFocused();

	// a mention reaches whoever is elsewhere, and leads to where it is; read, it is none any more
	await page.goto(`${newsroom.origin}/articles/${budget}`);
	await page.getByRole('link', { name: '1 article mentions you' }).click();
	await expect(titles(page)).toHaveText(['Bridge stays closed']);
	await expect(bar(page, 'Mentions me')).toHaveAttribute('aria-pressed', 'true');
	await bar(page, 'Mentions me').click();
	await expect(titles(page)).toHaveCount(3);
	await edith.call('POST', `/articles/${bridge}/read`, { all: true });
	await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
	await expect(page.getByRole('link', { name: /mentions? you/ })).toHaveCount(0);
	await expect(titles(page)).toHaveText(['Choir sings again', 'Budget passes', 'Bridge stays closed']);
	await titles(page).nth(2).focus();

	// back from sleep without a network: what was there stays
	await page.context().setOffline(true);
	const asked = page.waitForEvent('requestfailed', (request) => request.url().includes('sort='));
	await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
	await asked;
	await page.context().setOffline(false);

	// what changes elsewhere is there when one comes back to the tab, and the focus where it was
	await commentByApi(ann, bridge, 'Engineers', 'Which ones?');
	await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
	await expect(row(page, 'Bridge')).toContainText(/3 to settle.*1 unread/s);
	await expect(titles(page).nth(0)).toBeFocused();
	await page.keyboard.press('Enter');
	await settled(page);

	// the other one's list is another
	const other = await signIn(browser, newsroom.origin, ann);
	await other.clock.install();
	await other.reload();
	await expect(row(other, 'Bridge')).toContainText('3 to settle');
	await expect(row(other, 'Bridge')).not.toContainText('unread');
	await expect(row(other, 'Budget')).toContainText('1 unread');
	// and goes with what others do, while no hand is on it
	await commentByApi(edith, budget, 'the mayor', 'Since when?');
	await other.clock.fastForward('00:31');
	await expect(row(other, 'Budget')).toContainText('2 unread');
	for (const one of [page, other]) expect(one.errors).toEqual([]);
	await Promise.all([page.context().close(), other.context().close()]);
});

test('more of them are shown at the press of a button, and are still there when one comes back', async () => {
	for (let count = 1; count <= 31; count++)
		await newsroom.article('A line.', `Story ${String(count).padStart(2, '0')}`);
	const page = await signIn(browser, newsroom.origin, people.ann, '/articles?text=story&sort=title');
	await expect(titles(page)).toHaveCount(30);
	await page.getByRole('button', { name: 'Show more' }).click();
	await expect(titles(page)).toHaveCount(31);
	await titles(page).last().click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Story 31');
	await page.goBack();
	await expect(titles(page)).toHaveCount(31);
	expect(page.errors).toEqual([]);
	await page.context().close();
});

/** What people do at the article page, by the names that they see and hear. */
import { expect, type Browser, type BrowserContextOptions, type Locator, type Page } from '@playwright/test';
import { newPerson } from './browser.ts';
import type { Caller } from './newsroom.ts';

export const articleText = (page: Page): Locator => page.getByRole('document', { name: 'Article text' });
export const paragraph = (page: Page, number: number): Locator => articleText(page).locator('p').nth(number);
export const cards = (page: Page): Locator =>
	page.getByRole('complementary', { name: 'Margin' }).getByRole('article');
export const card = (page: Page, words: string): Locator => cards(page).filter({ hasText: words });
export const marks = (page: Page): Locator => articleText(page).locator('[data-annotation]');

/** What the page says of the work at this moment (the words for listeners follow a little later). */
export const saveState = (page: Page): Locator => page.locator('p[data-state]');

/** The article is open and everything of it is stored: a slow machine that starts a server beside it takes its time. */
export async function settled(page: Page): Promise<void> {
	const patiently = { timeout: 20_000 };
	await expect(articleText(page)).toBeVisible(patiently);
	await expect(saveState(page)).toHaveAttribute('data-state', 'saved', patiently);
}

/** Selects characters as a mouse would: a paragraph's number and offset, to another's. */
export async function select(page: Page, from: [number, number], to: [number, number]): Promise<void> {
	await articleText(page).evaluate(
		(root: HTMLElement, ends: [number, number][]) => {
			const point = ([paragraph, offset]: [number, number]): [Node, number] => {
				const walker = document.createTreeWalker(
					root.querySelectorAll('p')[paragraph]!,
					NodeFilter.SHOW_TEXT
				);
				for (let left = offset, node = walker.nextNode(); node; node = walker.nextNode()) {
					const length = node.textContent!.length;
					if (left <= length) return [node, left];
					left -= length;
				}
				throw new Error(`Paragraph ${paragraph} has no character ${offset}.`);
			};
			root.focus();
			const range = document.createRange();
			range.setStart(...point(ends[0]!));
			range.setEnd(...point(ends[1]!));
			getSelection()!.removeAllRanges();
			getSelection()!.addRange(range);
		},
		[from, to]
	);
	await expect(page.getByRole('toolbar', { name: 'Selected words' })).toBeVisible();
}

export async function highlight(page: Page, from: [number, number], to: [number, number]): Promise<void> {
	await select(page, from, to);
	await page
		.getByRole('toolbar', { name: 'Selected words' })
		.getByRole('button', { name: 'Highlight' })
		.click();
}

export async function comment(
	page: Page,
	from: [number, number],
	to: [number, number],
	words: string,
	label?: string
): Promise<void> {
	await select(page, from, to);
	await page
		.getByRole('toolbar', { name: 'Selected words' })
		.getByRole('button', { name: 'Comment' })
		.click();
	const composer = page.getByRole('region', { name: 'New comment' });
	await composer.getByRole('textbox', { name: 'Your comment' }).fill(words);
	if (label) await chooseLabel(composer, label);
	await composer.getByRole('button', { name: 'Comment' }).click();
	await expect(card(page, words)).toBeVisible();
}

/** Picks a label from the list of a card or of the composer. */
export async function chooseLabel(within: Locator, label: string): Promise<void> {
	await within.getByRole('button', { name: /^Label/ }).click();
	await within.getByRole('combobox', { name: 'Label' }).fill(label);
	await within.getByRole('combobox', { name: 'Label' }).press('Enter');
}

/** Opens a thread by its card. The one before is closed first: level with its passage, it may push others out of reach. */
export async function open(page: Page, words: string): Promise<void> {
	if ((await card(page, words).getAttribute('aria-current')) === null) {
		await page.keyboard.press('Escape');
		await card(page, words).click();
	}
	await expect(card(page, words)).toHaveAttribute('aria-current', 'true');
}

export async function reply(page: Page, to: string, words: string): Promise<void> {
	await open(page, to);
	await card(page, to).getByRole('button', { name: 'Reply' }).click();
	await card(page, to).getByRole('textbox', { name: 'Your reply' }).fill(words);
	await card(page, to).getByRole('button', { name: 'Reply' }).click();
	await expect(card(page, to)).toContainText(words);
}

export async function resolve(page: Page, words: string, reason: string): Promise<void> {
	await open(page, words);
	await card(page, words).getByRole('button', { name: 'Resolve' }).click();
	await card(page, words).getByRole('textbox', { name: 'Why is it settled?' }).fill(reason);
	await card(page, words).getByRole('button', { name: 'Resolve' }).click();
}

/** A browser of somebody's own, signed in, at the path. */
export async function signIn(
	browser: Browser,
	origin: string,
	{ email, password }: { email: string; password: string },
	path = '/articles',
	options: BrowserContextOptions = {}
): Promise<Page & { errors: string[] }> {
	const page = await newPerson(browser, options);
	await page.goto(`${origin}/sign-in?next=${encodeURIComponent(path)}`);
	await page.getByLabel('E-mail').fill(email);
	await page.getByLabel('Password').fill(password);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.waitForURL(`${origin}${path}`);
	return page;
}

/** The article before somebody who has just signed in in a browser of their own. */
export async function openArticle(
	browser: Browser,
	newsroom: { origin: string },
	person: { email: string; password: string },
	articleId: string,
	options: BrowserContextOptions = {}
): Promise<Page & { errors: string[] }> {
	const page = await signIn(browser, newsroom.origin, person, `/articles/${articleId}`, options);
	await settled(page);
	return page;
}

/** A comment on a passage by way of the HTTP API. */
export async function commentByApi(
	by: Caller,
	articleId: string,
	exact: string,
	words: string
): Promise<void> {
	const { status, text } = await by.call('POST', `/articles/${articleId}/annotations`, {
		type: 'Annotation',
		motivation: 'commenting',
		body: { type: 'TextualBody', value: words },
		target: { source: `urn:uuid:${articleId}#text`, selector: { type: 'TextQuoteSelector', exact } }
	});
	expect(status, text).toBe(201);
}

/** What is stored of the words of an article's notes, as the HTTP API tells it. */
export async function storedWords(by: Caller, articleId: string): Promise<string[]> {
	const { body } = await by.call<{ items: { body?: { value?: string }[] | { value?: string } }[] }>(
		'GET',
		`/articles/${articleId}/annotations`
	);
	return body.items.flatMap((one) => [one.body ?? []].flat().flatMap(({ value }) => value ?? []));
}

/** No two cards of the margin overlap. */
export async function expectNoOverlap(page: Page): Promise<void> {
	const boxes = await cards(page).evaluateAll((all) =>
		all.map((one) => one.getBoundingClientRect()).map(({ top, bottom }) => ({ top, bottom }))
	);
	const sorted = boxes.toSorted((a, b) => a.top - b.top);
	for (let i = 1; i < sorted.length; i++)
		expect(sorted[i]!.top).toBeGreaterThanOrEqual(sorted[i - 1]!.bottom);
}

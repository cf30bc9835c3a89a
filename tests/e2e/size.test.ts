/** Much of everything: a long article, and many comments. */
import { expect, type Browser } from '@playwright/test';
import { afterAll, beforeAll, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import {
	articleText,
	card,
	cards,
	comment,
	commentByApi,
	expectNoOverlap,
	marks,
	openArticle,
	paragraph,
	settled,
	storedWords
} from '../support/desk.ts';
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

const SENTENCE =
	'The bridge over the Ilm stays closed until Friday, the mayor said, and nobody knows which one. ';
const line = (i: number) => `Paragraph number ${i}. ${SENTENCE.repeat(5).trim()}`;

test('an article of 1 MB opens, and is annotated from its first words to its last', async () => {
	const lines: string[] = [];
	for (let size = 0; size < 1024 * 1024; size += lines.at(-1)!.length + 1) lines.push(line(lines.length));
	const text = lines.join('\n');
	const articleId = await newsroom.article(text, 'A very long article');
	const edith = await openArticle(browser, newsroom, people.edith, articleId);
	await comment(edith, [0, 0], [0, 9], 'At the very start.');
	await paragraph(edith, lines.length - 1).scrollIntoViewIfNeeded();
	await comment(edith, [lines.length - 1, 0], [lines.length - 1, 9], 'At the very end.');
	await settled(edith);
	expect(await storedWords(newsroom.owner, articleId)).toEqual(['At the very start.', 'At the very end.']);
	await commentByApi(people.ann, articleId, 'Paragraph number 1000.', 'In the middle.');
	await expect(edith.getByRole('button', { name: 'Open 3' })).toBeVisible();
	await edith.keyboard.press('k');
	await expect(card(edith, 'In the middle.')).toBeFocused();
	await expect(marks(edith).filter({ hasText: 'Paragraph number 1000.' })).toBeInViewport();
	expect((await people.ann.call('GET', `/articles/${articleId}/text`)).text).toBe(text);
	expect(edith.errors).toEqual([]);
	await edith.context().close();
});

test('300 comments on one article stay usable', async () => {
	const lines = Array.from(
		{ length: 60 },
		(_, i) => `Line ${i}: ${Array.from({ length: 5 }, (_, j) => `passage-${i}-${j} and more`).join(', ')}.`
	);
	const articleId = await newsroom.article(lines.join('\n'), 'A much discussed article');
	for (let i = 0; i < 60; i++)
		await Promise.all(
			Array.from({ length: 5 }, (_, j) =>
				commentByApi(
					j % 2 ? people.ann : people.edith,
					articleId,
					`passage-${i}-${j} `,
					`About ${i}-${j}. ${'More of it. '.repeat(j)}`
				)
			)
		);
	const [edith, ann] = await Promise.all([
		openArticle(browser, newsroom, people.edith, articleId, { reducedMotion: 'reduce' }),
		openArticle(browser, newsroom, people.ann, articleId, { reducedMotion: 'reduce' })
	]);
	await expect(edith.getByRole('button', { name: 'Open 300' })).toBeVisible();
	await expect(marks(edith)).toHaveCount(300);
	// only those near the view are in the page
	expect(await cards(edith).count()).toBeLessThan(150);
	await expect(() => expectNoOverlap(edith)).toPass();

	await articleText(edith).focus();
	for (let i = 0; i < 12; i++) await edith.keyboard.press('j');
	await expect(card(edith, 'About 2-1.')).toBeFocused();
	await expect(() => expectNoOverlap(edith)).toPass();
	await edith.keyboard.press('k');
	await expect(card(edith, 'About 2-0.')).toBeFocused();

	// the last, by its passage
	await marks(edith).filter({ hasText: 'passage-59-4' }).click();
	await expect(card(edith, 'About 59-4.')).toHaveAttribute('aria-current', 'true');
	await expect(card(edith, 'About 59-4.')).toBeInViewport();
	await expect(() => expectNoOverlap(edith)).toPass();

	await comment(ann, [0, 0], [0, 4], 'One more, seen at once.');
	await marks(edith).filter({ hasText: 'Line' }).first().click();
	await expect(card(edith, 'One more, seen at once.')).toBeVisible({ timeout: 1000 });
	for (const page of [edith, ann]) {
		expect(page.errors).toEqual([]);
		await page.context().close();
	}
});

/** Three people in one article: each sees where the others are, goes along with them, and waits for who is replying. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Browser, type Page } from '@playwright/test';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { articleText, card, commentByApi, open, openArticle } from '../support/desk.ts';
import { startNewsroom, type Newsroom } from '../support/newsroom.ts';
import { join } from '../support/sockets.ts';

/** ms within which others see what one does */
const SOON = { timeout: 3000 };
const LINES = Array.from(
	{ length: 60 },
	(_, i) => `Paragraph ${i + 1} of the long story. ${'It goes on and on about the bridge. '.repeat(6)}`
);

let newsroom: Newsroom;
let browser: Browser;
beforeAll(async () => {
	[newsroom, browser] = await Promise.all([startNewsroom(), openBrowser()]);
});
afterAll(async () => {
	await browser?.close();
	await newsroom?.[Symbol.asyncDispose]();
});

const line = (page: Page, number: number) =>
	articleText(page)
		.locator('p')
		.nth(number - 1);
const following = (page: Page) => page.getByText(/^Following/).first();
/** Goes there as a mouse wheel would. */
async function wheelTo(page: Page, number: number): Promise<void> {
	await page.mouse.move(500, 500);
	for (let i = 0; i < 60; i++) {
		const box = await line(page, number).boundingBox();
		if (box && box.y > 60 && box.y < 400) return;
		await page.mouse.wheel(0, Math.max(-900, Math.min(900, box!.y - 150)));
		await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
	}
	throw new Error(`Paragraph ${number} was not reached.`);
}

describe('three people', () => {
	let articleId: string;
	let ann: Page & { errors: string[] };
	let ben: Page & { errors: string[] };
	let vera: Page & { errors: string[] };
	beforeAll(async () => {
		const [a, b, v] = await Promise.all([
			newsroom.person('annotator', 'Ann Annotator'),
			newsroom.person('editor', 'Ben Bold'),
			newsroom.person('viewer', 'Vera Viewer')
		]);
		articleId = await newsroom.article(LINES.join('\n'), 'A long story');
		await commentByApi(a, articleId, 'Paragraph 40', 'What happens here?');
		[ann, ben, vera] = await Promise.all([
			openArticle(browser, newsroom, a, articleId),
			openArticle(browser, newsroom, b, articleId, { reducedMotion: 'reduce' }),
			openArticle(browser, newsroom, v, articleId, { viewport: { width: 390, height: 844 } })
		]);
	});
	afterAll(async () => {
		for (const page of [ann, ben, vera]) {
			expect(page.errors).toEqual([]);
			await page.context().close();
		}
	});

	test('who follows goes where the other goes and sees what they open, until they do something of their own', async () => {
		await ben.getByRole('button', { name: /^Ann Annotator is here/ }).click();
		await expect(following(ben)).toContainText('Ann Annotator');
		await vera.keyboard.press('Shift+F');
		await expect(following(vera)).toContainText('Ann Annotator');
		await wheelTo(ann, 40);
		for (const page of [ben, vera]) await expect(line(page, 40)).toBeInViewport(SOON);
		await open(ann, 'What happens here?');
		await expect(card(ben, 'What happens here?')).toHaveAttribute('aria-current', 'true', SOON);
		await expect(vera.getByRole('region', { name: 'Comment' })).toContainText('What happens here?', SOON);
		// what it is about is not under the sheet
		await expect(line(vera, 40)).toBeInViewport();
		await ann.keyboard.press('Escape');
		await expect(card(ben, 'What happens here?')).not.toHaveAttribute('aria-current', SOON);

		// she follows nobody back: they would chase each other
		await ann.getByRole('button', { name: /^Ben Bold is here, follows you/ }).click();
		await expect(ann.getByText('Ben Bold follows you: you see the same already.')).toBeVisible();
		await expect(following(ann)).toHaveCount(0);

		await ben.keyboard.press('Escape');
		await expect(following(ben)).toHaveCount(0);
		await vera.mouse.wheel(0, -300);
		await expect(following(vera)).toHaveCount(0);
		const stays = await ben.evaluate(() => scrollY);
		await wheelTo(ann, 3);
		await expect
			.poll(() => whereIs(vera, 'Ann Annotator'))
			.toMatch(/Reading paragraph \d ·|Reading paragraph \d$/);
		expect(await ben.evaluate(() => scrollY)).toBe(stays);
	});

	test('somebody is replying: the card says so while they write, and it ends with the reply', async () => {
		for (const page of [ann, ben]) await wheelTo(page, 40);
		await open(ann, 'What happens here?');
		await card(ann, 'What happens here?').getByRole('button', { name: 'Reply' }).click();
		const field = ann.getByRole('textbox', { name: 'Your reply' });
		await expect(ben.getByText('Ann Annotator is replying')).toHaveCount(0);
		await field.pressSequentially('Noth');
		await open(ben, 'What happens here?');
		await expect(card(ben, 'What happens here?')).toContainText('Ann Annotator is replying', SOON);
		await expect.poll(() => whereIs(ben, 'Ann Annotator')).toContain('Replying');
		await ben.keyboard.press('Escape');
		await ben.keyboard.press('Shift+F');
		await expect(following(ben)).toBeVisible();
		await ben.getByRole('button', { name: 'People', exact: true }).click();
		const { violations } = await new AxeBuilder({ page: ben })
			.include('header.bar')
			.include('.follow-frame')
			.analyze();
		expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
		await ben.keyboard.press('Escape');
		// it goes with the words, with the field, and with the reply
		for (let i = 0; i < 4; i++) await field.press('Backspace');
		await expect(ben.getByText('Ann Annotator is replying')).toHaveCount(0, SOON);
		await field.pressSequentially('Nothing yet.');
		await expect(card(ben, 'What happens here?')).toContainText('Ann Annotator is replying', SOON);
		await field.press('Control+Enter');
		await expect(card(ben, 'What happens here?')).toContainText('Nothing yet.', SOON);
		await expect(ben.getByText('Ann Annotator is replying')).toHaveCount(0, SOON);
	});

	test('[R7] the text room knows where somebody is, and nothing of threads; the layer’s room knows of those', async () => {
		using text = join(newsroom, newsroom.owner, `${articleId}/text`);
		using layer = join(newsroom, newsroom.owner, `${articleId}/layers/shared`);
		await Promise.all([text.synced, layer.synced]);
		await open(ann, 'What happens here?');
		await card(ann, 'What happens here?').getByRole('button', { name: 'Reply' }).click();
		await ann.getByRole('textbox', { name: 'Your reply' }).pressSequentially('Secret');
		const shown = ({ provider }: typeof text) =>
			[...provider.awareness.getStates().values()].find(({ user }) => user?.name === 'Ann Annotator');
		await expect.poll(() => shown(layer)?.writing).toBeTruthy();
		const thread = shown(layer)!.writing as string;
		expect(Object.keys(shown(layer)!).toSorted()).toEqual(['open', 'user', 'writing']);
		await expect.poll(() => shown(text)?.view).toMatchObject({ from: expect.any(Number) });
		expect(JSON.stringify(shown(text))).not.toContain(thread);
		for (const room of [text, layer]) expect(JSON.stringify(shown(room))).not.toContain('Secret');
		await ann.getByRole('button', { name: 'Cancel' }).click();
		await expect.poll(() => shown(layer)?.writing).toBeNull();
	});
});

/** What the list of people says of somebody. */
async function whereIs(page: Page, name: string): Promise<string> {
	const list = page.getByRole('dialog', { name: 'People' });
	if (!(await list.isVisible())) await page.getByRole('button', { name: 'People', exact: true }).click();
	return list.getByRole('listitem').filter({ hasText: name }).innerText();
}

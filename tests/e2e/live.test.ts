/** People in one article at the same time: what one does, the others see at once. */
import { expect, type Browser, type Page } from '@playwright/test';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import {
	articleText,
	card,
	cards,
	chooseLabel,
	comment,
	commentByApi,
	expectNoOverlap,
	highlight,
	marks,
	open,
	openArticle,
	paragraph,
	reply,
	resolve,
	select,
	settled
} from '../support/desk.ts';
import { startNewsroom, TEXT, type Newsroom } from '../support/newsroom.ts';

/** ms within which others see what one does */
const AT_ONCE = { timeout: 2000 };

type Person = Awaited<ReturnType<Newsroom['person']>>;
let newsroom: Newsroom;
let browser: Browser;
let people: Record<'edith' | 'ann' | 'vera', Person>;
beforeAll(async () => {
	[newsroom, browser] = await Promise.all([startNewsroom(), openBrowser()]);
	people = {
		edith: await newsroom.person('editor', 'Edith Editor'),
		ann: await newsroom.person('annotator', 'Ann Annotator'),
		vera: await newsroom.person('viewer', 'Vera Viewer')
	};
});
afterAll(async () => {
	await browser?.close();
	await newsroom?.[Symbol.asyncDispose]();
});

describe('three people at one article', () => {
	let articleId: string;
	let edith: Page & { errors: string[] };
	let ann: Page & { errors: string[] };
	let vera: Page & { errors: string[] };
	beforeAll(async () => {
		articleId = await newsroom.article();
		[edith, ann, vera] = await Promise.all([
			openArticle(browser, newsroom, people.edith, articleId),
			openArticle(browser, newsroom, people.ann, articleId),
			openArticle(browser, newsroom, people.vera, articleId)
		]);
	});
	afterAll(async () => {
		for (const page of [edith, ann, vera]) {
			expect(page.errors).toEqual([]);
			await page.context().close();
		}
	});

	test('they see each other’s faces and what each has selected', async () => {
		for (const name of ['Ann Annotator', 'Vera Viewer'])
			await expect(edith.getByRole('button', { name: `${name} is here` })).toBeVisible();
		await select(ann, [2, 0], [2, 9]);
		for (const page of [edith, vera]) {
			await expect(page.locator('.presence-selection')).toHaveText('Engineers', AT_ONCE);
			await expect(page.locator('.presence-caret')).toHaveAttribute('data-name', 'Ann Annotator');
		}
		// a viewer marks nothing, and is seen all the same
		await articleText(vera).evaluate((root: HTMLElement) => {
			root.focus();
			getSelection()!.selectAllChildren(root.querySelector('p')!);
		});
		await expect(edith.locator('.presence-selection').filter({ hasText: TEXT.split('\n')[0] })).toBeVisible(
			AT_ONCE
		);
		await expect(vera.getByRole('toolbar', { name: 'Selected words' })).toHaveCount(0);
		await ann.keyboard.press('Escape');
	});

	test('words are selected while others move about, and the same words once more', async () => {
		for (let i = 0; i < 8; i++) {
			await Promise.all([select(edith, [1, i], [1, 20]), select(ann, [1, 4], [1, 20 - i])]);
			await Promise.all([edith.keyboard.press('Escape'), ann.keyboard.press('Escape')]);
			await expect(ann.getByRole('toolbar', { name: 'Selected words' })).toHaveCount(0);
			await select(ann, [1, 4], [1, 20 - i]);
			await ann.keyboard.press('Escape');
		}
		// who has left their selection is seen with none
		await expect(edith.locator('.presence-selection').filter({ hasText: 'will' })).toHaveCount(0);
	});

	test('a highlight, a comment with its label and a reply are seen at once by everybody', async () => {
		await highlight(ann, [0, 4], [0, 10]);
		for (const page of [edith, vera]) await expect(marks(page)).toHaveText(['bridge'], AT_ONCE);
		await comment(edith, [0, 0], [0, 23], 'Since when is it closed?', 'Fact-check');
		for (const page of [ann, vera]) {
			await expect(card(page, 'Since when is it closed?')).toContainText('Fact-check', AT_ONCE);
			await expect(card(page, 'Since when is it closed?')).toContainText('Edith Editor');
		}
		// the two passages overlap, and both can be seen
		await expect(marks(ann).filter({ hasText: /^bridge$/ })).toHaveCount(2);
		await reply(ann, 'Since when is it closed?', 'Since Monday.');
		await expect(card(vera, 'Since when is it closed?')).toContainText('Since Monday.', AT_ONCE);
		await expect(card(vera, 'Since when is it closed?').getByRole('button', { name: 'Reply' })).toHaveCount(
			0
		);
	});

	test('three people mark and answer in the same moment, and all of them see the same', async () => {
		const before = await cards(edith).count();
		await Promise.all([select(edith, [1, 0], [1, 8]), select(ann, [1, 4], [1, 20])]);
		await Promise.all([
			edith.keyboard.press('h'),
			ann.keyboard.press('h'),
			commentByApi(people.edith, articleId, 'two of the nine piers', 'Which two?')
		]);
		for (const page of [edith, ann, vera]) await expect(cards(page)).toHaveCount(before + 3);
		for (const page of [edith, ann]) await settled(page);
		const order = (page: Page) => cards(page).evaluateAll((all) => all.map(({ id }) => id));
		await expect.poll(() => order(vera)).toEqual(await order(edith));
		await expect.poll(() => order(ann)).toEqual(await order(edith));
	});

	test('what the HTTP API is given appears with its highlight, under its author’s own name', async () => {
		await commentByApi(people.ann, articleId, 'the last bolt', 'By whom is it checked?');
		for (const page of [edith, vera]) {
			await expect(card(page, 'By whom is it checked?')).toBeVisible(AT_ONCE);
			await expect(card(page, 'By whom is it checked?')).toContainText('Ann Annotator');
			await expect(marks(page).filter({ hasText: 'the last bolt' })).toBeVisible();
		}
		// and she may change it in her own tab, as it is hers
		await open(ann, 'By whom is it checked?');
		await expect(card(ann, 'By whom is it checked?').getByRole('button', { name: 'Edit' })).toBeVisible();
	});

	test('one’s own words can be changed, deleted, and the deletion taken back', async () => {
		await comment(ann, [2, 0], [2, 9], 'Whose enginers?');
		await card(ann, 'Whose enginers?').getByRole('button', { name: 'Edit' }).click();
		const field = ann.getByRole('textbox', { name: 'Edit your words' });
		await field.fill('Whose engineers?');
		await field.press('Control+Enter');
		for (const page of [ann, edith])
			await expect(card(page, 'Whose engineers?')).toContainText('edited', AT_ONCE);
		// nobody changes others’ words
		await open(edith, 'Whose engineers?');
		await expect(
			card(edith, 'Whose engineers?').getByRole('button', { name: 'Edit', exact: true })
		).toHaveCount(0);
		await card(ann, 'Whose engineers?').getByRole('button', { name: 'Delete' }).click();
		await expect(card(edith, 'Whose engineers?')).toHaveCount(0, AT_ONCE);
		await expect(card(ann, 'Whose engineers?')).toHaveCount(0);
		await ann.getByRole('button', { name: 'Undo' }).click();
		for (const page of [ann, edith, vera]) await expect(card(page, 'Whose engineers?')).toBeVisible();
		await settled(ann);
	});

	test('a label is changed, a thread settled and opened again, for everybody', async () => {
		await open(ann, 'Whose engineers?');
		await chooseLabel(card(ann, 'Whose engineers?'), 'Legal');
		await expect(card(vera, 'Whose engineers?')).toContainText('Legal', AT_ONCE);
		await resolve(ann, 'Whose engineers?', 'The city’s own.');
		await expect(card(vera, 'Whose engineers?')).toHaveCount(0, AT_ONCE);
		await vera.getByRole('button', { name: /^Resolved/ }).click();
		await expect(card(vera, 'Whose engineers?')).toContainText('Resolved by Ann Annotator: The city’s own.');
		await vera.getByRole('button', { name: /^Open/ }).click();
		await card(ann, 'Whose engineers?').getByRole('button', { name: 'Reopen' }).click();
		await expect(card(vera, 'Whose engineers?')).toBeVisible(AT_ONCE);
	});

	test('[G6] a comment that was removed says so, and its replies stay', async () => {
		await reply(ann, 'Since when is it closed?', 'The mayor says so.');
		await open(edith, 'Since when is it closed?');
		await card(edith, 'Since when is it closed?').getByRole('button', { name: 'Delete' }).first().click();
		for (const page of [edith, ann, vera]) {
			await expect(card(page, 'This comment was removed.')).toContainText('The mayor says so.', AT_ONCE);
			await expect(page.getByText('Since when is it closed?')).toHaveCount(0);
		}
	});

	test('annotating writes nothing to the text, and neither does typing into it', async () => {
		const text = async () => (await people.vera.call('GET', `/articles/${articleId}/text`)).text;
		const written = () =>
			newsroom.db.roomUpdate.count({ where: { room: `${articleId}/text`, byServer: false } });
		expect(await text()).toBe(TEXT);
		expect(await written()).toBe(1);
		await paragraph(edith, 0).click();
		await edith.keyboard.type('XYZ z');
		await edith.keyboard.press('Enter');
		await edith.keyboard.press('Backspace');
		await edith.keyboard.press('Delete');
		await edith.keyboard.insertText('pasted');
		await articleText(edith).evaluate((root: HTMLElement) => {
			const data = new DataTransfer();
			data.setData('text/plain', 'pasted');
			root.dispatchEvent(
				new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
			);
		});
		await comment(edith, [1, 1], [1, 3], 'After the typing.');
		await expect(card(ann, 'After the typing.')).toBeVisible();
		for (const page of [edith, ann, vera])
			expect((await articleText(page).locator('p').allInnerTexts()).map((line) => line.trim())).toEqual(
				TEXT.split('\n')
			);
		expect(await text()).toBe(TEXT);
		expect(await written()).toBe(1);
	});
});

test('25 comments on one paragraph never overlap, and the open one stands level with its passage', async () => {
	const words = Array.from({ length: 25 }, (_, i) => `passage${String(i).padStart(2, '0')}`);
	const articleId = await newsroom.article(
		`A first line.\n${words.join(' ')}\nA last line.`,
		'A crowded paragraph'
	);
	for (const [i, word] of words.entries())
		await commentByApi(
			i % 2 ? people.ann : people.edith,
			articleId,
			word,
			`About ${word}. ${'And more of it. '.repeat(i % 4)}`
		);
	const edith = await openArticle(browser, newsroom, people.edith, articleId, { reducedMotion: 'reduce' });
	await expect(edith.getByRole('button', { name: 'Open 25' })).toBeVisible();
	const apart = () => expect(() => expectNoOverlap(edith)).toPass({ timeout: 5000 });
	await apart();
	for (const word of [words[0]!, words[12]!, words[24]!, words[6]!]) {
		const mark = marks(edith).filter({ hasText: word });
		await mark.click();
		await expect(card(edith, `About ${word}.`)).toHaveAttribute('aria-current', 'true');
		await expect
			.poll(async () => {
				const [passage, open] = await Promise.all([
					mark.boundingBox(),
					card(edith, `About ${word}.`).boundingBox()
				]);
				return Math.abs(passage!.y - open!.y);
			})
			.toBeLessThan(1);
		await apart();
	}
	await reply(edith, `About ${words[6]}.`, 'A reply that makes the card taller. '.repeat(8));
	await apart();
	// a click on empty page closes the open card: those that it had pushed away come back
	await edith.locator('[data-page]').click({ position: { x: 5, y: 60 } });
	await expect(edith.locator('article[aria-current]')).toHaveCount(0);
	await card(edith, `About ${words[0]}.`).click();
	await expect(card(edith, `About ${words[0]}.`)).toHaveAttribute('aria-current', 'true');
	expect(edith.errors).toEqual([]);
	await edith.context().close();
});

/** The whole annotating job without a mouse. */
import { expect, type Browser, type Locator, type Page } from '@playwright/test';
import { afterAll, beforeAll, test } from 'vitest';
import { newPerson, openBrowser } from '../support/browser.ts';
import { articleText, card, cards, commentByApi, marks, settled, storedWords } from '../support/desk.ts';
import { startNewsroom, type Newsroom } from '../support/newsroom.ts';

let newsroom: Newsroom;
let browser: Browser;
beforeAll(async () => {
	[newsroom, browser] = await Promise.all([startNewsroom(), openBrowser()]);
});
afterAll(async () => {
	await browser?.close();
	await newsroom?.[Symbol.asyncDispose]();
});

/** Presses Tab until the focus is there. */
async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
	await expect(target).toBeVisible();
	for (let i = 0; i < 60; i++) {
		if (await target.evaluate((element) => element === document.activeElement)) return;
		await page.keyboard.press(key);
	}
	throw new Error(`${key} does not lead to ${String(target)}.`);
}
const said = (page: Page) => page.getByRole('status', { name: 'What you did' });
const press = async (page: Page, key: string, times: number) => {
	for (let i = 0; i < times; i++) await page.keyboard.press(key);
};

test('somebody without a mouse signs in, marks words, writes, answers, settles and goes from comment to comment', async () => {
	const articleId = await newsroom.article();
	const ann = await newsroom.person('annotator', 'Ann Annotator');
	await commentByApi(newsroom.owner, articleId, 'on Monday', 'Which Monday?');
	const page = await newPerson(browser);
	await page.goto(`${newsroom.origin}/articles`);
	await page.waitForURL('**/sign-in*');
	await tabTo(page, page.getByLabel('E-mail'));
	await page.keyboard.type(ann.email);
	await tabTo(page, page.getByLabel('Password'));
	await page.keyboard.type(ann.password);
	await page.keyboard.press('Enter');
	await page.waitForURL(`${newsroom.origin}/articles`);
	await tabTo(page, page.getByRole('main').getByRole('link', { name: 'Bridge stays closed' }));
	await page.keyboard.press('Enter');
	await settled(page);

	// into the text, over “The ”, and “bridge over” selected
	await tabTo(page, articleText(page));
	await press(page, 'ArrowRight', 4);
	await press(page, 'Shift+Control+ArrowRight', 1);
	await press(page, 'Shift+ArrowRight', 5);
	await expect(page.getByRole('toolbar', { name: 'Selected words' })).toBeVisible();
	expect((await page.evaluate(() => String(getSelection()))).trim()).toBe('bridge over');
	await page.keyboard.press('a');
	await expect(page.getByRole('textbox', { name: 'Your comment' })).toBeFocused();
	await page.keyboard.type('Which bridge? jkeh');
	await page.keyboard.press('Control+Enter');
	await expect(card(page, 'Which bridge? jkeh')).toBeFocused();
	const passage = marks(page).filter({ hasText: 'bridge over' });
	await expect(passage).toBeVisible();

	// the passage says that there is a comment, and the card, once it has the focus, what it is
	const mine = card(page, 'Which bridge? jkeh');
	await expect(passage).toHaveAttribute('aria-details', (await mine.getAttribute('id'))!);
	await expect(mine).toHaveAccessibleName('Comment by Ann Annotator on “bridge over”');
	await expect(mine).toHaveAccessibleDescription('Which bridge? jkeh');

	// from the card into its passage, and back from the caret
	await page.keyboard.press('p');
	await expect(articleText(page)).toBeFocused();
	await press(page, 'ArrowLeft', 3);
	await press(page, 'ArrowRight', 5);
	await expect(said(page)).toHaveText('A passage with a comment. Enter opens it.');
	await page.keyboard.press('Enter');
	await expect(card(page, 'Which bridge? jkeh')).toBeFocused();

	// next and previous, and round no corner
	await page.keyboard.press('j');
	await expect(card(page, 'Which Monday?')).toBeFocused();
	await page.keyboard.press('j');
	await expect(card(page, 'Which Monday?')).toBeFocused();
	await page.keyboard.press('k');
	await expect(card(page, 'Which bridge?')).toBeFocused();
	await page.keyboard.press('j');

	await page.keyboard.press('r');
	await expect(page.getByRole('textbox', { name: 'Your reply' })).toBeFocused();
	await page.keyboard.type('The 9th of November.');
	await page.keyboard.press('Control+Enter');
	await expect(card(page, 'Which Monday?')).toContainText('The 9th of November.');
	await expect(card(page, 'Which Monday?')).toBeFocused();
	await page.keyboard.press('e');
	// a reason from the list, or one's own words
	await expect(page.getByRole('button', { name: 'Corrected' })).toBeFocused();
	await page.keyboard.press('Tab');
	await expect(page.getByRole('textbox', { name: 'Why is it settled?' })).toBeFocused();
	await page.keyboard.type('Told by the mayor.');
	await page.keyboard.press('Control+Enter');
	await expect(card(page, 'Which Monday?')).toContainText('Resolved by Ann Annotator: Told by the mayor.');
	await expect(card(page, 'Which Monday?')).toBeFocused();

	// its own tools with Tab and Enter
	await page.keyboard.press('k');
	await expect(cards(page)).toHaveCount(1);
	await tabTo(page, card(page, 'Which bridge?').getByRole('button', { name: 'Edit' }));
	await page.keyboard.press('Enter');
	await expect(page.getByRole('textbox', { name: 'Edit your words' })).toBeFocused();
	await page.keyboard.press('Control+a');
	await page.keyboard.type('Which of the bridges?');
	await page.keyboard.press('Control+Enter');
	await expect(card(page, 'Which of the bridges?')).toContainText('edited');

	// help, and the way out of everything
	await articleText(page).focus();
	await page.keyboard.press('Shift+?');
	const help = page.getByRole('dialog', { name: 'Keys' });
	for (const does of ['Highlight the selected words', 'Next comment', 'Post what you wrote'])
		await expect(help).toContainText(does);
	await page.keyboard.press('Escape');
	await expect(help).toHaveCount(0);
	await expect(articleText(page)).toBeFocused();
	await page.keyboard.press('Escape');
	await expect(card(page, 'Which of the bridges?')).not.toHaveAttribute('aria-current', 'true');

	// a highlight, and taken back
	await press(page, 'Shift+ArrowRight', 6);
	await page.keyboard.press('h');
	await expect(cards(page)).toHaveCount(2);
	await page.keyboard.press('Control+z');
	await expect(cards(page)).toHaveCount(1);
	await page.keyboard.press('Control+Shift+z');
	await expect(cards(page)).toHaveCount(2);

	// a label by its digit, for selected words and for the open comment
	await articleText(page).focus();
	await page.keyboard.press('Control+End');
	await press(page, 'Shift+Control+ArrowLeft', 2);
	await expect(page.getByRole('toolbar', { name: 'Selected words' })).toBeVisible();
	await page.keyboard.press('4');
	await expect(cards(page)).toHaveCount(3);
	const legal = cards(page).filter({ hasText: 'Legal' });
	await expect(legal).toHaveAccessibleName(/^Highlight by Ann Annotator on “Monday\.”/);
	await expect(legal).toHaveAttribute('aria-current', 'true');
	await page.keyboard.press('5');
	await expect(cards(page).filter({ hasText: 'Style' })).toHaveAttribute('aria-current', 'true');

	// words in comments, and back to where one was
	await articleText(page).focus();
	await page.keyboard.press('/');
	const words = page.getByRole('searchbox', { name: 'Words in comments' });
	await expect(words).toBeFocused();
	await page.keyboard.type('which');
	await expect(page).toHaveURL(/q=which/);
	await page.keyboard.press('Enter');
	await expect(card(page, 'Which of the bridges?')).toBeFocused();
	await page.keyboard.press('/');
	await page.keyboard.press('Escape');
	await expect(words).toHaveCount(0);
	await expect(card(page, 'Which of the bridges?')).toBeFocused();

	// single letters turned off, and on again; what has a modifier stays
	await page.keyboard.press('Shift+?');
	await page.getByRole('checkbox', { name: 'Single letters and signs are keys' }).press('Space');
	await page.keyboard.press('Escape');
	await expect(help).toHaveCount(0);
	await page.keyboard.press('r');
	await page.keyboard.press('Shift+?');
	await page.keyboard.press('Control+k');
	await expect(page.getByRole('combobox', { name: 'Find' })).toBeFocused();
	await expect(help).toHaveCount(0);
	await expect(page.getByRole('textbox', { name: 'Your reply' })).toHaveCount(0);
	await page.keyboard.type('show these keys');
	await page.keyboard.press('Enter');
	await page.getByRole('checkbox', { name: 'Single letters and signs are keys' }).press('Space');
	await page.keyboard.press('Escape');
	await page.keyboard.press('r');
	await expect(page.getByRole('textbox', { name: 'Your reply' })).toBeFocused();

	await page.keyboard.press('Escape');

	// on a keyboard of another script a letter is where it stands
	const typing = await page.context().newCDPSession(page);
	const cyrillic = (key: string, code: string, modifiers = 0) =>
		typing.send('Input.dispatchKeyEvent', { type: 'keyDown', key, code, modifiers });
	await cyrillic('к', 'KeyR');
	await expect(page.getByRole('textbox', { name: 'Your reply' })).toBeFocused();
	await page.keyboard.press('Escape');
	await cyrillic('л', 'KeyK', 2);
	await expect(page.getByRole('combobox', { name: 'Find' })).toBeFocused();
	await page.keyboard.press('Escape');

	await settled(page);
	expect((await storedWords(newsroom.owner, articleId)).toSorted()).toEqual([
		'The 9th of November.',
		'Which Monday?',
		'Which of the bridges?',
		// the label of the last highlight
		'style'
	]);
	expect(page.errors).toEqual([]);
	await page.context().close();
});

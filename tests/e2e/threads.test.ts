/** What is done in a thread: every tool of a card by one person, seen by another; and what each role is offered. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Browser, type Page } from '@playwright/test';
import { afterAll, beforeAll, test } from 'vitest';
import { newPerson, openBrowser } from '../support/browser.ts';
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
	reply,
	select,
	settled
} from '../support/desk.ts';
import { annotationBy, put } from '../support/annotations.ts';
import { join, watchSaved } from '../support/sockets.ts';
import { startNewsroom, type Newsroom } from '../support/newsroom.ts';

type Person = Awaited<ReturnType<Newsroom['person']>>;
let newsroom: Newsroom;
let browser: Browser;
let edith: Person;
let ann: Person;
beforeAll(async () => {
	[newsroom, browser] = await Promise.all([startNewsroom(), openBrowser()]);
	[edith, ann] = await Promise.all([
		newsroom.person('editor', 'Edith Editor'),
		newsroom.person('annotator', 'Ann Annotator')
	]);
});
afterAll(async () => {
	await browser?.close();
	await newsroom?.[Symbol.asyncDispose]();
});

async function accessible(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page }).include('aside').analyze();
	const bad = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
	expect(bad.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

test('two people take a thread from its first word to its settlement, by mouse and by key', async () => {
	const article = await newsroom.article();
	const still = { reducedMotion: 'reduce' } as const;
	const a = await openArticle(browser, newsroom, ann, article, still);
	const e = await openArticle(browser, newsroom, edith, article, still);
	await comment(a, [0, 4], [0, 10], 'Which bridge?', 'Fact-check');
	await reply(e, 'Which bridge?', 'The new one.');
	const [hers, his] = [card(a, 'Which bridge?'), card(e, 'Which bridge?')];

	// a reaction by key, answered with the same one by a press; both are named
	await open(a, 'Which bridge?');
	await a.keyboard.press('+');
	await expect(a.getByRole('combobox', { name: 'React' })).toBeFocused();
	await a.keyboard.type('eyes');
	await a.keyboard.press('Enter');
	await his.getByRole('button', { name: '👀 1: Ann Annotator' }).click();
	await expect(hers.getByRole('button', { name: '👀 2: Edith Editor and you' })).toHaveAttribute(
		'aria-pressed',
		'true'
	);

	// given to somebody who is not here, taken over, with another label and a tag
	await a.keyboard.press('i');
	await accessible(a);
	await a.getByRole('option', { name: 'Olga Owner' }).click();
	await expect(his).toContainText('Olga Owner');
	await e.keyboard.press('i');
	await e.keyboard.press('Enter');
	await expect(hers.getByRole('button', { name: 'Assigned to Edith Editor' })).toBeVisible();
	await chooseLabel(his, 'Legal');
	await expect(hers.getByRole('button', { name: 'Label: Legal' })).toBeVisible();
	await hers.click();
	await a.keyboard.press('t');
	await a.keyboard.type('bridges of the city');
	await a.keyboard.press('Enter');
	await expect(his).toContainText('bridges of the city');
	await expect(hers).toBeFocused();
	// a tag is one word, however it is written
	await a.keyboard.press('t');
	await a.keyboard.type('#Bridges of the City');
	await a.keyboard.press('Enter');
	await expect(hers).toBeFocused();
	await expect(hers).not.toContainText('Bridges of the City');

	// settled with a reason from the list, in two keys, before the other who is about to; opened again
	await e.keyboard.press('e');
	await expect(e.getByRole('toolbar', { name: 'Why is it settled?' })).toBeVisible();
	await a.keyboard.press('e');
	await accessible(a);
	await a.keyboard.press('2');
	await expect(hers).toContainText('Resolved by Ann Annotator: Source added');
	await expect(hers).toBeFocused();
	await his.getByRole('button', { name: 'Reopen' }).click();
	await expect(hers).not.toContainText('Resolved');

	// its words are changed; its history tells it all
	await hers.getByRole('button', { name: 'Edit', exact: true }).first().click();
	await a.getByRole('textbox', { name: 'Edit your words' }).fill('Which bridge is it?');
	await a.keyboard.press('Control+Enter');
	await settled(a);
	await card(a, 'Which bridge is it?').getByRole('button', { name: 'History' }).click();
	const history = a.getByRole('dialog', { name: 'History' });
	const told = [
		'Ann Annotator wrote this',
		'Ann Annotator reacted with 👀',
		'Edith Editor reacted with 👀',
		'Ann Annotator assigned it to Olga Owner',
		'Edith Editor took it over',
		'Edith Editor changed the label from Fact-check to Legal',
		'Ann Annotator added the tag “bridges of the city”',
		'Ann Annotator resolved it: Source added',
		'Edith Editor reopened it',
		'Ann Annotator changed the words'
	];
	await expect(history.getByRole('listitem')).toHaveCount(told.length);
	await expect(history.getByRole('listitem')).toContainText(told);
	await expect(history.locator('ins')).toHaveText([' is it']);
	await accessible(a);
	await a.keyboard.press('Escape');

	// an answer is deleted and comes back
	await card(e, 'Which bridge is it?')
		.getByRole('group', { name: 'Reply by Edith Editor' })
		.getByRole('button', { name: 'Delete' })
		.click();
	await expect(card(a, 'Which bridge is it?')).not.toContainText('The new one.');
	await e.getByRole('button', { name: 'Undo' }).click();
	await expect(card(a, 'Which bridge is it?')).toContainText('The new one.');
	for (const page of [a, e]) {
		expect(page.errors).toEqual([]);
		await page.context().close();
	}
});

test('a long thread folds; the link of an answer unfolds it, past the filter too', async () => {
	const article = await newsroom.article();
	await commentByApi(ann, article, 'bridge', 'Which one?');
	const { body } = await ann.call<{ items: { id: string }[] }>('GET', `/articles/${article}/annotations`);
	const root = body.items[0]!.id;
	const answers = [];
	for (const number of [1, 2, 3, 4, 5]) {
		const answer = await edith.call<{ id: string }>('POST', `/articles/${article}/annotations`, {
			type: 'Annotation',
			motivation: 'replying',
			body: { type: 'TextualBody', value: `Answer ${number}.` },
			target: root
		});
		expect(answer.status, answer.text).toBe(201);
		answers.push(
			answer.body.id
				.split('/')
				.at(-1)!
				.replace(/^urn:uuid:/, '')
		);
	}
	const page = await openArticle(browser, newsroom, ann, article, { reducedMotion: 'reduce' });
	const thread = card(page, 'Which one?');
	for (const number of [4, 5]) await expect(thread).toContainText(`Answer ${number}.`);
	await expect(thread).not.toContainText('Answer 3.');
	await thread.getByRole('button', { name: '3 more replies' }).press('Enter');
	await expect(thread).toContainText('Answer 1.');
	await expect(thread.getByRole('group', { name: 'Reply by Edith Editor' }).first()).toBeFocused();

	// what one is to write in is in sight, however long the thread
	await page.setViewportSize({ width: 1280, height: 420 });
	for (const [key, button] of [
		['r', 'Reply'],
		['e', 'Resolve']
	] as const) {
		await page.keyboard.press(key);
		await expect(thread.getByRole('button', { name: button, exact: true })).toBeInViewport({ ratio: 1 });
		await page.keyboard.press('Escape');
	}

	await page.goto(`${newsroom.origin}/articles/${article}?status=resolved#annotation-${answers[1]}`);
	await page.reload();
	await expect(thread).toHaveAttribute('aria-current', 'true');
	await expect(page.locator(`#annotation-${answers[1]}`)).toBeFocused();
	await expect(page.locator(`#annotation-${answers[1]}`)).toContainText('Answer 2.');
	await thread.getByRole('button', { name: 'Fewer replies' }).press('Enter');
	await expect(thread).not.toContainText('Answer 3.');
	await expect(thread.getByRole('button', { name: '3 more replies' })).toBeFocused();
	expect(page.errors).toEqual([]);
	await page.context().close();
});

test('[G6] what somebody writes stays when another deletes what it is about', async () => {
	const article = await newsroom.article();
	await commentByApi(edith, article, 'bridge', 'Which one?');
	const still = { reducedMotion: 'reduce' } as const;
	const a = await openArticle(browser, newsroom, ann, article, still);
	const e = await openArticle(browser, newsroom, edith, article, still);
	await open(a, 'Which one?');
	await a.keyboard.press('r');
	await a.keyboard.type('The old');
	await open(e, 'Which one?');
	await card(e, 'Which one?').getByRole('button', { name: 'Delete' }).click();
	await expect(articleText(e)).toBeFocused();
	await expect(cards(e)).toHaveCount(0);
	await expect(cards(a)).toContainText('This comment was removed.');
	await a.keyboard.type(' one.');
	await a.keyboard.press('Control+Enter');
	const answer = (page: Page) => cards(page).getByRole('group', { name: 'Reply by Ann Annotator' });
	await expect(answer(e)).toContainText('The old one.');

	// what is being changed is gone with its thread: the new words are shown, and taken up when it comes back
	await answer(a).getByRole('button', { name: 'Edit' }).click();
	await a.keyboard.type(' Not the new.');
	await cards(e).click();
	await answer(e).getByRole('button', { name: 'Delete' }).press('Enter');
	const kept = a.getByRole('region', { name: 'What you were writing' });
	await expect(kept).toContainText('The old one. Not the new.');
	await expect(a.getByText('The comment was deleted. What you were writing is kept.')).toBeVisible();
	await expect(cards(a)).toHaveCount(0);
	await expect(articleText(a)).toBeFocused();
	await e.getByRole('button', { name: 'Undo' }).first().press('Enter');
	await expect(cards(e)).toBeFocused();
	await expect(kept).toHaveCount(0);
	await cards(a).click();
	await answer(a).getByRole('button', { name: 'Edit' }).click();
	const words = a.getByRole('textbox', { name: 'Edit your words' });
	await expect(words).toHaveText('The old one. Not the new.');
	await a.keyboard.press('Escape');
	await expect(cards(a)).toBeFocused();
	await a.getByRole('button', { name: 'Undo' }).first().press('Enter');
	await expect(words).toHaveText('The old one. Not the new.');

	// others’ answers fold none that is being changed
	for (const words of ['Two.', 'Three.', 'Four.']) await reply(e, 'This comment was removed.', words);
	await expect(cards(a)).toContainText('Four.');
	await expect(words).toHaveText('The old one. Not the new.');
	await a.keyboard.press('Escape');
	await a.keyboard.press('Escape');
	await expect(cards(a).getByRole('button', { name: '2 more replies' })).toBeVisible();

	// who only reads it is told who has deleted it
	await commentByApi(edith, article, 'mayor', 'Look here.');
	for (const page of [a, e]) await open(page, 'Look here.');
	await card(e, 'Look here.').getByRole('button', { name: 'Delete' }).click();
	await expect(a.getByText('has deleted the comment that was open.')).toBeVisible();
	for (const page of [a, e]) {
		expect(page.errors).toEqual([]);
		await page.context().close();
	}
});

test('a note on the whole article stands first, and has no passage', async () => {
	const article = await newsroom.article();
	await commentByApi(edith, article, 'bridge', 'Which one?');
	const page = await openArticle(browser, newsroom, ann, article);
	await articleText(page).focus();
	await page.keyboard.press('m');
	await expect(page.getByRole('textbox', { name: 'Your comment' })).toBeFocused();
	await page.keyboard.type('It needs a map.');
	await page.keyboard.press('Control+Enter');
	await expect(cards(page).first()).toContainText('On the whole article');
	await expect(cards(page).first()).toContainText('It needs a map.');
	await expect(cards(page).first()).toBeFocused();
	await expect(marks(page)).toHaveText(['bridge']);
	// a second one comes below the first and does not push it out of sight
	await page.keyboard.press('m');
	await page.keyboard.type('And a shorter headline.');
	await page.keyboard.press('Control+Enter');
	await expect(cards(page).nth(1)).toContainText('And a shorter headline.');
	await expect(cards(page).nth(1)).toBeFocused();
	await expectNoOverlap(page);
	const margin = (await page.getByRole('list', { name: 'Comments' }).boundingBox())!;
	expect((await cards(page).first().boundingBox())!.y).toBeGreaterThanOrEqual(margin.y);
	await settled(page);
	expect(page.errors).toEqual([]);
	await page.context().close();
});

test('[G8] a thread whose passage is gone is attached to other words by its writer or an editor, by the toolbar or a key', async () => {
	const article = await newsroom.article();
	using writer = join(newsroom, edith, `${article}/layers/shared`);
	await writer.synced;
	const saved = watchSaved(writer.provider);
	const lost = { exact: 'words that were cut', prefix: '', suffix: '', from: 4, to: 23 };
	for (const body of ['Where did it go?', 'And this?'])
		put(writer.doc, annotationBy(edith.principal, { ...lost, body }));
	await saved.next(2);

	const a = await openArticle(browser, newsroom, ann, article, { reducedMotion: 'reduce' });
	const tool = (page: Page) => page.getByRole('toolbar', { name: 'Selected words' });
	const gone = (page: Page) => page.getByRole('region', { name: 'Passages that are gone' });
	await gone(a).getByText('Where did it go?').click();
	await select(a, [0, 4], [0, 10]);
	await expect(tool(a).getByRole('button', { name: 'Comment' })).toBeVisible();
	await expect(tool(a).getByRole('button', { name: 'Attach here' })).toHaveCount(0);

	const e = await openArticle(browser, newsroom, edith, article, { reducedMotion: 'reduce' });
	await gone(e).getByText('Where did it go?').click();
	await select(e, [0, 4], [0, 10]);
	await tool(e).getByRole('button', { name: 'Attach here' }).click();
	await expect(card(a, 'Where did it go?')).toBeVisible();
	await gone(e).getByText('And this?').click();
	await select(e, [0, 30], [0, 36]);
	await e.keyboard.press('Shift+A');
	await expect(marks(a)).toHaveText(['bridge', 'closed']);
	await expect(gone(a)).toHaveCount(0);
	await e.keyboard.press('Control+z');
	await expect(gone(a).getByText('And this?')).toBeVisible();
	for (const page of [a, e]) {
		expect(page.errors).toEqual([]);
		await page.context().close();
	}
});

test('a bare highlight is given words by who made it, and by nobody else', async () => {
	const article = await newsroom.article();
	const still = { reducedMotion: 'reduce' } as const;
	const a = await openArticle(browser, newsroom, ann, article, still);
	const e = await openArticle(browser, newsroom, edith, article, still);
	await highlight(a, [0, 4], [0, 10]);
	const [hers, his] = [cards(a).first(), cards(e).first()];
	await his.click();
	await expect(his.getByRole('button', { name: 'Reply' })).toBeVisible();
	await expect(his.getByRole('button', { name: 'Add a comment' })).toHaveCount(0);
	await hers.getByRole('button', { name: 'Add a comment' }).click();
	await a.getByRole('textbox', { name: 'Your comment' }).fill('Which bridge?');
	await a.keyboard.press('Control+Enter');
	await expect(hers).toBeFocused();
	await expect(his).toContainText('Which bridge?');
	await expect(his).toHaveAccessibleName('Comment by Ann Annotator on “bridge”');
	await a.keyboard.press('Control+z');
	await expect(his).toHaveAccessibleName('Highlight by Ann Annotator on “bridge”');
	await settled(a);
	for (const page of [a, e]) {
		expect(page.errors).toEqual([]);
		await page.context().close();
	}
});

test('a guest who may comment replies and reacts, and is offered nothing more; a viewer reads', async () => {
	const article = await newsroom.article();
	await commentByApi(ann, article, 'bridge', 'Which one?');
	const link = await newsroom.owner.call<{ url: string }>('POST', `/articles/${article}/links`, {
		access: 'comment'
	});
	const guest = await newPerson(browser);
	await guest.goto(link.body.url);
	await guest.getByLabel('Your name').fill('Cora Commenter');
	await guest.getByRole('button', { name: 'Open the article' }).click();
	await settled(guest);
	await open(guest, 'Which one?');
	const thread = card(guest, 'Which one?');
	for (const name of ['Reply', 'React', 'Copy link', 'History'])
		await expect(thread.getByRole('button', { name })).toBeVisible();
	for (const name of ['Resolve', 'Label', 'Assign', 'Tag', 'Edit', 'Delete'])
		await expect(thread.getByRole('button', { name, exact: true })).toHaveCount(0);
	await expect(guest.getByRole('button', { name: 'Note on the whole article' })).toHaveCount(0);
	for (const key of ['e', 'i', 't', 'm']) await guest.keyboard.press(key);
	await expect(guest.getByRole('combobox')).toHaveCount(0);
	await guest.keyboard.press('+');
	await guest.keyboard.press('1');
	await expect(thread.getByRole('button', { name: '👍 1: you' })).toBeVisible();
	await settled(guest);

	const vera = await newsroom.person('viewer', 'Vera Viewer');
	const reader = await openArticle(browser, newsroom, vera, article);
	await open(reader, 'Which one?');
	await expect(card(reader, 'Which one?').getByRole('img', { name: '👍 1: Cora Commenter' })).toBeVisible();
	for (const name of ['React', 'Reply', 'Resolve'])
		await expect(card(reader, 'Which one?').getByRole('button', { name })).toHaveCount(0);
	for (const page of [guest, reader]) {
		expect(page.errors).toEqual([]);
		await page.context().close();
	}
});

test('on a narrow screen the sheet goes with its thread, whoever deletes it', async () => {
	const article = await newsroom.article();
	await commentByApi(ann, article, 'bridge', 'Which one?');
	await commentByApi(edith, article, 'Friday', 'Which Friday?');
	const narrow = { reducedMotion: 'reduce', viewport: { width: 390, height: 844 } } as const;
	const a = await openArticle(browser, newsroom, ann, article, narrow);
	const e = await openArticle(browser, newsroom, edith, article, narrow);
	const sheet = (page: Page) => page.getByRole('region', { name: 'Comment' });
	await a.getByRole('button', { name: '2 comments' }).click();
	await sheet(a).getByRole('button', { name: 'Delete' }).click();
	await expect(sheet(a)).toHaveCount(0);
	await a.getByRole('button', { name: '1 comment' }).click();
	await e.getByRole('button', { name: '1 comment' }).click();
	await sheet(e).getByRole('button', { name: 'Delete' }).click();
	for (const page of [a, e]) {
		await expect(sheet(page)).toHaveCount(0);
		expect(page.errors).toEqual([]);
		await page.context().close();
	}
});

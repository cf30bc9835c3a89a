/** Finding one's way among comments: the filter and its counts, what is unread, the palette. */
import { expect, type Browser, type Locator, type Page } from '@playwright/test';
import { afterAll, beforeAll, expect as expectValue, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import {
	articleText,
	card,
	cards,
	comment,
	marks,
	open,
	openArticle,
	saveState,
	settled,
	signIn
} from '../support/desk.ts';
import { startNewsroom, type Caller, type Newsroom } from '../support/newsroom.ts';

type Person = Awaited<ReturnType<Newsroom['person']>>;
let newsroom: Newsroom;
let browser: Browser;
let ann: Person;
let emil: Person;
beforeAll(async () => {
	[newsroom, browser] = await Promise.all([startNewsroom(), openBrowser()]);
	ann = await newsroom.person('annotator', 'Ann Annotator');
	emil = await newsroom.person('editor', 'Emil Editor');
});
afterAll(async () => {
	await browser?.close();
	await newsroom?.[Symbol.asyncDispose]();
});

interface Said {
	exact?: string;
	label?: string;
	motivation?: string;
}

/** A new annotation by way of the HTTP API; its IRI. */
async function say(
	by: Caller,
	articleId: string,
	words: string,
	{ exact, label, motivation = 'commenting' }: Said = {}
) {
	const body = [
		{ type: 'TextualBody', value: words },
		...(label ? [{ type: 'TextualBody', value: label, purpose: 'classifying' }] : [])
	];
	const selector = exact ? { type: 'TextQuoteSelector', exact } : undefined;
	const {
		status,
		text,
		body: made
	} = await by.call<{ id: string }>('POST', `/articles/${articleId}/annotations`, {
		type: 'Annotation',
		motivation,
		body,
		target: selector ? { source: `urn:uuid:${articleId}#text`, selector } : 'urn:x:article'
	});
	expect(status, text).toBe(201);
	return made.id;
}
const answer = async (by: Caller, articleId: string, target: string, bodyValue: string) =>
	expect(
		(await by.call('POST', `/articles/${articleId}/annotations`, { type: 'Annotation', bodyValue, target }))
			.status
	).toBe(201);

const bar = (page: Page): Locator => page.getByRole('group', { name: 'Filter comments' });
const choice = (page: Page, name: string): Locator =>
	bar(page).getByRole('checkbox', { name: new RegExp(`^${name} `) });
const search = (page: Page) => new URL(page.url()).searchParams;

test('the filter: counts on each choice, all of it in the address, and out again', async () => {
	const id = await newsroom.article();
	await say(ann, id, 'Which bridge, the old one?', { exact: 'bridge over the Ilm', label: 'fact-check' });
	await say(emil, id, 'Is this a quote?', {
		exact: 'the mayor said',
		label: 'quote',
		motivation: 'questioning'
	});
	await say(ann, id, `A café told [@Emil Editor](${emil.principal}) so.`, {
		exact: 'on Monday',
		label: 'fact-check'
	});
	await say(emil, id, 'All in all: good.');
	const page = await openArticle(browser, newsroom, emil, id);
	await expect(cards(page)).toHaveCount(4);
	await expect(bar(page).getByRole('button', { name: 'Open 4' })).toBeVisible();

	// of each choice as many as it would show
	await bar(page).getByRole('button', { name: 'Filter' }).click();
	await expect(choice(page, 'Mentions you')).toHaveAccessibleName('Mentions you 1');
	await expect(choice(page, 'Questions')).toHaveAccessibleName('Questions 1');
	await expect(choice(page, 'On the whole article')).toHaveAccessibleName('On the whole article 1');
	await choice(page, 'Fact-check').check();
	await expect(cards(page)).toHaveCount(2);
	await expect(marks(page)).toHaveCount(2);
	await expect(choice(page, 'Emil Editor')).toHaveAccessibleName('Emil Editor 0');
	await expect(choice(page, 'Quote')).toHaveAccessibleName('Quote 1');
	await expect(page.getByRole('status', { name: 'What you did' })).toHaveText('2 comments are shown.');
	await choice(page, 'Mentions you').check();
	await expect(cards(page)).toHaveCount(1);
	await page.keyboard.press('Escape');
	await expect(choice(page, 'Fact-check')).toHaveCount(0);
	await expect(bar(page).getByRole('button', { name: 'Filter, 2 chosen' })).toBeFocused();

	// words, without their accents; somebody with the address sees the same
	await page.keyboard.press('/');
	await page.keyboard.type('cafe told');
	await expect.poll(() => search(page).get('q')).toBe('cafe told');
	expectValue(search(page).getAll('label')).toEqual(['fact-check']);
	expectValue(search(page).getAll('only')).toEqual(['mentions']);
	await page.reload();
	await settled(page);
	await expect(cards(page)).toHaveCount(1);
	await expect(card(page, 'A café told')).toBeVisible();
	await expect(bar(page).getByRole('searchbox')).toHaveValue('cafe told');

	// nothing passes: it says so and how to go on
	await bar(page).getByRole('searchbox').fill('nobody says this');
	// Enter goes to the first of what is found by then, and nothing is
	await page.keyboard.press('Enter');
	await expect(page.getByText('Nothing here says “nobody says this”.')).toBeVisible();
	const chips = bar(page).getByRole('list', { name: 'Chosen in the filter' });
	await chips.getByRole('button', { name: 'Remove from the filter: Fact-check' }).click();
	await expect.poll(() => search(page).getAll('label')).toEqual([]);
	await page.getByRole('button', { name: 'Clear the filter' }).click();
	await expect(cards(page)).toHaveCount(4);
	await expect.poll(() => search(page).size).toBe(0);

	// next and previous go through what is filtered, and say where one is
	await bar(page).getByRole('button', { name: 'Filter' }).click();
	await choice(page, 'Fact-check').check();
	await page.keyboard.press('Escape');
	await articleText(page).focus();
	await page.keyboard.press('j');
	await expect(card(page, 'Which bridge')).toBeFocused();
	await page.keyboard.press('j');
	await expect(card(page, 'A café told')).toBeFocused();
	await expect(page.getByRole('status', { name: 'What you did' })).toHaveText('2 of 2.');

	// what one adds is said to be left out, and the way back to it is at hand
	await comment(page, [2, 0], [2, 9], 'Which engineers?');
	await page.getByRole('button', { name: 'Clear the filter' }).click();
	await expect(cards(page)).toHaveCount(5);
	await page.goBack();
	await expect.poll(() => search(page).getAll('label')).toEqual(['fact-check']);
	await page.keyboard.press('Escape');
	await expect(card(page, 'Which engineers?')).toHaveCount(0);
	await page.goForward();
	await open(page, 'Which engineers?');

	// somebody who has done nothing here has a name in the filter too
	const { name } = await newsroom.person('annotator', 'Stella Silent');
	await page.keyboard.press('i');
	await page.keyboard.type(name);
	await page.getByRole('option', { name }).click();
	await settled(page);
	await page.reload();
	await bar(page).getByRole('button', { name: 'Filter' }).click();
	await expect(choice(page, name)).toHaveAccessibleName(`${name} 1`);
	expect(page.errors).toEqual([]);
	await page.context().close();
});

test('what is unread: at the next visit, while one is here, and read by opening', async () => {
	const id = await newsroom.article();
	const first = await say(emil, id, 'The first thing.', { exact: 'bridge' });
	await say(emil, id, 'The second thing.', { exact: 'mayor' });
	await say(ann, id, 'My own.', { exact: 'Monday' });
	const page = await openArticle(browser, newsroom, ann, id);
	await expect(page).toHaveTitle('(2) Bridge stays closed · Galley');

	// opening reads it, for the server too
	await open(page, 'The first thing.');
	await expect(page).toHaveTitle('(1) Bridge stays closed · Galley');
	await page.goto(`${newsroom.origin}/articles`);
	const asked: string[] = [];
	page.on('request', (one) => one.url().endsWith('/unread') && asked.push(one.method()));
	await page.goto(`${newsroom.origin}/articles/${id}`);
	await settled(page);
	await expect(page).toHaveTitle('(1) Bridge stays closed · Galley');

	// what comes in is unread, unless it comes into the open thread; what I do is not
	await answer(emil, id, first, `One more for [@Ann Annotator](${ann.principal}).`);
	await expect(page).toHaveTitle('(2) Bridge stays closed · Galley');
	await expect(page.getByRole('status', { name: 'What others do' })).toHaveText(
		'Emil Editor replied on “bridge”: One more for @Ann Annotator.'
	);
	await articleText(page).focus();
	await page.keyboard.press('n');
	await expect(card(page, 'The first thing.')).toBeFocused();
	await expect(page).toHaveTitle('(1) Bridge stays closed · Galley');
	await answer(emil, id, first, 'And while you look.');
	await expect(card(page, 'And while you look.')).toBeVisible();
	await expect(page).toHaveTitle('(1) Bridge stays closed · Galley');
	expect(asked).toEqual(['GET']);

	// the filter keeps what one has just read, until it is chosen anew
	await bar(page).getByRole('button', { name: 'Filter' }).click();
	await choice(page, 'Unread').check();
	await page.keyboard.press('Escape');
	await articleText(page).focus();
	await page.keyboard.press('n');
	await expect(card(page, 'The second thing.')).toBeFocused();
	await expect(page).toHaveTitle('Bridge stays closed · Galley');
	await page.keyboard.press('Escape');
	await expect(card(page, 'The second thing.')).toBeVisible();

	// what somebody settles is new too, though it is not among the open ones; U puts a thread back
	await page.getByRole('button', { name: 'Clear', exact: true }).click();
	const tab = bar(page).getByRole('button', { name: /^Resolved/ });
	await expect(tab).toHaveAccessibleName('Resolved 0');
	await emil.call('PUT', new URL(first).pathname.replace('/api/v1', ''), {
		...(await emil.call('GET', new URL(first).pathname.replace('/api/v1', ''))).body,
		'galley:status': 'resolved'
	});
	await expect(tab).toHaveAccessibleName('Resolved 1 with 1 unread');
	await page.keyboard.press('n');
	await expect(card(page, 'The first thing.')).toBeFocused();
	await expect(page.getByRole('status', { name: 'What you did' })).toHaveText(
		'It is outside the filter. No more is unread.'
	);
	await page.keyboard.press('u');
	await expect(tab).toHaveAccessibleName('Resolved 1 with 1 unread');
	const list = await signIn(browser, newsroom.origin, ann);
	await expect(list.getByRole('listitem').filter({ hasText: '1 unread' })).toHaveCount(1);

	// what is read in another browser is read here, when one comes back
	await list.goto(`${newsroom.origin}/articles/${id}?status=resolved`);
	await open(list, 'The first thing.');
	await expect
		.poll(async () => (await ann.call<{ threads: unknown[] }>('GET', `/articles/${id}/unread`)).body.threads)
		.toEqual([]);
	await list.context().close();
	await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
	await expect(page).toHaveTitle('Bridge stays closed · Galley');

	// read while offline, told later
	await page.context().setOffline(true);
	await expect(saveState(page)).toHaveAttribute('data-state', 'offline');
	await say(emil, id, 'The third thing.', { exact: 'Engineers' });
	await page.context().setOffline(false);
	await expect(page).toHaveTitle('(1) Bridge stays closed · Galley');
	await page.keyboard.press('Shift+U');
	await expect(page).toHaveTitle('Bridge stays closed · Galley');
	await expect
		.poll(async () => (await ann.call<{ threads: unknown[] }>('GET', `/articles/${id}/unread`)).body.threads)
		.toEqual([]);
	expect(page.errors).toEqual([]);
	await page.context().close();
});

test('what was read while the server was away is told as soon as it is back', async () => {
	const id = await newsroom.article();
	await say(emil, id, 'Read in the dark.', { exact: 'bridge over the Ilm' });
	const page = await openArticle(browser, newsroom, ann, id);
	await expect(page).toHaveTitle('(1) Bridge stays closed · Galley');
	await newsroom.process.stop('SIGKILL');
	const failed = page.waitForEvent('requestfailed', (one) => one.url().endsWith('/read'));
	await open(page, 'Read in the dark.');
	await failed;
	await newsroom.restart();
	await expect
		.poll(
			async () => (await ann.call<{ threads: unknown[] }>('GET', `/articles/${id}/unread`)).body.threads,
			{
				timeout: 20_000
			}
		)
		.toEqual([]);
	expect(page.errors).toEqual([]);
	await page.context().close();
});

test('the palette: commands, views, comments and people, by a few letters', async () => {
	const id = await newsroom.article();
	await say(ann, id, 'Which bridge?', { exact: 'bridge over the Ilm', label: 'fact-check' });
	await say(ann, id, 'Which Monday?', { exact: 'on Monday' });
	const page = await openArticle(browser, newsroom, emil, id);
	const palette = page.getByRole('dialog', { name: 'Find a command, a person or a comment' });
	const find = palette.getByRole('combobox', { name: 'Find' });
	const chosen = palette.getByRole('option', { selected: true });
	const look = async (words: string) => {
		await page.keyboard.press('Control+k');
		await expect(find).toBeFocused();
		await page.keyboard.type(words);
	};

	await articleText(page).focus();
	await look('monday');
	await expect(chosen).toContainText('Which Monday?');
	await expect(find).toHaveAttribute('aria-activedescendant', (await chosen.getAttribute('id'))!);
	await page.keyboard.press('Enter');
	await expect(palette).toHaveCount(0);
	await expect(card(page, 'Which Monday?')).toBeFocused();

	// what can be done with the open comment is among the commands, and is remembered
	await look('reply');
	await expect(chosen).toContainText('Reply to the open comment');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('textbox', { name: 'Your reply' })).toBeFocused();
	await page.keyboard.press('Escape');
	await look('');
	await expect(palette.getByRole('group', { name: 'Used last' }).getByRole('option')).toContainText([
		'Reply to the open comment'
	]);
	await page.keyboard.press('Escape');
	await expect(card(page, 'Which Monday?')).toBeFocused();

	await look('only fact');
	await page.keyboard.press('Enter');
	await expect.poll(() => search(page).getAll('label')).toEqual(['fact-check']);
	await look('share');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('dialog', { name: /Share/ })).toBeVisible();
	await page.keyboard.press('Escape');

	await look('no such thing anywhere');
	await expect(palette.getByText('Nothing is called that')).toBeVisible();
	await page.keyboard.press('Escape');
	await look('go to articles');
	await page.keyboard.press('Enter');
	await page.waitForURL(`${newsroom.origin}/articles`);
	expect(page.errors).toEqual([]);
	await page.context().close();
});

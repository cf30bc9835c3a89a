/** Every page and dialog under axe: no serious and no critical finding, in light, in dark and on a narrow screen. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Browser, type Locator, type Page } from '@playwright/test';
import { afterAll, beforeAll, test } from 'vitest';
import { annotationBy, put, replyBy } from '../support/annotations.ts';
import { newPerson, openBrowser } from '../support/browser.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import {
	articleText,
	card,
	comment,
	commentByApi,
	highlight,
	openArticle,
	select,
	settled,
	signIn
} from '../support/desk.ts';
import { PASSWORD, startNewsroom, type Newsroom } from '../support/newsroom.ts';
import { startGalley, type GalleyProcess } from '../support/process.ts';
import { join, watchSaved } from '../support/sockets.ts';

const WIDE = { width: 1280, height: 900 };
const LOOKS = [
	{ colorScheme: 'light', viewport: WIDE },
	// what differs in the dark is colours alone
	{ colorScheme: 'dark', viewport: WIDE, rules: ['color-contrast', 'link-in-text-block'] },
	{ colorScheme: 'light', viewport: { width: 390, height: 844 } }
] as const;

const SPACED = `
	* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
	p { margin-bottom: 2em !important }
`;

let database: TestDatabase;
let empty: GalleyProcess;
let newsroom: Newsroom;
let browser: Browser;
beforeAll(async () => {
	database = await createDatabase();
	[empty, newsroom, browser] = await Promise.all([
		startGalley({ DATABASE_URL: database.url }),
		startNewsroom(),
		openBrowser()
	]);
});
afterAll(async () => {
	await browser?.close();
	await empty?.stop();
	await database?.drop();
	await newsroom?.[Symbol.asyncDispose]();
});

const OLGA = { email: 'olga@example.org', password: PASSWORD };
const still = { reducedMotion: 'reduce' } as const;

/** The page has been drawn in its new look. */
const painted = (page: Page) =>
	page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** Passages point to no card that has gone with the change of look: they follow once the cards have come to rest. */
const pointing = (page: Page) =>
	page.waitForFunction(() =>
		[...document.querySelectorAll('[aria-details]')].every((one) =>
			document.getElementById(one.getAttribute('aria-details')!)
		)
	);

/** What axe finds of the page as it stands, in each look; `ready` waits for what a change of look brings. */
async function findings(
	page: Page,
	what: string,
	ready: () => Promise<void> = async () => {}
): Promise<void> {
	for (const { colorScheme, viewport, ...look } of LOOKS) {
		await page.setViewportSize(viewport);
		await page.emulateMedia({ colorScheme });
		await ready();
		await painted(page);
		await pointing(page);
		// not among axe's own: what is said is what is seen
		const said = { 'label-content-name-mismatch': { enabled: true } };
		const axe = new AxeBuilder({ page }).options({ rules: said }).setLegacyMode(true);
		if ('rules' in look) axe.withRules([...look.rules]);
		const { violations } = await axe.analyze();
		const grave = violations
			.filter(({ impact }) => impact === 'serious' || impact === 'critical')
			.flatMap(({ id, nodes }) =>
				nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}\n${failureSummary}`)
			);
		expect(grave, `${what}, ${colorScheme}, ${viewport.width} px`).toEqual([]);
	}
	// so wide is a window of 1280 px at 400%; the text as far apart as somebody may want it (WCAG 1.4.10, 1.4.12)
	await page.setViewportSize({ width: 320, height: 640 });
	const spaced = await page.addStyleTag({ content: SPACED });
	await painted(page);
	const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
	expect(overflow, `${what} is too wide at 320 px with its text spaced`).toBeLessThanOrEqual(0);
	await spaced.evaluate((style: HTMLStyleElement) => style.remove());
	await page.setViewportSize(WIDE);
}

/** What can be pressed and is less high than so many px. */
const small = (page: Page, least: number) =>
	page.locator('button:visible, a:visible, summary:visible, [role="button"]:visible').evaluateAll(
		(all, least) =>
			all
				.map((one) => ({
					name: one.ariaLabel ?? one.textContent,
					height: one.getBoundingClientRect().height
				}))
				.filter(({ height }) => height < least - 0.1),
		least
	);

test('the first run and signing in', async () => {
	const page = await newPerson(browser, still);
	await page.goto(`${empty.origin}/setup?token=${empty.setupToken}`);
	await expect(page.getByLabel('Newsroom')).toBeVisible();
	await findings(page, 'setup');
	await page.getByRole('button', { name: 'Make the newsroom' }).click();
	await expect(page.getByLabel('Newsroom')).toHaveAttribute('aria-invalid', 'true');
	await findings(page, 'setup with faults');
	await page.goto(`${newsroom.origin}/sign-in`);
	await expect(page.getByLabel('E-mail')).toBeVisible();
	await findings(page, 'sign-in');
	await page.goto(`${newsroom.origin}/r/no-such-link`);
	await expect(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
	await findings(page, 'nothing here');
	expect(page.errors).toEqual([]);
	await page.context().close();
});

test('articles and people', async () => {
	const page = await signIn(browser, newsroom.origin, OLGA, '/articles', still);
	await expect(page.getByRole('button', { name: 'Add the sample story' })).toBeVisible();
	await findings(page, 'articles, empty');
	await page.getByRole('button', { name: 'Add the sample story' }).click();
	await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(3);
	await findings(page, 'articles');
	await page.getByRole('searchbox').fill('zeppelin');
	await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
	await findings(page, 'articles, nothing found');
	await page.getByRole('button', { name: 'Bring an article in' }).click();
	await expect(page.getByRole('dialog')).toBeVisible();
	const files = ['In.txt', 'Refused.docx'].map((name) => ({
		name,
		mimeType: 'text/plain',
		buffer: Buffer.from('A headline\nA line.\n')
	}));
	await page.getByRole('dialog').getByLabel('Text files').setInputFiles(files);
	await expect(page.getByRole('dialog').getByRole('status')).toHaveText('1 article came in, 1 refused.');
	await findings(page, 'import dialog');
	await page.goto(`${newsroom.origin}/people`);
	await expect(page.getByRole('main').getByText('Olga Owner')).toBeVisible();
	await findings(page, 'people');
	await page.getByRole('button', { name: 'Add a person' }).first().click();
	await expect(page.getByRole('dialog')).toBeVisible();
	await findings(page, 'add-person dialog');
	await page.keyboard.press('Escape');
	await page.getByLabel('Role of Olga Owner').selectOption('editor');
	await page.getByRole('button', { name: 'Give it up' }).click();
	await expect(page.getByRole('alert')).toContainText('A newsroom needs an owner');
	await findings(page, 'giving up a role, refused');
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: 'Olga Owner' }).click();
	await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeVisible();
	await findings(page, 'menu');
	expect(page.errors).toEqual([]);
	await page.context().close();
});

test('labels', async () => {
	const page = await signIn(browser, newsroom.origin, OLGA, '/labels', still);
	await page.getByRole('button', { name: 'Remove Praise' }).click();
	await page.getByRole('button', { name: 'Add a label' }).click();
	await page.getByRole('button', { name: 'Save' }).click();
	await expect(page.getByText('A name is needed.')).toBeVisible();
	await findings(page, 'labels, one removed and one without a name');
	await page.keyboard.type('Obituary');
	await newsroom.owner.call('PUT', '/labels', { items: [{ name: 'Legal', color: 'violet' }] });
	await page.getByRole('button', { name: 'Save' }).click();
	await expect(page.getByRole('alert')).toBeVisible();
	await findings(page, 'labels that somebody else changed');
	await page.getByRole('link', { name: 'Articles' }).click();
	await expect(page.getByRole('dialog')).toBeVisible();
	await findings(page, 'leaving labels unsaved');
	await page.getByRole('button', { name: 'Stay here' }).click();
	await page.getByRole('button', { name: 'Go on with mine' }).click();
	await page.getByRole('button', { name: 'Save' }).click();
	await expect(page.getByText('Saved.')).toBeVisible();
	const vera = await signIn(browser, newsroom.origin, await newsroom.person('viewer'), '/labels', still);
	await expect(vera.getByRole('row', { name: /Obituary/ })).toBeVisible();
	await findings(vera, 'labels, to read');
	for (const one of [page, vera]) expect(one.errors).toEqual([]);
	await Promise.all([page.context().close(), vera.context().close()]);
});

test('on a phone: headline, filter, text, for the eye and for Tab; and nothing to press is under 44 px', async () => {
	const articleId = await newsroom.article();
	await commentByApi(newsroom.owner, articleId, 'until Friday', 'This Friday?');
	const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
	const page = await openArticle(browser, newsroom, OLGA, articleId, { ...still, ...phone });
	const edit = page.getByRole('button', { name: 'Edit details' });
	const filter = page.getByRole('button', { name: 'Open 1' });
	const note = page.getByRole('button', { name: 'Note on the whole article' });
	const topOf = async (one: Locator) => (await one.boundingBox())!.y;
	const tops = await Promise.all([edit, filter, note, articleText(page)].map(topOf));
	expect(tops).toEqual(tops.toSorted((a, b) => a - b));
	await edit.focus();
	await page.keyboard.press('Tab');
	await expect(filter).toBeFocused();

	expect(await small(page, 44)).toEqual([]);
	await page.getByRole('button', { name: '1 comment', exact: true }).tap();
	await expect(page.getByRole('button', { name: 'Reply' })).toBeVisible();
	expect(await small(page, 44)).toEqual([]);
	await page.getByRole('button', { name: 'Reply' }).tap();
	await expect(page.getByRole('textbox', { name: 'Your reply' })).toBeVisible();
	expect(await small(page, 44)).toEqual([]);
	expect(page.errors).toEqual([]);
	await page.context().close();
});

test('an article: its cards, its dialogs, and its finished set', async () => {
	const articleId = await newsroom.article();
	const ann = await newsroom.person('annotator', 'Ann Annotator');
	await commentByApi(ann, articleId, 'until Friday', 'This Friday? https://example.org/friday');
	const page = await openArticle(browser, newsroom, OLGA, articleId, still);
	await findings(page, 'article with a card', () => settled(page));
	await page.getByRole('button', { name: 'Filter' }).click();
	await page.getByRole('checkbox', { name: 'Ann Annotator' }).check();
	await findings(page, 'article with a filter and its choices');
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: 'Search in comments' }).click();
	await page.getByRole('searchbox').fill('nobody says this');
	await expect(page.getByText('Nothing here says')).toBeVisible();
	await findings(page, 'article where nothing is found');
	await page.getByRole('button', { name: 'Clear the filter' }).click();
	await page.keyboard.press('Control+k');
	await expect(page.getByRole('combobox', { name: 'Find' })).toBeFocused();
	await page.keyboard.type('friday');
	await findings(page, 'palette');
	await page.keyboard.press('Escape');
	await highlight(page, [2, 0], [2, 9]);
	await comment(page, [0, 4], [0, 23], 'Over another passage.', 'Legal');
	await card(page, 'Over another passage.').getByRole('button', { name: 'Reply' }).click();
	await findings(page, 'article with an open card and a reply being written');
	await page.keyboard.press('Escape');
	await card(page, 'Over another passage.').getByRole('button', { name: 'Delete' }).click();
	await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible();
	await findings(page, 'article with a toast');
	await select(page, [1, 0], [1, 8]);
	await findings(page, 'article with selected words');
	await page.keyboard.press('a');
	await expect(page.getByRole('textbox', { name: 'Your comment' })).toBeVisible();
	await findings(page, 'article with a comment being written');
	await page.getByRole('textbox', { name: 'Your comment' }).press('Escape');
	await page.context().setOffline(true);
	await expect(page.getByText('Offline – your work is kept').first()).toBeVisible();
	await findings(page, 'article, offline');
	await page.context().setOffline(false);
	await settled(page);

	await articleText(page).focus();
	await page.keyboard.press('Shift+?');
	await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
	await findings(page, 'keys');
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: 'Share' }).click();
	await page.getByRole('dialog').getByLabel('It works until').selectOption('date');
	await page.getByRole('dialog').getByRole('button', { name: 'Suggest' }).click();
	await page.getByRole('dialog').getByRole('button', { name: 'Create link' }).click();
	await expect(page.getByRole('dialog').getByText('Day is needed.')).toBeVisible();
	await findings(page, 'share dialog with a fault');
	await page.getByRole('dialog').getByLabel('It works until').selectOption('day');
	await page.getByRole('dialog').getByRole('button', { name: 'Create link' }).click();
	await expect(page.getByRole('dialog').getByRole('textbox', { name: /Address of the link/ })).toBeVisible();
	await findings(page, 'share dialog');
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: 'Export' }).click();
	await expect(page.getByRole('menuitem', { name: 'CSV' })).toBeVisible();
	await findings(page, 'export menu');
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: 'Finish' }).click();
	await page.getByRole('dialog').getByRole('button', { name: 'Finish' }).click();
	await expect(page.getByRole('dialog')).toContainText('still open');
	await findings(page, 'finish dialog with open threads');
	await page.getByRole('dialog').getByLabel('Reason').fill('It is time.');
	await page.getByRole('dialog').getByRole('button', { name: 'Finish all the same' }).click();
	await page.waitForURL('**/sets/*');
	await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
	await findings(page, 'set');
	await page.goto(`${newsroom.origin}/articles/${articleId}`);
	await expect(page.getByText(/Finished as set 1/)).toBeVisible();
	await findings(page, 'finished article');
	expect(page.errors).toEqual([]);
	await page.context().close();
});

test('an open thread: its forms, its lists, its history; following; a passage that is gone', async () => {
	const articleId = await newsroom.article();
	const ann = await newsroom.person('annotator', 'Ann Annotator');
	using writer = join(newsroom, ann, `${articleId}/layers/shared`);
	await writer.synced;
	const saved = watchSaved(writer.provider);
	const gone = { exact: 'words that were cut', prefix: '', suffix: '', from: 4, to: 23 };
	put(writer.doc, annotationBy(ann.principal, { ...gone, body: 'Where did it go?' }));
	const there = { exact: 'bridge', prefix: 'The ', suffix: ' over', from: 4, to: 10, tags: ['figures'] };
	const root = put(writer.doc, annotationBy(ann.principal, { ...there, label: 'legal', body: 'Which one?' }));
	for (const body of ['One.', 'Two.', 'Three.', 'Four.', 'Five.'])
		put(writer.doc, replyBy(ann.principal, root, { body }));
	await saved.next(7);
	const other = await openArticle(browser, newsroom, ann, articleId, still);
	const page = await openArticle(browser, newsroom, OLGA, articleId, still);
	await expect(page.getByRole('region', { name: 'Passages that are gone' })).toBeVisible();
	await page.keyboard.press('Shift+F');
	await expect(page.getByText('Following Ann Annotator').last()).toBeVisible();
	await findings(page, 'an article with a passage that is gone, following somebody');
	await page.keyboard.press('Escape');
	await page.keyboard.press('j');
	await expect(card(page, 'Which one?')).toBeFocused();
	await expect(page.getByRole('button', { name: 'Fewer replies' })).toBeVisible();
	expect(await small(page, 24)).toEqual([]);
	const asked = async (key: string, shown: Locator, what: string) => {
		await page.keyboard.press(key);
		await expect(shown).toBeVisible();
		await findings(page, what);
		await page.keyboard.press('Escape');
		await expect(shown).toBeHidden();
	};
	await asked('e', page.getByRole('toolbar', { name: 'Why is it settled?' }), 'resolving');
	for (const [key, name] of [
		['+', 'React'],
		['i', 'Assign to'],
		['l', 'Label'],
		['t', 'Add a tag']
	] as const)
		await asked(key, page.getByRole('combobox', { name }), name);
	await card(page, 'Which one?').getByRole('button', { name: 'History' }).click();
	await expect(page.getByRole('dialog', { name: 'History' }).getByRole('listitem').first()).toBeVisible();
	await findings(page, 'history');
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: 'Edit details' }).click();
	await expect(page.getByRole('dialog')).toBeVisible();
	await findings(page, 'details of the article');
	await page.keyboard.press('Escape');

	await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
	await page.emulateMedia({ media: 'print' });
	await expect(page.getByRole('heading', { name: 'Comments' })).toBeVisible();
	await findings(page, 'on paper');
	for (const one of [page, other]) expect(one.errors).toEqual([]);
	await Promise.all([page.context().close(), other.context().close()]);
});

test('what a guest sees', async () => {
	const articleId = await newsroom.article();
	await commentByApi(newsroom.owner, articleId, 'until Friday', 'This Friday?');
	const { body } = await newsroom.owner.call<{ id: string; url: string }>(
		'POST',
		`/articles/${articleId}/links`,
		{
			access: 'annotate',
			password: 'over the bridge'
		}
	);
	const page = await newPerson(browser, still);
	await page.goto(body.url);
	await expect(page.getByLabel('Password of the link')).toBeVisible();
	await findings(page, 'review form');
	await page.getByLabel('Your name').fill('Gil Guest');
	await page.getByLabel('Password of the link').fill('over the bridge');
	await page.getByRole('button', { name: 'Open the article' }).click();
	await settled(page);
	await card(page, 'This Friday?').click();
	await findings(page, 'a guest’s article');
	await newsroom.owner.call('DELETE', `/links/${body.id}`);
	await expect(page.getByRole('region', { name: 'Connection' })).toBeVisible();
	await findings(page, 'an article that was taken away');
	expect(page.errors).toEqual([]);
	await page.context().close();
});

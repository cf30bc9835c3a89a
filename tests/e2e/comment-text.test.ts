/** The words of a comment: formatted, with people in them, pasted from elsewhere; and none of it more than words. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Browser, type Locator, type Page } from '@playwright/test';
import { afterAll, beforeAll, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { card, commentByApi, open, openArticle, select, settled, storedWords } from '../support/desk.ts';
import { startNewsroom, type Newsroom } from '../support/newsroom.ts';

type Person = Awaited<ReturnType<Newsroom['person']>>;
type Desk = Page & { errors: string[] };
let newsroom: Newsroom;
let browser: Browser;
let edith: Person;
let ann: Person;
beforeAll(async () => {
	[newsroom, browser] = await Promise.all([startNewsroom(), openBrowser()]);
	edith = await newsroom.person('editor', 'Edith Editor');
	ann = await newsroom.person('annotator', 'Ánn Annotator');
});
afterAll(async () => {
	await browser?.close();
	await newsroom?.[Symbol.asyncDispose]();
});

const field = (page: Page, name = 'Your comment') => page.getByRole('textbox', { name });
const options = (page: Page) => page.getByRole('listbox').getByRole('option');
/** The words as they are set, without the comments that Svelte leaves in the page. */
const htmlOf = (where: Locator) =>
	where
		.locator('.comment-text')
		.first()
		.evaluate((element) => element.innerHTML.replace(/<!--.*?-->/g, ''));

/** What the clipboard of another program holds. */
const paste = (where: Locator, data: Record<string, string>) =>
	where.evaluate((element, data) => {
		const clipboardData = new DataTransfer();
		for (const [type, value] of Object.entries(data)) clipboardData.setData(type, value);
		element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
	}, data);

async function write(page: Page, from: number, to: number): Promise<Locator> {
	await select(page, [0, from], [0, to]);
	await page.keyboard.press('a');
	await expect(field(page)).toBeFocused();
	return field(page);
}

test('somebody formats, mentions and picks an emoji from the keyboard; the other sees it so, and editing shows it again', async () => {
	const articleId = await newsroom.article();
	const [one, other] = (await Promise.all([
		openArticle(browser, newsroom, edith, articleId),
		openArticle(browser, newsroom, ann, articleId)
	])) as [Desk, Desk];
	const { keyboard } = one;
	await write(one, 4, 10);
	await keyboard.press('Control+b');
	await keyboard.type('Who');
	await keyboard.press('Control+b');
	await keyboard.type(' says so, @ann');
	// without the accent; whoever writes is not in the list
	await expect(options(one)).toHaveText([/Ánn Annotator/]);
	await expect(field(one)).toHaveAttribute('aria-activedescendant', (await options(one).getAttribute('id'))!);
	await keyboard.press('Enter');
	await expect(options(one)).toHaveCount(0);
	await keyboard.type('? 2*3 <b> snake_case :fact');
	await expect(options(one).first()).toContainText('fact check');
	await keyboard.press('Tab');
	await keyboard.press('Enter');
	await keyboard.type('- from [the mayor](https://a.example/m)');
	await keyboard.press('Enter');
	await keyboard.type('*or* not');
	await keyboard.press('Control+Enter');

	const posted = card(other, 'says so');
	await expect(posted.getByRole('link', { name: 'the mayor' })).toHaveAttribute(
		'href',
		'https://a.example/m'
	);
	await expect(posted.getByRole('link')).toHaveAttribute('rel', 'noopener noreferrer nofollow');
	const principal = ann.principal;
	expect(await storedWords(edith, articleId)).toEqual([
		`**Who** says so, [@Ánn Annotator](${principal}) ? 2\\*3 \\<b> snake_case 🔎\n\n- from [the mayor](https://a.example/m)\n- *or* not`
	]);
	await expect(posted.locator('strong')).toHaveText('Who');
	await expect(posted.locator('li')).toHaveText(['from the mayor', 'or not']);
	await expect(posted.locator('li em')).toHaveText('or');
	await expect(posted.locator('.mention.me')).toHaveText('@Ánn Annotator');
	expect(await htmlOf(posted)).toContain('? 2*3 &lt;b&gt; snake_case 🔎</p>');
	await expect(card(one, 'says so').locator('.mention')).toHaveClass('mention');

	await open(one, 'says so');
	await card(one, 'says so').getByRole('button', { name: 'Edit' }).click();
	await expect(field(one, 'Edit your words').locator('strong')).toHaveText('Who');
	await expect(field(one, 'Edit your words').locator('li')).toHaveText(['from the mayor', 'or not']);
	await keyboard.type(', then');
	await keyboard.press('Control+Enter');
	await expect(posted.locator('li')).toHaveText(['from the mayor', 'or not, then']);
	await expect(posted).toContainText('edited');
	for (const page of [one, other]) expect(page.errors).toEqual([]);
	await Promise.all([one.context().close(), other.context().close()]);
});

test('what is pasted comes in clean, and nothing in a comment runs', async () => {
	const articleId = await newsroom.article();
	const run = '<img src=x onerror="window.ran=1"><script>window.ran=1</script>';
	await commentByApi(
		ann,
		articleId,
		'Friday',
		`${run} [x](javascript:window.ran=1) ![y](javascript:ran) **b** [@Olga Owner](user:nobody) [@Nobody](${edith.principal}) [bank.example](https://evil.example/)`
	);
	const page = await openArticle(browser, newsroom, edith, articleId);
	const hostile = card(page, 'onerror');
	await expect(hostile).toContainText(`${run} [x](javascript:window.ran=1) ![y](javascript:ran) b`);
	await expect(hostile.locator('img, script')).toHaveCount(0);
	// nobody is spoken to under another’s name, and where a link goes cannot be hidden
	await expect(hostile.locator('.mention')).toHaveText('@Edith Editor');
	await expect(hostile).toContainText('@Olga Owner @Edith Editor bank.example (evil.example)');
	await expect(hostile.getByRole('link')).toHaveAttribute('href', 'https://evil.example/');

	const words = await write(page, 4, 10);
	await paste(words, {
		'text/html': `<style>p{color:red}</style><b style="font-weight:normal" id="docs-internal-guid-1">
			<h2 class="x" style="color:red">From a page</h2><p style="font-size:40px" onclick="window.ran=1"><b>Bold</b>
			<i>and</i> <a href="javascript:window.ran=1">bad</a> <a href="https://a.example/" onclick="window.ran=1">good</a></p>${run}
			<p class="MsoListParagraph" style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">·<span>  </span></span>first</p>
			<p class="MsoListParagraph" style="mso-list:l0 level2 lfo1"><span style="mso-list:Ignore">o</span>within</p>
			<p class="MsoListParagraph" style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">·</span>second</p>
			<table><tr><td>Town</td><td>Cars</td></tr><tr><td><p>Ilm</p></td><td align="right"><b>14,000</b></td></tr></table><iframe src="https://a.example"></iframe></b>`
	});
	await expect(words.locator('li')).toHaveText(['firstwithin', 'within', 'second']);
	await expect(
		words.locator('[style], [class*=Mso], [onclick], script, style, iframe, table, img[src=x]')
	).toHaveCount(0);
	await page.keyboard.press('Control+Enter');
	await expect(card(page, 'From a page').locator('li li')).toHaveText('within');
	await settled(page);
	expect(await storedWords(edith, articleId)).toContain(
		'**From a page**\n\n**Bold** *and* bad [good](https://a.example/)\n\n- first\n  - within\n- second\n\nTown | Cars\nIlm | **14,000**'
	);

	const plain = await write(page, 0, 3);
	await paste(plain, { 'text/plain': 'one\n  two *x*\n\n1. three' });
	await page.keyboard.press('Control+Enter');
	await expect(card(page, 'three').locator('p', { hasText: '1. three' })).toBeVisible();
	await settled(page);
	expect(await storedWords(edith, articleId)).toContain('one\n&#32; two \\*x\\*\n\n1\\. three');
	expect(await page.evaluate(() => 'ran' in window)).toBe(false);
	expect(page.errors).toEqual([]);
	await page.context().close();
});

test('the tools can be reached and left by keys, and a link is made and taken away', async () => {
	const articleId = await newsroom.article();
	const page = await openArticle(browser, newsroom, edith, articleId);
	const { keyboard } = page;
	const words = await write(page, 4, 10);
	await keyboard.type('the source');
	await keyboard.press('Tab');
	const bold = page.getByRole('toolbar', { name: 'Formatting' }).getByRole('button', { name: 'Bold' });
	await expect(bold).toBeFocused();
	await keyboard.press('ArrowRight');
	await keyboard.press('ArrowRight');
	await expect(page.getByRole('button', { name: 'Link', exact: true })).toBeFocused();
	await keyboard.press('Escape');
	await expect(words).toBeFocused();

	// for a moment after it got the focus the editor puts back what somebody quicker than a hand selects
	await expect(async () => {
		await keyboard.press('Shift+Home');
		await page.evaluate(
			() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
		);
		expect(await page.evaluate(() => getSelection()!.toString())).toBe('the source');
	}).toPass();
	await keyboard.press('Control+k');
	const address = page.getByRole('textbox', { name: 'Address of the link' });
	await expect(address).toBeFocused();
	await keyboard.type('javascript:alert(1)');
	await keyboard.press('Enter');
	await expect(address).toHaveAttribute('aria-invalid', 'true');
	await address.fill('a.example/source');
	await keyboard.press('Enter');
	await expect(words.getByRole('link', { name: 'the source' })).toHaveAttribute(
		'href',
		'https://a.example/source'
	);
	await expect(words).toBeFocused();

	// an open list is closed before the field is left
	await keyboard.press('End');
	await keyboard.type(' @');
	await expect(options(page).first()).toBeVisible();
	const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
	expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
	await keyboard.press('Escape');
	await expect(options(page)).toHaveCount(0);
	await expect(words).toBeFocused();
	await page.getByRole('button', { name: 'Emoji' }).click();
	await expect(options(page).first()).toContainText('thumbs up');
	await options(page).first().click();
	await expect(words).toHaveText('the source @ 👍');

	// a list within a list, out of it again, and a quotation
	await keyboard.press('Enter');
	await keyboard.type('- one');
	await keyboard.press('Enter');
	await keyboard.type('two');
	await keyboard.press('Control+]');
	await expect(words.locator('li li')).toHaveText('two');
	await keyboard.press('Control+[');
	await expect(words.locator('li')).toHaveText(['one', 'two']);
	await keyboard.press('Enter');
	await keyboard.press('Enter');
	await keyboard.press('Control+Shift+Digit9');
	await keyboard.type('three');
	await expect(words.locator('blockquote')).toHaveText('three');
	await keyboard.press('Escape');
	await expect(words).toHaveCount(0);
	expect(page.errors).toEqual([]);
	await page.context().close();
});

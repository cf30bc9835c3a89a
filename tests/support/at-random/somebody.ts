/** One of those who do things at random: their browser, what they have written, and what has gone wrong at it. */
import type { Locator, Page } from '@playwright/test';
import { articleText } from '../desk.ts';

export interface Somebody {
	name: string;
	page: Page & { errors: string[] };
	/** words that they wrote and did not throw away: each of them has to be somewhere */
	written: Set<string>;
	/** the network is gone */
	offline: boolean;
	/** what they did last was done by key */
	byKey: boolean;
	/** what was wrong */
	faults: string[];
	/** of what is done while the server or the network is away the console says so */
	troubled: () => boolean;
	/** what they did, for whoever looks into a failure */
	tell(what: string): void;
	/** a word that nobody has written yet */
	word(): string;
}

/** ms: a slow machine draws late */
export const PATIENCE = 8000;
const NETWORK =
	/net::ERR_|WebSocket connection|Failed to load resource: the server responded with a status of 5|Failed to fetch/;

/** Hears of errors of the page, and what the console says. */
export function listen(me: Somebody): void {
	me.page.on('pageerror', (error) => me.faults.push(error.stack ?? error.message));
	me.page.on('console', (message) => {
		if (message.type() !== 'error' || (NETWORK.test(message.text()) && me.troubled())) return;
		me.faults.push(`the console says: ${message.text()} (${message.location().url})`);
	});
}

/** Presses it, if it is there. What stays there and cannot be pressed is a fault. @returns whether it was pressed */
export async function press(me: Somebody, what: Locator): Promise<boolean> {
	const one = what.first();
	if (!(await one.isVisible()) || (await one.isDisabled().catch(() => true))) return false;
	try {
		await one.click({ timeout: PATIENCE });
		me.byKey = false;
		return true;
	} catch (error) {
		// under the list of the filter: one would close that first
		if (!(await one.isVisible()) || /class="filter.* intercepts/.test(String(error))) return false;
		throw new Error(`Cannot be pressed: ${String(error).slice(0, 1500)}`, { cause: error });
	}
}

/** Takes back what may not have come to the server yet: then nobody knows of it. */
export function takesBack(me: Somebody): void {
	if (me.troubled()) me.written.clear();
}

/** Keys of the page, from wherever the keys of the page go. */
export async function keys(me: Somebody, ...all: string[]): Promise<void> {
	await toPage(me);
	for (const key of all) await me.page.keyboard.press(key);
	me.byKey = true;
}

/** Out of a list, a dialog or a field; words in a field stay in it. */
export async function toPage({ page }: Somebody): Promise<void> {
	const within = (selector: string) =>
		page.evaluate((within) => document.activeElement?.closest(within) !== null, selector);
	for (let i = 0; i < 3; i++) {
		const list = await within('dialog, [role="menu"], [role="listbox"], [role="dialog"], input');
		if (!list) break;
		await page.keyboard.press('Escape');
	}
	const nowhere = await page.evaluate(() => document.activeElement === document.body);
	if (nowhere || (await within('input, textarea, [contenteditable="true"]'))) await articleText(page).focus();
}

/** What one writes in just now. */
export const field = (page: Page): Locator =>
	page.locator('form .comment-text[contenteditable="true"], form textarea');

/** Writes a new word where the form stands, and now and then sends it or throws it away. */
export async function write(me: Somebody, end: 'send' | 'send by key' | 'leave' | 'throw'): Promise<void> {
	const { page } = me;
	const one = field(page).first();
	// whoever may only read is shown none
	if (
		!(await one.waitFor({ timeout: 1000 }).then(
			() => true,
			() => false
		))
	)
		return;
	await one.click({ timeout: PATIENCE }).catch(() => {});
	const focused = await page.evaluate(() => document.activeElement?.closest('form') !== null);
	if (!focused || !(await one.isVisible())) return;
	await page.keyboard.press('Control+End');
	const word = me.word();
	await page.keyboard.insertText(`${word} `);
	me.written.add(word);
	// the form may go at any moment, as when one may not write any more
	const there = () =>
		one
			.evaluate((field) => ('value' in field ? String(field.value) : field.textContent), null, {
				timeout: 1000
			})
			.catch(() => null);
	const words = await there();
	if (words !== null && !words.includes(word))
		me.faults.push(`“${word}” was typed, and the field has “${words}”`);
	me.tell(
		`“${words}” in ${await one.getAttribute('aria-label', { timeout: 1000 }).catch(() => 'nothing')}, ${end}`
	);
	if (end === 'send by key') await page.keyboard.press('Control+Enter');
	else if (end === 'send')
		await press(me, page.locator('form').filter({ has: one }).locator('[type="submit"]'));
	else if (end === 'throw') {
		const thrown = (await there()) ?? '';
		await page.keyboard.press('Escape');
		for (const word of thrown.match(/zz\d+q/g) ?? []) me.written.delete(word);
	}
	if (end !== 'leave') me.byKey = end !== 'send';
}

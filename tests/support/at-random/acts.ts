/** What somebody may do next at the article page. Each looks first whether it can be done. */
import type { Locator } from '@playwright/test';
import { articleText, cards, saveState, select, settled } from '../desk.ts';
import type { Random } from '../seeded.ts';
import { keptBy } from './checks.ts';
import { keys, PATIENCE, press, takesBack, toPage, write, type Somebody } from './somebody.ts';

type Act = (me: Somebody, roll: Random) => Promise<unknown>;

const END = ['send', 'send by key', 'send by key', 'leave', 'throw'] as const;
const WIDE = { width: 1280, height: 900 };
const SIZES = [WIDE, WIDE, { width: 390, height: 844 }, { width: 1000, height: 600 }];

const dialog = ({ page }: Somebody) => page.locator('dialog[open], [role="dialog"]:popover-open').first();
const openCard = ({ page }: Somebody) => page.locator('article.card[aria-current="true"]').first();
const filterBar = ({ page }: Somebody) => page.getByRole('group', { name: 'Filter comments' });

/** Presses one of several. @returns whether it was pressed */
async function pressOne(me: Somebody, roll: Random, all: Locator): Promise<boolean> {
	const count = await all.count();
	return count > 0 && press(me, all.nth(roll.below(count)));
}
/** Selects some words within a line. @returns whether one may mark them, and they are selected */
async function selectWords({ page }: Somebody, roll: Random): Promise<boolean> {
	if (!(await page.getByRole('button', { name: 'Note on the whole article' }).isVisible())) return false;
	const paragraph = roll.below(await articleText(page).locator('p').count());
	const from = roll.below(30);
	return select(page, [paragraph, from], [paragraph, from + 3 + roll.below(25)]).then(
		() => true,
		() => false
	);
}
/** Opens some thread, by mouse or by key. */
async function openOne(me: Somebody, roll: Random): Promise<void> {
	if (roll.chance(0.5)) await pressOne(me, roll, cards(me.page));
	else await keys(me, roll.pick(['j', 'k', 'n', 'j']));
}
/** By a key of the open thread: that of some other, more often than not. */
const inThread =
	(key: string, then: Act): Act =>
	async (me, roll) => {
		if (roll.chance(0.6)) await openOne(me, roll);
		await keys(me, key);
		await then(me, roll);
	};
const fromList =
	(...typed: string[]): Act =>
	async (me, roll) => {
		if (!(await dialog(me).isVisible())) return;
		await me.page.keyboard.type(roll.pick(typed));
		for (let i = roll.below(4); i > 0; i--) await me.page.keyboard.press('ArrowDown');
		await me.page.keyboard.press(roll.chance(0.85) ? 'Enter' : 'Escape');
		me.byKey = true;
	};
const writes: Act = (me, roll) => write(me, roll.pick(END));

const highlight: Act = async (me, roll) => {
	if (!(await selectWords(me, roll))) return;
	const button = me.page
		.getByRole('toolbar', { name: 'Selected words' })
		.getByRole('button', { name: 'Highlight' });
	if (roll.chance(0.5)) await press(me, button);
	else await keys(me, roll.pick(['h', '1', '3', '4']));
};
const comment: Act = async (me, roll) => {
	if (!(await selectWords(me, roll))) return;
	await me.page.keyboard.press(roll.pick(['a', 'q']));
	await writes(me, roll);
};
const note: Act = async (me, roll) => {
	await keys(me, 'm');
	await writes(me, roll);
};
const mention: Act = async (me, roll) => {
	await write(me, 'leave');
	await me.page.keyboard.type(`@${roll.pick(['e', 'a', 'g', 'o'])}`);
	await me.page.keyboard.press('Enter');
	await writes(me, roll);
};
const edit: Act = async (me, roll) => {
	await openOne(me, roll);
	const all = openCard(me).getByRole('button', { name: /^(Edit|Add a comment)/ });
	if (await pressOne(me, roll, all)) await writes(me, roll);
};
const remove: Act = async (me, roll) => {
	await openOne(me, roll);
	takesBack(me);
	if (!(await pressOne(me, roll, openCard(me).getByRole('button', { name: 'Delete', exact: true })))) return;
	if (roll.chance(0.5)) await press(me, me.page.getByRole('button', { name: 'Undo' }));
	else if (roll.chance(0.5)) await keys(me, 'Control+z');
};
const settle: Act = async (me, roll) => {
	takesBack(me);
	if (!(await me.page.getByRole('toolbar', { name: 'Why is it settled?' }).isVisible())) return;
	if (roll.chance(0.4)) return writes(me, roll);
	await me.page.keyboard.press(roll.pick(['1', '2', '3', 'ArrowRight', 'Escape', 'Enter']));
	me.byKey = true;
};
const undo: Act = async (me, roll) => {
	takesBack(me);
	await keys(me, ...(roll.chance(0.7) ? ['Control+z'] : ['Control+z', 'Control+Shift+z']));
};

const state: Act = (me, roll) =>
	press(
		me,
		filterBar(me).getByRole('button', { name: new RegExp(`^${roll.pick(['Open', 'Resolved', 'All'])}`) })
	);
const filter: Act = async (me, roll) => {
	const button = filterBar(me).getByRole('button', { name: /^Filter/ });
	if (!(await press(me, button))) return;
	await pressOne(me, roll, filterBar(me).getByRole('checkbox'));
	await button.press('Escape');
};
const search: Act = async (me, roll) => {
	await keys(me, '/');
	await me.page.keyboard.type(roll.pick(['zz1', 'bridge', 'zz']));
	await me.page.keyboard.press(roll.pick(['Enter', 'Escape']));
};
const palette: Act = async (me, roll) => {
	await keys(me, 'Control+k');
	await me.page.keyboard.type(roll.pick(['zz', 'next', 'hide', 'follow', 'edith']));
	await me.page.keyboard.press(roll.pick(['Enter', 'Escape']));
};
const history: Act = async (me, roll) => {
	await openOne(me, roll);
	if (!(await press(me, openCard(me).getByRole('button', { name: 'History' })))) return;
	// the server may be away
	await dialog(me).or(me.page.getByText('The history does not come.')).first().waitFor({ timeout: PATIENCE });
	await toPage(me);
};
const tab: Act = async (me, roll) => {
	for (let i = roll.below(6); i >= 0; i--)
		await me.page.keyboard.press(roll.chance(0.7) ? 'Tab' : 'Shift+Tab');
	me.byKey = true;
};
const link: Act = async ({ page }, roll) => {
	const ids = await page.locator('[id^="annotation-"]').evaluateAll((all) => all.map(({ id }) => id));
	if (ids.length > 0) await page.evaluate((id) => (location.hash = id), roll.pick(ids));
};
const reload: Act = async (me) => {
	if (me.troubled()) return;
	await me.page.reload({ timeout: 30_000 });
	me.byKey = false;
	await settled(me.page);
};
const network: Act = async (me) => {
	me.offline = !me.offline;
	await me.page.context().setOffline(me.offline);
};
const size: Act = (me, roll) => {
	me.byKey = false;
	return me.page.setViewportSize(roll.pick(SIZES));
};

/** Each with how often it is done, beside the others. */
const ACTS: Record<string, [often: number, act: Act]> = {
	highlight: [3, highlight],
	comment: [6, comment],
	note: [2, note],
	open: [5, openOne],
	reply: [6, inThread('r', writes)],
	mention: [2, inThread('r', mention)],
	edit: [4, edit],
	delete: [3, remove],
	settle: [4, inThread('e', settle)],
	assign: [2, inThread('i', fromList(''))],
	label: [2, inThread('l', fromList(''))],
	digit: [2, inThread('2', async () => {})],
	tag: [2, inThread('t', fromList('bridge', 'ilm', 'legal', ''))],
	react: [3, inThread('+', fromList('eyes', 'heart', ''))],
	undo: [2, undo],
	state: [3, state],
	filter: [2, filter],
	clear: [2, (me) => press(me, me.page.getByRole('button', { name: 'Clear', exact: true }))],
	search: [2, search],
	palette: [2, palette],
	help: [1, (me) => keys(me, '?', 'Escape')],
	history: [1, history],
	follow: [2, (me) => keys(me, 'Shift+F')],
	escape: [4, (me) => keys(me, 'Escape')],
	passage: [2, (me) => keys(me, 'p', 'Enter')],
	hide: [1, (me) => keys(me, 'v')],
	unread: [2, (me, roll) => keys(me, roll.pick(['u', 'n', 'n', 'Shift+U', 'Shift+N']))],
	tab: [2, tab],
	scroll: [2, (me, roll) => me.page.mouse.wheel(0, roll.pick([-900, -300, 300, 900]))],
	link: [2, link],
	reload: [2, reload],
	network: [2, network],
	size: [2, size],
	scheme: [1, (me, roll) => me.page.emulateMedia({ colorScheme: roll.pick(['dark', 'light']) })]
};
const BAG = Object.entries(ACTS).flatMap(([name, [often]]) => Array<string>(often).fill(name));

/** The next thing, by chance; its name. */
export const nextAct = (roll: Random): string => roll.pick(BAG);

/** @throws when it cannot be done and should be */
export async function act(name: string, me: Somebody, roll: Random): Promise<void> {
	try {
		await toPage(me);
		await ACTS[name]![1](me, roll);
	} catch (error) {
		throw new Error(`${me.name} ${name}: ${String(error)}`, { cause: error });
	}
}

/**
 * Back at a wide screen and online, with nothing open and nothing left out by the filter.
 * @returns what the browser kept of words that were not sent
 */
export async function comeToRest(me: Somebody): Promise<string> {
	const { page } = me;
	me.offline = false;
	await page.context().setOffline(false);
	// every card is in view
	await page.setViewportSize({ width: 1280, height: 6000 });
	const rests = page.locator('[data-state="saved"], [data-state="refused"]');
	await saveState(page).and(rests).waitFor({ timeout: 30_000 });
	await toPage(me);
	const kept = await keptBy(me);
	for (let i = 0; i < 4; i++) await page.keyboard.press('Escape');
	await press(me, filterBar(me).getByRole('button', { name: 'Clear', exact: true }));
	await filterBar(me).getByRole('button', { name: /^All/ }).click({ timeout: PATIENCE });
	const cancel = page.locator('form').getByRole('button', { name: 'Cancel' });
	for (let i = await cancel.count(); i > 0 && (await cancel.count()) > 0; i--)
		await cancel.first().press('Enter', { timeout: PATIENCE });
	const more = page.getByRole('button', { name: /more repl/ });
	while ((await more.count()) > 0) await more.first().press('Enter');
	await toPage(me);
	for (let i = 0; i < 2; i++) await page.keyboard.press('Escape');
	return kept;
}

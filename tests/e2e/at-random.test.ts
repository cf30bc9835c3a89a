/**
 * Three people at once do whatever the page lets them, at random, while the server falls and the newsroom changes: the page stands as
 * it should, nothing is lost, and in the end all have the same. It runs when asked for: `AT_RANDOM=20` is
 * how often, `AT_RANDOM_SEED=7` the first seed.
 */
import { expect, type Browser } from '@playwright/test';
import { afterAll, beforeAll, test } from 'vitest';
import { act, comeToRest, nextAct } from '../support/at-random/acts.ts';
import { comesTo, shownBy, toldByApi, unreadBy, wrongNow } from '../support/at-random/checks.ts';
import { listen, type Somebody } from '../support/at-random/somebody.ts';
import { newPerson, openBrowser } from '../support/browser.ts';
import { openArticle, settled } from '../support/desk.ts';
import { startNewsroom, type Newsroom } from '../support/newsroom.ts';
import { seeded, type Random } from '../support/seeded.ts';

const { AT_RANDOM = '1', AT_RANDOM_SEED = '1' } = process.env;
const SEEDS = Array.from({ length: Number(AT_RANDOM) }, (_, i) => Number(AT_RANDOM_SEED) + i);
const ROUNDS = 25;
/** ms for which the console may still speak of a network that is back */
const AFTER_TROUBLE = 15_000;
const STORY = Array.from(
	{ length: 12 },
	(_, i) =>
		`${i + 1}. The bridge over the Ilm stays closed until Friday. ${'Engineers found cracks in two of the nine piers on Monday. '.repeat(3)}`
).join('\n');

let newsroom: Newsroom;
let browser: Browser;
let edith: Awaited<ReturnType<Newsroom['person']>>;
let ann: typeof edith;
beforeAll(async () => {
	[newsroom, browser] = await Promise.all([startNewsroom(), openBrowser()]);
	edith = await newsroom.person('editor', 'Edith Editor');
	ann = await newsroom.person('annotator', 'Ann Annotator');
});
afterAll(async () => {
	await browser?.close();
	await newsroom?.[Symbol.asyncDispose]();
});

/** Somebody outside, who comes in by a review link. */
async function guest(articleId: string) {
	const { body } = await newsroom.owner.call<{ url: string }>('POST', `/articles/${articleId}/links`, {
		access: 'annotate'
	});
	const page = await newPerson(browser);
	await page.goto(body.url);
	await page.getByLabel('Your name').fill('Gus Guest');
	await page.getByRole('button', { name: 'Open the article' }).click();
	await settled(page);
	return page;
}

/** What happens beside what the three do: the server falls and comes back, the owner changes a label or Ann's role. */
class World {
	up = true;
	#labels = 0;
	#random: Random;

	constructor(random: Random) {
		this.#random = random;
	}

	next = (): string =>
		this.up ? this.#random.pick(['', '', '', '', '', '', 'fall', 'label', 'role']) : 'rise';

	async happen(what: string): Promise<void> {
		if (what === 'fall') {
			this.up = false;
			await newsroom.process.stop('SIGKILL');
		} else if (what === 'rise') await this.rise();
		else if (what === 'label') await this.#renameLabel();
		else if (what === 'role')
			await this.giveAnn(this.#random.pick(['viewer', 'annotator', 'editor', 'annotator']));
	}

	async rise(): Promise<void> {
		if (!this.up) await newsroom.restart();
		this.up = true;
	}

	async giveAnn(role: string): Promise<void> {
		const path = `/people/${ann.principal.replace('user:', '')}`;
		expect((await newsroom.owner.call('PATCH', path, { role })).status).toBe(200);
	}

	async #renameLabel(): Promise<void> {
		const { body } = await newsroom.owner.call<{ items: { name: string }[] }>('GET', '/labels');
		const items = body.items.map((label, i) =>
			i === 0 ? { ...label, name: `Checked ${++this.#labels}` } : label
		);
		expect((await newsroom.owner.call('PUT', '/labels', { items })).status).toBe(200);
	}
}

test.runIf(process.env.AT_RANDOM).each(SEEDS)('seed %i', { timeout: 600_000 }, async (seed) => {
	const random = seeded(seed);
	const world = new World(random);
	const articleId = await newsroom.article(STORY);
	const pages = {
		Edith: await openArticle(browser, newsroom, edith, articleId),
		Ann: await openArticle(browser, newsroom, ann, articleId, { reducedMotion: 'reduce' }),
		Gus: await guest(articleId)
	};
	const trace: string[] = [];
	let words = 0;
	let trouble = -Infinity;
	const people = Object.entries(pages).map(([name, page]): Somebody => {
		const me: Somebody = {
			...{ name, page, written: new Set<string>(), offline: false, byKey: false, faults: [] as string[] },
			troubled: () => {
				if (!world.up || me.offline) trouble = Date.now();
				return Date.now() - trouble < AFTER_TROUBLE;
			},
			word: () => `zz${++words}q`,
			tell: (what) => trace.push(`  ${name}: ${what}`)
		};
		return me;
	});
	try {
		for (const me of people) listen(me);
		for (let round = 0; round < ROUNDS; round++) {
			const event = world.next();
			const plans = people.map((me) => ({ me, what: nextAct(random), roll: seeded(random.below(2 ** 31)) }));
			trace.push(
				`${round}. ${event} ${plans.map(({ me, what }) => `${me.name}${me.offline ? ' (offline)' : ''} ${what}`).join(', ')}`
			);
			await Promise.all([world.happen(event), ...plans.map(({ me, what, roll }) => act(what, me, roll))]);
			await Promise.all(people.map((me) => comesTo(me, () => wrongNow(me))));
			for (const me of people) expect(me.faults, me.name).toEqual([]);
		}

		await world.rise();
		await world.giveAnn('annotator');
		const kept = new Map<Somebody, string>();
		for (const me of people) kept.set(me, await comeToRest(me));
		const told = await toldByApi(newsroom.owner, articleId);
		for (const me of people) {
			await expect.poll(() => shownBy(me.page), { timeout: 10_000, message: me.name }).toEqual(told);
			await comesTo(me, () => wrongNow(me));
			await comesTo(me, () => unreadBy(me, articleId));
		}
		const changes = await newsroom.db.roomChange.findMany({ where: { room: `${articleId}/layers/shared` } });
		const log = JSON.stringify(changes.map(({ after }) => after));
		for (const me of people) {
			const lost = [...me.written].filter((word) => !log.includes(word) && !kept.get(me)!.includes(word));
			expect(lost, `lost by ${me.name}`).toEqual([]);
			expect(me.faults, me.name).toEqual([]);
		}
		expect(newsroom.process.output()).not.toMatch(/^\{/m);
	} catch (error) {
		for (const me of people)
			await me.page.screenshot({ path: `screenshots/seed-${seed}-${me.name}.png` }).catch(() => {});
		throw new Error(`Seed ${seed}: ${String(error)}\n${trace.join('\n')}`, { cause: error });
	} finally {
		await world.rise();
		for (const { page } of people) await page.context().close();
	}
});

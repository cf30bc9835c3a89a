/** The pictures, each with the looks it is taken in. */
import { expect, type BrowserContextOptions, type Page } from '@playwright/test';
import { articleText, card, openArticle, select, settled, signIn } from '../support/desk.ts';
import type { Scene } from './scene.ts';

export type Look = 'light' | 'dark' | 'narrow' | 'narrow-dark';

const LOOKS: Record<Look, BrowserContextOptions> = {
	light: { viewport: { width: 1280, height: 860 } },
	dark: { viewport: { width: 1280, height: 860 }, colorScheme: 'dark' },
	narrow: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
	'narrow-dark': {
		viewport: { width: 390, height: 844 },
		hasTouch: true,
		isMobile: true,
		deviceScaleFactor: 2,
		colorScheme: 'dark'
	}
};

export interface Shot {
	looks: Look[];
	take: (scene: Scene, look: Look, path: string) => Promise<void>;
	/** the looks that the README shows, each by its name in static/ */
	readme?: Partial<Record<Look, string>>;
}

const ALL: Look[] = ['light', 'dark', 'narrow', 'narrow-dark'];
const WIDE: Look[] = ['light', 'dark'];
/** without motion, so that a picture shows where things stand, not where they go */
const optionsOf = (look: Look): BrowserContextOptions => ({ reducedMotion: 'reduce', ...LOOKS[look] });

const article = (scene: Scene, look: Look, number = 0): Promise<Page> =>
	openArticle(scene.browser, scene, scene.people.olga, scene.articles[number]!, optionsOf(look));

/** A picture of what Olga sees in the article after this. */
const ofArticle =
	(steps: (page: Page, scene: Scene) => Promise<unknown>, number = 0): Shot['take'] =>
	async (scene, look, path) => {
		const page = await article(scene, look, number);
		await steps(page, scene);
		await shoot(page, path);
	};

/** A picture of a page of the newsroom. */
const ofPage =
	(
		address: (scene: Scene) => string,
		steps: (page: Page) => Promise<unknown> = async () => {}
	): Shot['take'] =>
	async (scene, look, path) => {
		const page = await signIn(
			scene.browser,
			scene.origin,
			scene.people.olga,
			address(scene),
			optionsOf(look)
		);
		await expect(page.getByRole('heading').first()).toBeVisible();
		await steps(page);
		await shoot(page, path);
	};

async function shoot(page: Page, path: string): Promise<void> {
	await page.evaluate(() => document.fonts.ready);
	await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
	await page.screenshot({ path });
}

/** Ann and Ben are here too, each with some words selected. */
async function company(scene: Scene): Promise<void> {
	const [ann, ben] = await Promise.all(
		(['ann', 'ben'] as const).map((who) =>
			openArticle(scene.browser, scene, scene.people[who], scene.articles[0]!, optionsOf('light'))
		)
	);
	await select(ann!, [4, 52], [4, 88]);
	await select(ben!, [8, 4], [8, 22]);
}

/** On a narrow screen the passage leads to the card. */
const touch = async (page: Page, words: string) => {
	await articleText(page).getByText(words).first().click();
	await expect(page.getByRole('article').filter({ visible: true }).first()).toBeVisible();
};

export const SHOTS: Record<string, Shot> = {
	'three-people': {
		looks: ['light', 'dark'],
		readme: { light: 'galley', dark: 'galley-dark' },
		take: ofArticle(async (page, scene) => {
			await company(scene);
			await expect(page.locator('.presence-caret')).toHaveCount(2);
			await touch(page, 'closed to all traffic');
		})
	},
	article: { looks: ALL, take: ofArticle(async () => {}) },
	thread: {
		looks: ALL,
		readme: { narrow: 'thread-narrow' },
		take: ofArticle((page) => touch(page, 'closed to all traffic'))
	},
	overlap: { looks: WIDE, take: ofArticle((page) => touch(page, 'Fenwright told')) },
	toolbar: { looks: ALL, take: ofArticle((page) => select(page, [5, 4], [5, 60])) },
	composer: {
		looks: ALL,
		take: ofArticle(async (page) => {
			await select(page, [5, 4], [5, 60]);
			await page.keyboard.press('a');
			const field = page.getByRole('textbox', { name: 'Your comment' });
			await field.fill('Two sources, please.');
			await field.press('End');
			await field.pressSequentially(' @');
			await expect(page.getByRole('option').first()).toBeVisible();
		})
	},
	resolve: {
		looks: ['light', 'narrow'],
		take: ofArticle(async (page) => {
			await touch(page, 'about 14,000 vehicles');
			await page.keyboard.press('Escape');
			await touch(page, 'about 14,000 vehicles');
			await page.keyboard.press('e');
		})
	},
	filter: {
		looks: ALL,
		take: ofArticle((page) => page.getByRole('button', { name: /^Filter/ }).click())
	},
	'nothing-found': {
		looks: ['light'],
		take: ofArticle(async (page) => {
			await page.keyboard.press('/');
			await page.keyboard.type('zeppelin');
			await page.keyboard.press('Enter');
		})
	},
	palette: {
		looks: ALL,
		take: ofArticle(async (page) => {
			await page.keyboard.press('Control+k');
			await page.keyboard.type('re');
		})
	},
	keys: { looks: WIDE, take: ofArticle((page) => page.keyboard.press('Shift+?')) },
	share: {
		looks: ALL,
		take: ofArticle((page) => page.getByRole('button', { name: 'Share' }).click())
	},
	empty: { looks: ALL, take: ofArticle(async () => {}, 1) },
	offline: {
		looks: ['light', 'narrow'],
		take: ofArticle(async (page) => {
			await page.context().setOffline(true);
			await expect(page.locator('p[data-state]')).toHaveAttribute('data-state', 'offline');
		})
	},
	'whole-article': {
		looks: ['light', 'narrow'],
		take: ofArticle((page) => page.keyboard.press('m'))
	},
	list: { looks: ALL, readme: { light: 'articles' }, take: ofPage(() => '/articles') },
	labels: { looks: ALL, take: ofPage(() => '/labels') },
	people: { looks: ['light', 'narrow'], take: ofPage(() => '/people') },
	'not-found': {
		looks: ['light', 'narrow'],
		take: ofPage(() => '/articles/00000000-0000-4000-8000-000000000000')
	},
	'link-revoked': {
		looks: ['light', 'narrow'],
		take: async (scene, look, path) => {
			const { body } = await scene.people.olga.call<{ id: string; url: string }>(
				'POST',
				`/articles/${scene.articles[0]}/links`,
				{ access: 'comment', label: 'the author' }
			);
			const page = await (await scene.browser.newContext(optionsOf(look))).newPage();
			await page.goto(body.url);
			await page.getByLabel('Your name').fill('Perrin Oake');
			await page.getByRole('button', { name: /Open|Read/ }).click();
			await settled(page);
			await scene.people.olga.call('DELETE', `/links/${body.id}`);
			await expect(page.getByRole('region', { name: 'Connection' })).toBeVisible();
			await shoot(page, path);
		}
	},
	finished: {
		looks: ALL,
		take: async (scene, look, path) => {
			const id = scene.articles[2];
			await scene.people.olga.call('POST', `/articles/${id}/finish`, {});
			const page = await article(scene, look, 2);
			await shoot(page, path);
		}
	},
	'sign-in': {
		looks: ['light', 'narrow'],
		take: async (scene, look, path) => {
			const page = await (await scene.browser.newContext(optionsOf(look))).newPage();
			await page.goto(`${scene.origin}/sign-in`);
			await shoot(page, path);
		}
	}
};

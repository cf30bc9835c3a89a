/**
 * From one person's click on Highlight to the highlight in the other's browser: real Chromium, two contexts.
 * Clock: performance.timeOrigin + performance.now() in both pages, of one machine.
 */
import type { Browser, Page } from '@playwright/test';
import { newPerson, openBrowser } from '../support/browser.ts';
import { findChromium } from '../support/chromium.ts';
import { articleText, select, settled, signIn } from '../support/desk.ts';
import { install } from '../support/installation.ts';
import { startRelay } from './relay.ts';
import { against, ms, quantile, type Figure } from './report.ts';

const TIMES = 20;
const PARAGRAPH =
	'The bridge over the Ilm stays closed until Friday, because engineers found cracks in two of the nine piers.';

/** When the next click comes. */
const nextClick = (page: Page) =>
	page.evaluateHandle(() => {
		const at = new Promise<number>((done) =>
			addEventListener('click', (event) => done(performance.timeOrigin + event.timeStamp), {
				capture: true,
				once: true
			})
		);
		return { at };
	});

/** When the next highlight is in the page, and when it has been painted. */
const nextHighlight = (page: Page) =>
	articleText(page).evaluateHandle((root) => {
		const idsOf = () =>
			[...root.querySelectorAll<HTMLElement>('[data-annotation]')].map((mark) => mark.dataset.annotation);
		const known = new Set(idsOf());
		const now = () => performance.timeOrigin + performance.now();
		const seen = new Promise<{ there: number; painted: number }>((done) => {
			const observer = new MutationObserver(() => {
				if (idsOf().every((id) => known.has(id))) return;
				observer.disconnect();
				const there = now();
				requestAnimationFrame(() => setTimeout(() => done({ there, painted: now() })));
			});
			observer.observe(root, { childList: true, subtree: true, attributes: true });
		});
		return { seen };
	});

/** Milliseconds that a bare message takes from page to page through a do-nothing relay. */
async function relayed(browser: Browser): Promise<number[]> {
	const relay = await startRelay();
	const pages = await Promise.all([newPerson(browser), newPerson(browser)]);
	const sockets = await Promise.all(
		pages.map(async (page) => {
			await page.goto(relay.origin);
			return page.evaluateHandle(
				async (address) => {
					const socket = new WebSocket(address);
					await new Promise((done) => socket.addEventListener('message', done, { once: true }));
					return socket;
				},
				relay.origin.replace('http', 'ws')
			);
		})
	);
	const times: number[] = [];
	for (let i = 0; i < TIMES; i++) {
		const arrival = await sockets[1]!.evaluateHandle((socket) => ({
			at: new Promise<number>((done) =>
				socket.addEventListener('message', () => done(performance.timeOrigin + performance.now()), {
					once: true
				})
			)
		}));
		const sent = await sockets[0]!.evaluate((socket) => {
			const now = performance.timeOrigin + performance.now();
			socket.send(new Uint8Array(500).fill(1));
			return now;
		});
		times.push((await arrival.evaluate(({ at }) => at)) - sent);
	}
	for (const page of pages) await page.context().close();
	await relay.stop();
	return times;
}

export async function measureHighlight(): Promise<Figure[]> {
	await using galley = await install();
	const browser = await openBrowser(await findChromium());
	try {
		const path = `/articles/${await galley.article(Array(TIMES).fill(PARAGRAPH).join('\n'))}`;
		const [olga, ann] = [
			await signIn(browser, galley.origin, galley.owner, path),
			await signIn(browser, galley.origin, galley.annotator, path)
		];
		await settled(olga);
		await settled(ann);
		const times = { there: [] as number[], painted: [] as number[] };
		for (let i = 0; i < TIMES; i++) {
			await select(olga, [i, 4], [i, 22]);
			const [click, highlight] = await Promise.all([nextClick(olga), nextHighlight(ann)]);
			await olga
				.getByRole('toolbar', { name: 'Selected words' })
				.getByRole('button', { name: 'Highlight' })
				.click();
			const clicked = await click.evaluate(({ at }) => at);
			const { there, painted } = await highlight.evaluate(({ seen }) => seen);
			times.there.push(there - clicked);
			times.painted.push(painted - clicked);
		}
		const floor = await relayed(browser);
		const figure = (what: string, values: number[], q: number): Figure => ({
			what: `click → ${what}, p${q * 100} of ${TIMES}`,
			value: ms(quantile(values, q)),
			floor: against('a bare message through a do-nothing relay', quantile(values, q), quantile(floor, q), ms)
		});
		return [
			figure('highlight in the other page', times.there, 0.5),
			figure('highlight in the other page', times.there, 0.95),
			figure('painted there', times.painted, 0.5),
			figure('painted there', times.painted, 0.95)
		];
	} finally {
		await browser.close();
	}
}

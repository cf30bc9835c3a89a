/**
 * `npm run bench:page`: the article page in a real Chromium on the built app, against its bars. Ratios are of one run, loads
 * are taken in turn and in a browser that has nothing kept, of a server that is warm. `--runs 9` loads instead of 5. Timings never fail.
 */
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Browser } from '@playwright/test';
import { buildWhenNeeded } from '../../server/build.ts';
import { openBrowser } from '../support/browser.ts';
import { findChromium } from '../support/chromium.ts';
import { settled, signIn } from '../support/desk.ts';
import { install, type Installation } from '../support/installation.ts';
import { timeArrivals } from './page/arriving.ts';
import { ANNOTATIONS, CHARACTERS, crowd, longText } from '../support/crowded.ts';
import { timeLoad, wanted, type Loaded } from './page/loading.ts';
import { timeMarks } from './page/marking.ts';
import { median, ms, printTable, quantile } from './report.ts';

const TIMES = 15;
const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });
const RUNS = Number(values.runs);

type Row = [measure: string, value: string, bar: string, holds: boolean];

async function marking(browser: Browser, galley: Installation, path: string): Promise<Row[]> {
	const page = await signIn(browser, galley.origin, galley.owner, path);
	await settled(page);
	const rows: Row[] = [];
	for (const by of ['mouse', 'key'] as const) {
		const took = await timeMarks(page, by, TIMES);
		for (const q of [0.5, 0.95]) {
			const value = quantile(took, q);
			const what = by === 'mouse' ? 'releasing the mouse on Highlight' : 'pressing h';
			rows.push([`${what} → highlight and card, p${q * 100} of ${TIMES}`, ms(value), '50 ms', value <= 50]);
		}
	}
	await page.context().close();
	return rows;
}

async function loading(browser: Browser, galley: Installation, bare: string, full: string): Promise<Row[]> {
	const page = await signIn(browser, galley.origin, galley.owner);
	const loads = { bare: [] as Loaded[], full: [] as Loaded[] };
	const load = (id: string) =>
		timeLoad(browser, page.context(), `${galley.origin}/articles/${id}`, wanted(id === full));
	await load(bare);
	await load(full);
	for (let run = 0; run < RUNS; run++) {
		loads.bare.push(await load(bare));
		loads.full.push(await load(full));
	}
	await page.context().close();
	const of = (which: keyof typeof loads, what: keyof Loaded) => median(loads[which].map((one) => one[what]));
	const words = of('full', 'words') / of('bare', 'words');
	const most = 2 * of('bare', 'all') + 300;
	const script = of('full', 'script') / 1000;
	return [
		[
			`${ANNOTATIONS} annotations: first words, median of ${RUNS}`,
			`${ms(of('full', 'words'))}, ${words.toFixed(2)} × none (${ms(of('bare', 'words'))})`,
			'1.2 ×',
			words <= 1.2
		],
		[
			'all highlights',
			`${ms(of('full', 'all'))}, none: ${ms(of('bare', 'all'))}`,
			`${ms(most)} (2 × none + 300 ms)`,
			of('full', 'all') <= most
		],
		['JavaScript, compressed, with the composer', `${script.toFixed(0)} kB`, '350 kB', script <= 350]
	];
}

async function arriving(browser: Browser, galley: Installation, articleId: string): Promise<Row[]> {
	const page = await signIn(browser, galley.origin, galley.owner, `/articles/${articleId}`);
	await settled(page);
	await page.locator('[data-card]').first().waitFor();
	const { took, redrawn } = await timeArrivals(galley, page, articleId, TIMES);
	await page.context().close();
	const row = (q: number): Row => {
		const value = quantile(took, q);
		return [`sent by another → painted among ${ANNOTATIONS}, p${q * 100}`, ms(value), '100 ms', value <= 100];
	};
	return [row(0.5), row(0.95), ['other cards redrawn meanwhile', String(redrawn), '0', redrawn === 0]];
}

buildWhenNeeded(fileURLToPath(new URL('../..', import.meta.url)));
console.log(
	`Node ${process.version} · ${cpus().length} × ${cpus()[0]?.model} · load ${loadavg()[0]!.toFixed(1)}`
);
await using galley = await install();
const browser = await openBrowser(await findChromium());
try {
	const text = longText();
	const [small, bare, full] = await Promise.all([text, text, text].map((words) => galley.article(words)));
	await crowd(galley, galley.annotator, full!);
	console.log(`An article of ${CHARACTERS} characters.`);
	const measures: [name: string, measure: () => Promise<Row[]>][] = [
		['marking', () => marking(browser, galley, `/articles/${small}`)],
		['arriving', () => arriving(browser, galley, full!)],
		['loading', () => loading(browser, galley, bare!, full!)]
	];
	for (const [name, measure] of measures) {
		console.log(`\n${name}`);
		const rows = await measure();
		printTable([
			['measure', 'value', 'bar', 'holds'],
			...rows.map(([what, value, bar, holds]) => [what, value, bar, holds ? 'yes' : 'no'])
		]);
	}
} finally {
	await browser.close();
}

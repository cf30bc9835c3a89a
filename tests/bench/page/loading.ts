/** From the way to the article to its first words on the screen, and to all its highlights. */
import type { Browser, Page } from '@playwright/test';
import { newPerson } from '../../support/browser.ts';
import { ANNOTATIONS } from '../../support/crowded.ts';

export interface Loaded {
	/** ms to the first paint that has the article's words */
	words: number;
	/** ms to the paint that has the last of the highlights; of an article without any: to the editor */
	all: number;
	/** bytes of JavaScript as they came over the wire */
	script: number;
}

type Watched = { words?: number; all?: number };

/** One load in a browser that has nothing kept, by somebody signed in. */
export async function timeLoad(
	browser: Browser,
	signedIn: Awaited<ReturnType<Page['context']>>,
	address: string,
	highlights: number
): Promise<Loaded> {
	const page = await newPerson(browser, { storageState: await signedIn.storageState() });
	await page.addInitScript((wanted: number) => {
		const seen: Watched = {};
		Object.assign(window, { seen });
		// what is in the page at the end of a frame is painted with it
		const look = () => {
			const editor = document.querySelector('.ProseMirror');
			const painted = (what: keyof Watched) => setTimeout(() => (seen[what] ??= performance.now()));
			if (!seen.words && document.querySelector('.article-words p')?.textContent) painted('words');
			if (!seen.all && editor && document.querySelector('p[data-state]')) {
				const marks = editor.querySelectorAll<HTMLElement>('[data-annotation]');
				if (new Set([...marks].map((mark) => mark.dataset.annotation)).size >= wanted) painted('all');
			}
			if (!seen.words || !seen.all) requestAnimationFrame(look);
		};
		requestAnimationFrame(look);
	}, highlights);
	const cdp = await page.context().newCDPSession(page);
	await cdp.send('Network.enable');
	const scripts = new Set<string>();
	let script = 0;
	cdp.on('Network.responseReceived', ({ requestId, response }) => {
		if (/\.js(\?|$)/.test(response.url)) scripts.add(requestId);
	});
	cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
		if (scripts.has(requestId)) script += encodedDataLength;
	});
	await page.goto(address);
	await page.waitForFunction(() => (window as unknown as { seen: Watched }).seen.all !== undefined);
	const seen = await page.evaluate(() => (window as unknown as { seen: Required<Watched> }).seen);
	// what is asked for once one writes belongs to the page too
	await page.keyboard.press('m');
	await page.waitForLoadState('networkidle');
	await page.context().close();
	return { ...seen, script };
}

export const wanted = (crowded: boolean): number => (crowded ? ANNOTATIONS : 0);

/** From another program's sending a comment to its highlight and card on the screen, among many. */
import type { Page } from '@playwright/test';
import { enter } from '../../support/crowded.ts';
import type { Installation } from '../../support/installation.ts';
import { nextMark } from './marking.ts';

export interface Arrived {
	/** ms from its sender's send to its paint here */
	took: number[];
	/** cards of others in which anything was touched meanwhile */
	redrawn: number;
}

export async function timeArrivals(
	galley: Installation,
	page: Page,
	articleId: string,
	times: number
): Promise<Arrived> {
	using writer = await enter(galley, galley.annotator, articleId);
	await page.evaluate(() => scrollTo(0, 0));
	await page.evaluate(() => {
		const touched = new Set<string>();
		Object.assign(window, { touched });
		const known = new Set([...document.querySelectorAll('article[id]')].map(({ id }) => id));
		new MutationObserver((list) => {
			for (const { target } of list) {
				const of = (target instanceof Element ? target : target.parentElement)?.closest('article[id]');
				if (of && known.has(of.id)) touched.add(of.id);
			}
		}).observe(document.body, { childList: true, subtree: true, attributes: true, characterData: true });
	});
	const took: number[] = [];
	for (let i = 0; i < times; i++) {
		const mark = await nextMark(page, 'keydown');
		const sent = performance.timeOrigin + performance.now();
		// close together: in such a crowd a card a little further down would stand beyond the page
		writer.comment(5 + i, 30 + i, 90_000 + i);
		const painted = await mark.evaluate(async ({ done }) => {
			await done;
			return performance.timeOrigin + performance.now();
		});
		took.push(painted - sent);
	}
	const redrawn = await page.evaluate(() => (window as unknown as { touched: Set<string> }).touched.size);
	return { took, redrawn };
}

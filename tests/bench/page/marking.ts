/** From letting go of the mouse (or pressing the key) to the highlight and its card on the screen, as the page sees it. */
import type { Page } from '@playwright/test';
import { articleText } from '../../support/desk.ts';

/** When the next highlight and its card are painted, in ms after the event of that type. */
export const nextMark = (page: Page, type: 'pointerup' | 'keydown') =>
	articleText(page).evaluateHandle((root, type) => {
		const known = new Set(
			[...root.querySelectorAll<HTMLElement>('[data-annotation]')].map((one) => one.dataset.annotation)
		);
		const done = new Promise<number>((done) => {
			let begun = 0;
			addEventListener(type, (event) => (begun = event.timeStamp), { capture: true, once: true });
			let fresh: string | undefined;
			// only what has changed is looked through, or among thousands the bench would time itself
			const look = (node: Node) => {
				const id = node instanceof HTMLElement ? node.dataset.annotation : undefined;
				if (id && !known.has(id)) fresh = id;
			};
			const observer = new MutationObserver((records) => {
				for (const { target, addedNodes } of fresh ? [] : records) {
					if (!root.contains(target)) continue;
					look(target);
					for (const node of addedNodes) {
						look(node);
						if (node instanceof Element) node.querySelectorAll('[data-annotation]').forEach(look);
					}
				}
				if (!fresh || !document.getElementById(`annotation-${fresh}`)) return;
				observer.disconnect();
				requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
			});
			observer.observe(document.body, { childList: true, subtree: true, attributes: true });
		});
		return { done };
	}, type);

/** Selects words of a paragraph by dragging the mouse over them. */
export async function dragOver(page: Page, paragraph: number, from: number, to: number): Promise<void> {
	const line = articleText(page).locator('p').nth(paragraph);
	await line.scrollIntoViewIfNeeded();
	const [start, end] = await line.evaluate(
		(root, ends) => {
			const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
			const nodes: Text[] = [];
			while (walker.nextNode()) nodes.push(walker.currentNode as Text);
			return ends.map((at) => {
				let left = at;
				const node = nodes.find((one) => left < one.length || ((left -= one.length), false))!;
				const range = document.createRange();
				range.setStart(node, left);
				range.setEnd(node, left + 1);
				const box = range.getBoundingClientRect();
				return { x: box.left + 1, y: box.top + box.height / 2 };
			});
		},
		[from, to]
	);
	await page.mouse.move(start!.x, start!.y);
	await page.mouse.down();
	await page.mouse.move(end!.x, end!.y, { steps: 3 });
	await page.mouse.up();
	await page.getByRole('toolbar', { name: 'Selected words' }).waitFor();
}

/** ms of each of so many highlights. */
export async function timeMarks(page: Page, by: 'mouse' | 'key', times: number): Promise<number[]> {
	const took: number[] = [];
	for (let i = 0; i < times; i++) {
		await page.keyboard.press('Escape');
		await dragOver(page, 2 + i, 20, 45);
		const button = page
			.getByRole('toolbar', { name: 'Selected words' })
			.getByRole('button', { name: 'Highlight', exact: true });
		if (by === 'mouse') await button.hover();
		const mark = await nextMark(page, by === 'mouse' ? 'pointerup' : 'keydown');
		if (by === 'mouse') await button.click();
		else await page.keyboard.press('h');
		took.push(await mark.evaluate(({ done }) => done));
	}
	return took;
}

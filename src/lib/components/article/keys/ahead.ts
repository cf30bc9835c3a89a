/** From where one is, which threads come next. Pure. */
import type { Placed } from '#lib/live/workspace.svelte.ts';
import type { TextRange } from '#lib/editor/position-map.ts';

/**
 * The ids that the next (1) or previous (−1) thread is looked for in; the nearest is the first of them, or the last. From a
 * thread that is open, or was the last to be and is still in view, to the end of the list. Else from where one reads, and round.
 * @param view the part of the text on the screen
 */
export function ahead(
	list: Placed[],
	by: 1 | -1,
	{ open, left, view }: { open: string | null; left: string | null; view: TextRange | null }
): string[] {
	const ids = list.map(({ thread }) => thread.root.id);
	const inView = ({ range }: Placed) =>
		range !== null && view !== null && range.from >= view.from && range.from < view.to;
	const at = open ? ids.indexOf(open) : list.findIndex((one, at) => ids[at] === left && inView(one));
	if (at >= 0) return by === 1 ? ids.slice(at + 1) : ids.slice(0, at);
	// notes on the whole article stand before the text
	const next = view?.from ? list.findIndex(({ range }) => range !== null && range.from >= view.from) : 0;
	const reading = Math.max(next, 0);
	return [...ids.slice(reading), ...ids.slice(0, reading)];
}

/** Between a passage and its card, and back, by key. */
import { caretOffset, placeCaret } from '#lib/editor/create.ts';
import type { Highlight } from '#lib/editor/highlights.ts';
import { DRAFT, type Desk } from '../desk.svelte.ts';

/** In text order where they are as long as each other. */
const shortestFirst = (a: Highlight, b: Highlight) => a.to - a.from - (b.to - b.from);

/**
 * Passages that lie over each other, in the order in which they are gone through: always the same, whichever is drawn inside
 * which just then.
 */
export const inTurn = ({ highlights }: Desk, ids: string[]): string[] =>
	highlights
		.filter(({ id }) => id !== DRAFT && ids.includes(id))
		.sort(shortestFirst)
		.map(({ id }) => id);

/** The passages that the caret stands in. */
function atCaret(desk: Desk): Highlight[] {
	if (!desk.editor) return [];
	const at = caretOffset(desk.editor);
	return desk.highlights
		.filter(({ id, from, to }) => id !== DRAFT && from <= at && at <= to)
		.sort(shortestFirst);
}

/** From the caret to the card of a passage it stands in: one after the other. */
export function toCard(desk: Desk): void {
	const here = atCaret(desk);
	if (here.length === 0) return void (desk.said = 'No comment on these words.');
	const next = here[(here.findIndex(({ id }) => id === desk.active) + 1) % here.length]!;
	if (here.length > 1) desk.said = `${here.indexOf(next) + 1} of ${here.length} here.`;
	void desk.activate(next.id, { focus: true });
}

/** From the open card to its passage: the caret stands at its first word. */
export function toPassage(desk: Desk): void {
	const range = desk.open?.range;
	if (!range || !desk.editor) return;
	desk.showPassage();
	placeCaret(desk.editor, range.from);
}

/** Says that the caret has come into a passage, where a screen reader shows no colours. @returns what to ask with next time */
export function tellPassage(desk: Desk, before: string): string {
	const here = atCaret(desk);
	const ids = here.map(({ id }) => id).join(' ');
	if (ids === before || here.length === 0) return ids;
	desk.said =
		here.length === 1
			? 'A passage with a comment. Enter opens it.'
			: `A passage with ${here.length} comments. Enter opens them.`;
	return ids;
}

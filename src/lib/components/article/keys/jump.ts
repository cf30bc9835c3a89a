/** Between a passage and its card, and back, by key. */
import { caretOffset, placeCaret } from '#lib/editor/create.ts';
import type { Desk } from '../desk.svelte.ts';

interface Here {
	id: string;
	from: number;
	to: number;
}

/** The passages that the caret stands in, the shortest first. */
function atCaret(desk: Desk): Here[] {
	if (!desk.editor) return [];
	const at = caretOffset(desk.editor);
	return desk.inMargin
		.flatMap(({ thread, range }) => (range ? [{ id: thread.root.id, ...range }] : []))
		.filter(({ from, to }) => from <= at && at <= to)
		.sort((a, b) => a.to - a.from - (b.to - b.from));
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

/** Between a passage and its card, and back, by key. */
import { caretOffset, placeCaret } from '#lib/editor/create.ts';
import type { Desk } from './desk.svelte.ts';

/** From the caret to the card of the passage it stands in: the shortest first, then the next that holds it. */
export function toCard(desk: Desk): void {
	if (!desk.editor) return;
	const at = caretOffset(desk.editor);
	const here = desk.inMargin
		.flatMap(({ thread, range }) => (range ? [{ id: thread.root.id, ...range }] : []))
		.filter(({ from, to }) => from <= at && at <= to)
		.sort((a, b) => a.to - a.from - (b.to - b.from));
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

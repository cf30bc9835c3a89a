/** The keys of the article page: what `?` lists and what they do. */
import { tinykeys } from 'tinykeys';
import { ask, copyLink, settle } from './ask.ts';
import type { Desk } from './desk.svelte.ts';

export interface Key {
	/** as tinykeys writes it; several for one thing */
	keys: string[];
	/** as people read it */
	shown: string;
	does: string;
	run: (desk: Desk) => void;
}

export const KEYS: Key[] = [
	{ keys: ['h'], shown: 'H', does: 'Highlight the selected words', run: (desk) => desk.highlight() },
	{
		keys: ['a', '$mod+Alt+KeyM'],
		shown: 'A or Ctrl/⌘ Alt M',
		does: 'Comment on the selected words',
		run: (desk) => desk.compose()
	},
	{
		keys: ['q'],
		shown: 'Q',
		does: 'Ask about the selected words',
		run: (desk) => desk.compose('questioning')
	},
	{ keys: ['m'], shown: 'M', does: 'Note on the whole article', run: (desk) => desk.composeNote() },
	{ keys: ['j'], shown: 'J', does: 'Next comment', run: (desk) => void desk.step(1) },
	{ keys: ['k'], shown: 'K', does: 'Previous comment', run: (desk) => void desk.step(-1) },
	{ keys: ['r'], shown: 'R', does: 'Reply to the open comment', run: (desk) => ask(desk, 'reply') },
	{ keys: ['e'], shown: 'E', does: 'Resolve the open comment, or reopen it', run: settle },
	{ keys: ['i'], shown: 'I', does: 'Assign the open comment', run: (desk) => ask(desk, 'assign') },
	{ keys: ['l'], shown: 'L', does: 'Label the open comment', run: (desk) => ask(desk, 'label') },
	{ keys: ['t'], shown: 'T', does: 'Tag the open comment', run: (desk) => ask(desk, 'tag') },
	{ keys: ['[Shift]++'], shown: '+', does: 'React to the open comment', run: (desk) => ask(desk, 'react') },
	{ keys: ['c'], shown: 'C', does: 'Copy the link of the open comment', run: (desk) => void copyLink(desk) },
	{ keys: ['$mod+z'], shown: 'Ctrl/⌘ Z', does: 'Undo what you did', run: (desk) => desk.undo() },
	{ keys: ['$mod+Shift+z'], shown: 'Ctrl/⌘ Shift Z', does: 'Do it again', run: (desk) => desk.redo() },
	{ keys: ['Escape'], shown: 'Esc', does: 'Leave the selection, or close the comment', run: leave }
];

/** Keys that belong to fields and dialogs, shown beside the others. */
export const MORE_KEYS = [
	{ shown: 'Shift and arrows', does: 'Select words, with the focus in the article' },
	{ shown: 'Ctrl/⌘ Enter', does: 'Post what you wrote' },
	{ shown: '?', does: 'Show these keys' }
];

/** Listens on the page; returns how to stop. @param help shows the keys */
export function bindKeys(desk: Desk, help: () => void): () => void {
	const bindings: Record<string, (event: KeyboardEvent) => void> = { 'Shift+?': help };
	for (const { keys, run } of KEYS)
		for (const key of keys)
			bindings[key] = (event) => {
				event.preventDefault();
				run(desk);
			};
	return tinykeys(window, bindings, { ignore: isTyping });
}

/** Whether a key is meant for a field, a dialog or a menu. */
const isTyping = ({ target, isComposing }: KeyboardEvent): boolean =>
	isComposing ||
	(target instanceof Element &&
		target.closest('input, select, textarea, [contenteditable="true"], dialog, [role="menu"]') !== null);

/** Leaves the innermost thing first. */
function leave(desk: Desk) {
	if (desk.selected) desk.leaveSelection();
	else if (desk.asked) desk.asked = null;
	else if (desk.active !== null) {
		void desk.activate(null);
		desk.editor?.view.dom.focus({ preventScroll: true });
	}
}

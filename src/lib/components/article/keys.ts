/** The keys of the article page: what `?` lists and what they do. */
import { tinykeys } from 'tinykeys';
import { maySettle } from '#lib/domain/policy.ts';
import { reopen } from '#lib/live/actions.ts';
import type { Desk } from './desk.svelte.ts';
import { isResolved } from './filter.ts';

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
	{ keys: ['j'], shown: 'J', does: 'Next comment', run: (desk) => void desk.step(1) },
	{ keys: ['k'], shown: 'K', does: 'Previous comment', run: (desk) => void desk.step(-1) },
	{ keys: ['r'], shown: 'R', does: 'Reply to the open comment', run: (desk) => ask(desk, 'reply') },
	{ keys: ['e'], shown: 'E', does: 'Resolve the open comment, or reopen it', run: settle },
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

function ask(desk: Desk, what: 'reply' | 'resolve') {
	const { open, workspace } = desk;
	if (open && workspace.may('reply')) void desk.activate(open.thread.root.id, { ask: what });
}

function settle(desk: Desk) {
	const { open, workspace } = desk;
	if (!open || !workspace.may('reply') || open.thread.removed) return;
	const { root } = open.thread;
	if (!maySettle(workspace.actor, workspace.articleId, root)) return;
	if (isResolved(open.thread)) desk.do(reopen(workspace.by(), root));
	else ask(desk, 'resolve');
}

/** Leaves the innermost thing first. */
function leave(desk: Desk) {
	if (desk.selected) desk.leaveSelection();
	else if (desk.asked) desk.asked = null;
	else if (desk.active !== null) {
		void desk.activate(null);
		desk.editor?.view.dom.focus({ preventScroll: true });
	}
}

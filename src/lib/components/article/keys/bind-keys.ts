/** Listens for the keys of the page, wherever the focus is, but in fields. */
import { tinykeys } from 'tinykeys';
import type { Desk } from '../desk.svelte.ts';
import { KEYS } from './keys.ts';
import { singleKeys } from './single-keys.svelte.ts';

/** Whether it is typed with nothing but Shift: such keys can be turned off (WCAG 2.1.4). */
export const isSingle = (key: string): boolean => /^(\[?Shift\]?\+)?.$/.test(key);

/** Returns how to stop. */
export function bindKeys(desk: Desk): () => void {
	const bindings: Record<string, (event: KeyboardEvent) => void> = {};
	for (const { keys, when, run } of KEYS.flatMap((group) => group.keys))
		for (const key of keys)
			bindings[key] = (event) => {
				if ((isSingle(key) && !singleKeys.on) || !when(desk, event)) return;
				event.preventDefault();
				run(desk, event);
			};
	return tinykeys(window, bindings, { ignore: isTaken });
}

const FIELDS =
	'input, select, textarea, [contenteditable="true"], dialog, [role="menu"], [role="listbox"], [role="dialog"]';

/** Whether a key is meant for a field, a dialog or a list, or somebody nearer has used it. */
const isTaken = ({ target, isComposing, defaultPrevented }: KeyboardEvent): boolean =>
	isComposing || defaultPrevented || (target instanceof Element && target.closest(FIELDS) !== null);

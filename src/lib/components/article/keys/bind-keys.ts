/** Listens for the keys of the page, wherever the focus is, but in fields. */
import { tinykeys } from 'tinykeys';
import { latinLetter } from '#lib/editor/latin-letter.ts';
import type { Desk } from '../desk.svelte.ts';
import { KEYS } from './keys.ts';
import { singleKeys } from './single-keys.svelte.ts';

/** Whether it is typed with nothing but Shift: such keys can be turned off (WCAG 2.1.4). */
export const isSingle = (key: string): boolean => /^(\[?Shift\]?\+)?.$/.test(key);

/** Where the key of a letter stands; null: it has none. */
export const placeOf = (key: string): string | null =>
	/(^|\+)[a-z]$/i.test(key) ? key.replace(/.$/, (letter) => `Key${letter.toUpperCase()}`) : null;

/** Returns how to stop. */
export function bindKeys(desk: Desk): () => void {
	const bindings: Record<string, (event: KeyboardEvent) => void> = {};
	for (const { keys, when, run } of KEYS.flatMap((group) => group.keys))
		for (const key of keys) {
			const press = (event: KeyboardEvent) => {
				if ((isSingle(key) && !singleKeys.on) || !when(desk, event)) return;
				event.preventDefault();
				run(desk, event);
			};
			bindings[key] = press;
			// on a keyboard of another script
			const place = placeOf(key);
			if (place) bindings[place] = (event) => latinLetter(event) !== event.key && press(event);
		}
	return tinykeys(window, bindings, { ignore: isTaken });
}

const FIELDS =
	'input, select, textarea, [contenteditable="true"], dialog, [role="menu"], [role="listbox"], [role="dialog"]';

/** Whether a key is meant for a field, a dialog or a list, or somebody nearer has used it. */
const isTaken = ({ target, isComposing, defaultPrevented }: KeyboardEvent): boolean =>
	isComposing || defaultPrevented || (target instanceof Element && target.closest(FIELDS) !== null);

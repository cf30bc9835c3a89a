/** Keys without Ctrl, Cmd or Alt, anywhere on a page. */
import { singleKeys } from './article/keys/single-keys.svelte.ts';

const FIELDS = 'input, select, textarea, [contenteditable="true"], dialog, [role="menu"], [role="dialog"]';

/** Whether this is the key, meant for the page and not for a field, a dialog or a menu; never where such keys are turned off. */
export const isPageKey = (event: KeyboardEvent, key: string): boolean =>
	event.key === key &&
	singleKeys.on &&
	!(event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) &&
	!(event.target instanceof Element && event.target.closest(FIELDS) !== null);

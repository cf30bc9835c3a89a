/** Which key moves the caret where, in a text that is only read. */

import { latinLetter } from './latin-letter.ts';

export interface Move {
	alter: 'move' | 'extend';
	to: 'left' | 'right' | 'backward' | 'forward' | 'start' | 'end' | 'all';
	by: 'character' | 'word' | 'line' | 'lineboundary' | 'paragraph' | 'page';
}
type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'>;

/** The move that a key asks for, by the custom of the system; null: not ours. */
export function moveOf(pressed: Pressed, mac: boolean): Move | null {
	const { key, shiftKey, ctrlKey, altKey, metaKey } = pressed;
	if (latinLetter(pressed).toLowerCase() === 'a' && (mac ? metaKey : ctrlKey) && !shiftKey && !altKey)
		return { alter: 'extend', to: 'all', by: 'character' };
	// Alt+Left goes back a page on Windows and Linux, Ctrl+arrows switch desktops on a Mac
	if (mac ? ctrlKey : altKey || metaKey) return null;
	const alter = shiftKey ? 'extend' : 'move';
	const farther = mac ? altKey : ctrlKey;
	const farthest = mac && metaKey;
	switch (key) {
		case 'ArrowLeft':
		case 'ArrowRight': {
			const to = key === 'ArrowLeft' ? 'left' : 'right';
			return { alter, to, by: farthest ? 'lineboundary' : farther ? 'word' : 'character' };
		}
		case 'ArrowUp':
		case 'ArrowDown': {
			const up = key === 'ArrowUp';
			if (farthest) return { alter, to: up ? 'start' : 'end', by: 'line' };
			return { alter, to: up ? 'backward' : 'forward', by: farther ? 'paragraph' : 'line' };
		}
		case 'Home':
			if (farther) return { alter, to: 'start', by: 'line' };
			return { alter, to: 'backward', by: 'lineboundary' };
		case 'End':
			if (farther) return { alter, to: 'end', by: 'line' };
			return { alter, to: 'forward', by: 'lineboundary' };
		case 'PageUp':
		case 'PageDown':
			// with Ctrl they go from tab to tab
			if (ctrlKey || metaKey || altKey) return null;
			return { alter, to: key === 'PageUp' ? 'backward' : 'forward', by: 'page' };
		default:
			return null;
	}
}

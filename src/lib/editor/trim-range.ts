/** What of a selection is marked: without the white space at its ends. */
import type { TextRange } from './position-map.ts';

/** A double click takes the space after a word, a triple click the line feed: neither is meant. Null: nothing is left. */
export function trimRange(text: string, { from, to }: TextRange): TextRange | null {
	const picked = text.slice(from, to);
	const start = from + (picked.length - picked.trimStart().length);
	const end = to - (picked.length - picked.trimEnd().length);
	return end > start ? { from: start, to: end } : null;
}

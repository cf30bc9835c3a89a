import { describe, expect, test } from 'vitest';
import { ahead } from '../../../src/lib/components/article/keys/ahead.ts';
import type { Placed } from '../../../src/lib/live/workspace.svelte.ts';
import { comment } from '../../domain/make.ts';

const placed = (id: string, from: number | null): Placed => ({
	thread: { root: comment({ id }), replies: [], removed: false },
	range: from === null ? null : { from, to: from + 5 }
});
/** a note on the whole article, three passages, an orphan */
const LIST = [
	placed('note', null),
	placed('a', 10),
	placed('b', 100),
	placed('c', 200),
	placed('lost', null)
];
const NOTHING = { open: null, left: null, view: null };

describe('the next thread', () => {
	test('is looked for after the one that is open, the one before in what stands before it', () => {
		expect(ahead(LIST, 1, { ...NOTHING, open: 'b', view: { from: 0, to: 300 } })).toEqual(['c', 'lost']);
		expect(ahead(LIST, -1, { ...NOTHING, open: 'b', view: { from: 0, to: 300 } })).toEqual(['note', 'a']);
	});
	test('with none open: from where one reads, and round', () => {
		expect(ahead(LIST, 1, NOTHING)).toEqual(['note', 'a', 'b', 'c', 'lost']);
		expect(ahead(LIST, 1, { ...NOTHING, view: { from: 0, to: 50 } })[0]).toBe('note');
		expect(ahead(LIST, 1, { ...NOTHING, view: { from: 90, to: 300 } })).toEqual([
			'b',
			'c',
			'lost',
			'note',
			'a'
		]);
		expect(ahead(LIST, -1, { ...NOTHING, view: { from: 90, to: 300 } }).at(-1)).toBe('a');
	});
	test('goes on from the one that was closed last, while that is in view', () => {
		const left = { ...NOTHING, left: 'b' };
		expect(ahead(LIST, 1, { ...left, view: { from: 5, to: 300 } })).toEqual(['c', 'lost']);
		expect(ahead(LIST, -1, { ...left, view: { from: 5, to: 300 } })).toEqual(['note', 'a']);
		expect(ahead(LIST, 1, { ...left, view: { from: 150, to: 300 } })[0]).toBe('c');
		expect(ahead(LIST, 1, { ...left, view: { from: 0, to: 50 } })[0]).toBe('note');
	});
	test('below the last passage begins anew', () => {
		const below = ahead(LIST.slice(1, 4), 1, { ...NOTHING, view: { from: 250, to: 300 } });
		expect(below).toEqual(['a', 'b', 'c']);
	});
	test('of nothing is nothing', () => expect(ahead([], 1, NOTHING)).toEqual([]));
});

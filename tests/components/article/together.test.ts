import { expect, test } from 'vitest';
import { goalOf } from '../../../src/lib/components/article/together/follow.svelte.ts';
import {
	paragraphIn,
	percent,
	placeFaces,
	sayWhere
} from '../../../src/lib/components/article/together/people-here.ts';

const TEXT = 'One.\nTwo is longer.\nThree.\nFour.';
const ann = { here: true, idle: false, view: { from: 5, to: 18 }, doing: null, read: 0.645, last: '' };

test('where somebody is, and how far they have read', () => {
	expect(sayWhere(ann, TEXT)).toBe('Reading paragraph 2 · has read 64\u00a0%');
	expect(sayWhere({ ...ann, doing: 'replying' }, TEXT)).toBe('Replying · has read 64\u00a0%');
	expect(sayWhere({ ...ann, idle: true, doing: 'replying', read: null }, TEXT)).toBe('Idle');
	expect(sayWhere({ ...ann, view: null, read: 0 }, TEXT)).toBe('Here');
	expect(sayWhere({ ...ann, here: false, view: null, last: '14:02', read: 1 }, TEXT)).toBe(
		'Last here 14:02 · has read 100\u00a0%'
	);
});

test('a paragraph is that in the middle of the screen; all is only what is all', () => {
	expect(paragraphIn(TEXT, { from: 0, to: 2 })).toBe(1);
	expect(paragraphIn(TEXT, { from: 0, to: TEXT.length })).toBe(2);
	expect(paragraphIn(TEXT, { from: 28, to: TEXT.length })).toBe(4);
	expect(percent(0.996)).toBe('99\u00a0%');
	expect(percent(1.2)).toBe('100\u00a0%');
});

test('who follows sees the same first line, and on a smaller screen what the other is at', () => {
	const wide = { top: 300, bottom: 1100, height: 900 };
	expect(goalOf({ ...wide, focus: null })).toBe(300);
	expect(goalOf({ ...wide, focus: 900 })).toBe(300);
	// their caret stands below what fits
	expect(goalOf({ ...wide, height: 500, focus: 900 })).toBe(900 - 175);
	// a caret that they have scrolled away from is not what they look at
	expect(goalOf({ ...wide, height: 500, focus: 1400 })).toBe(300);
	expect(goalOf({ ...wide, height: 500, focus: 100 })).toBe(300);
});

test('faces at the same place of the map step aside', () => {
	const at = (...all: number[]) => placeFaces(all.map((at) => ({ at }))).map(({ at, step }) => [at, step]);
	expect(at(0.5, 0.1, 0.51, 0.52, 0.9)).toEqual([
		[0.1, 0],
		[0.5, 0],
		[0.51, 1],
		[0.52, 2],
		[0.9, 0]
	]);
});

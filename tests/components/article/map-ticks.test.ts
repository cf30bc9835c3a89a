import { describe, expect, test } from 'vitest';
import { nearestTick, type Tick } from '../../../src/lib/components/article/text/map-ticks.ts';
import { topIn } from '../../../src/lib/components/article/margin/passage-tops.ts';
import { placeToolbar } from '../../../src/lib/components/article/text/toolbar-place.ts';

const ticks = [0.1, 0.2, 0.21, 0.9].map((at, index): Tick => ({
	id: String(index),
	at,
	color: 'yellow',
	resolved: false,
	unread: false
}));

test('a place on the map means the nearest tick, and says how many more are there', () => {
	const at = (place: number) => {
		const found = nearestTick(ticks, place, 0.02);
		return found && [found.tick.id, found.others];
	};
	expect(at(0.11)).toEqual(['0', 0]);
	expect(at(0.207)).toEqual(['2', 1]);
	expect(at(0.5)).toBeNull();
	expect(nearestTick([], 0.5, 1)).toBeNull();
});

test('a passage that was not measured is looked for in its block', () => {
	const blocks = [
		{ from: 0, to: 100, top: 0, height: 100 },
		{ from: 101, to: 101, top: 120, height: 20 },
		{ from: 102, to: 202, top: 150, height: 50 }
	];
	expect(topIn(blocks, 0)).toBe(0);
	expect(topIn(blocks, 50)).toBe(45);
	expect(topIn(blocks, 101)).toBe(120);
	expect(topIn(blocks, 102)).toBe(150);
	expect(topIn(blocks, 9999)).toBeLessThan(200);
	expect(topIn([], 5)).toBe(0);
});

describe('the toolbar of a selection', () => {
	const around = {
		words: { top: 300, bottom: 340, start: 100, end: 500 },
		size: { width: 200, height: 80 },
		view: { top: 56, bottom: 800, left: 8, right: 1000 },
		backward: false,
		gap: 8
	};
	test.each<[name: string, given: Partial<typeof around>, place: { left: number; top: number }]>([
		['stands below the end', {}, { left: 400, top: 348 }],
		['selected backward: above the beginning', { backward: true }, { left: 8, top: 212 }],
		[
			'no room below: above',
			{ words: { top: 700, bottom: 760, start: 300, end: 500 } },
			{ left: 200, top: 612 }
		],
		[
			'no room above: below',
			{ words: { top: 60, bottom: 90, start: 300, end: 500 }, backward: true },
			{ left: 400, top: 98 }
		],
		[
			'longer than the window: at its foot',
			{ words: { top: -900, bottom: 1900, start: 300, end: 500 } },
			{ left: 400, top: 720 }
		],
		[
			'at the edge: whole',
			{ words: { top: 300, bottom: 340, start: 100, end: 990 } },
			{ left: 800, top: 348 }
		]
	])('%s', (_name, given, place) => expect(placeToolbar({ ...around, ...given })).toEqual(place));
});

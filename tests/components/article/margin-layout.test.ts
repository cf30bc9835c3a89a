import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	cardsInView,
	cardToKeepLevel,
	layoutCards,
	type Card
} from '../../../src/lib/components/article/margin/margin-layout.ts';

const GAP = 10;
const cards = (...list: [wanted: number, height: number][]): Card[] =>
	list.map(([wanted, height], index) => ({ id: String(index), wanted, height }));
const tops = (list: Card[], active: string | null) => [...layoutCards(list, active, GAP).values()];

describe('cards of the margin', () => {
	test.each<[name: string, cards: Card[], active: string | null, tops: number[]]>([
		['none', [], null, []],
		['one is level with its passage', cards([40, 100]), null, [40]],
		['far apart: each is level', cards([0, 50], [200, 50]), null, [0, 200]],
		['close together: the later gives way downward', cards([0, 50], [20, 50], [30, 50]), null, [0, 60, 120]],
		['room after a crowd: level again', cards([0, 50], [10, 50], [500, 50]), null, [0, 60, 500]],
		['the active one is level, those before go up', cards([0, 50], [20, 50], [30, 50]), '2', [-90, -30, 30]],
		['the active one in the middle', cards([0, 50], [20, 50], [30, 50]), '1', [-40, 20, 80]],
		['before it, only who must goes up', cards([0, 50], [100, 50], [120, 50]), '2', [0, 60, 120]],
		['on one line, the first active', cards([40, 50], [40, 50]), '0', [40, 100]],
		['on one line, the second active', cards([40, 50], [40, 50]), '1', [-20, 40]],
		['an active one that is not there', cards([0, 50], [20, 50]), 'gone', [0, 60]]
	])('%s', (_name, list, active, expected) => expect(tops(list, active)).toEqual(expected));

	test('never over each other, in order, the active one exactly level', () => {
		const list = fc
			.array(fc.tuple(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 1, max: 400 })), { maxLength: 40 })
			.map((given) => cards(...given.toSorted(([a], [b]) => a - b)));
		fc.assert(
			fc.property(list, fc.nat(60), (given, pick) => {
				const active = given[pick]?.id ?? null;
				const layout = layoutCards(given, active, GAP);
				expect(layout.size).toBe(given.length);
				for (const [index, card] of given.entries()) {
					const next = given[index + 1];
					if (next)
						expect(layout.get(next.id)!).toBeGreaterThanOrEqual(layout.get(card.id)! + card.height + GAP);
				}
				if (active !== null) expect(layout.get(active)).toBe(given[pick]!.wanted);
			})
		);
	});

	test('only cards that touch the view are kept, and those that must be there', () => {
		const list = cards([0, 50], [100, 50], [200, 50], [900, 50]);
		const layout = layoutCards(list, null, GAP);
		const kept = cardsInView(list, layout, { top: 120, bottom: 220 }, ['3', null]);
		expect(kept.map(({ id }) => id)).toEqual(['1', '2', '3']);
	});

	test('in a crowd the card is kept level whose passage is being read; elsewhere none', () => {
		const few = cards([0, 50], [20, 50], [400, 50]);
		expect(cardToKeepLevel(few, 10, 100, GAP)).toBeNull();
		const crowd = cards(...Array.from({ length: 100 }, (_, i): [number, number] => [i * 5, 50]));
		expect(cardToKeepLevel(crowd, 3, 100, GAP)).toBeNull();
		expect(cardToKeepLevel(crowd, 250, 100, GAP)).toBe('50');
		expect(cardToKeepLevel(crowd, 9000, 100, GAP)).toBe('99');
		expect(cardToKeepLevel([], 0, 100, GAP)).toBeNull();
	});
});

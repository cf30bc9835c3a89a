import { expect, test } from 'vitest';
import {
	addressOf,
	callFor,
	EVERYTHING,
	isNarrowed,
	parseListQuery
} from '../../../src/lib/components/articles/list-query.ts';

const parse = (search: string) => parseListQuery(new URLSearchParams(search));

test('an address says what is listed, and reads back as the same', () => {
	const query = {
		...EVERYTHING,
		status: 'open',
		unread: true,
		mentioned: true,
		mine: true,
		text: 'bridge & river',
		sort: 'unread',
		shown: 60
	} as const;
	const address = addressOf(query);
	expect(address).toBe(
		'/articles?status=open&unread=true&mentions=me&assigned=me&text=bridge+%26+river&sort=unread&shown=60'
	);
	expect(parse(address.split('?')[1]!)).toEqual(query);
	expect(isNarrowed(query)).toBe(true);
});

test('everything has the plain address', () => {
	expect(addressOf(EVERYTHING)).toBe('/articles');
	expect(parse('')).toEqual(EVERYTHING);
	expect(isNarrowed({ ...EVERYTHING, sort: 'title', shown: 90 })).toBe(false);
});

test('what an address cannot mean is passed over', () => {
	expect(
		parse('status=lost&unread=yes&mentions=you&assigned=you&sort=constructor&shown=-5&text=%20')
	).toEqual(EVERYTHING);
	expect(parse('shown=x').shown).toBe(EVERYTHING.shown);
	expect(parse('shown=1e9').shown).toBe(1000);
});

test('the API is asked in pages of at most 100, as long as more are wanted', () => {
	expect(callFor(EVERYTHING, 0, null)).toBe('/articles?sort=activity&limit=30');
	expect(callFor({ ...EVERYTHING, shown: 150 }, 0, null)).toBe('/articles?sort=activity&limit=100');
	expect(callFor({ ...EVERYTHING, shown: 150, text: 'ä' }, 100, 'c=')).toBe(
		'/articles?text=%C3%A4&sort=activity&limit=50&cursor=c%3D'
	);
});

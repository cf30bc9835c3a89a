import { describe, expect, test } from 'vitest';
import { offersFor, type Entry } from '../../../src/lib/components/article/find/palette.ts';

const entry = (name: string, group: Entry['group'] = 'Do', detail?: string): Entry => ({
	id: name,
	name,
	detail,
	group,
	run: () => {}
});
const ENTRIES = [
	entry('Reply to the open comment'),
	entry('Resolve the open comment, or reopen it'),
	entry('Export as Markdown'),
	entry('Show only: Legal', 'Show', 'Label'),
	entry('Show open comments', 'Show'),
	entry('Follow Zoé Export', 'People')
];
const found = (query: string, recent: string[] = []) =>
	offersFor(query, ENTRIES, recent).map(({ title, entries }) => [title, ...entries.map(({ name }) => name)]);

describe('the palette', () => {
	test('begins with what was used last, then with what can be done and who is here', () => {
		const names = found('', ['Show open comments', 'gone', 'Export as Markdown']);
		expect(names).toEqual([
			['Used last', 'Show open comments', 'Export as Markdown'],
			['Do', 'Reply to the open comment', 'Resolve the open comment, or reopen it'],
			['People', 'Follow Zoé Export']
		]);
	});

	test.each<[query: string, best: string]>([
		['export', 'Export as Markdown'],
		['mark', 'Export as Markdown'],
		['zoe', 'Follow Zoé Export'],
		['legal', 'Show only: Legal'],
		['label', 'Show only: Legal'],
		['comment resolve', 'Resolve the open comment, or reopen it'],
		['rtoc', 'Reply to the open comment'],
		['eam', 'Export as Markdown']
	])('%s', (query, best) => expect(found(query)[0]![1]).toBe(best));

	test('puts what begins with the words before what only holds them', () => {
		expect(found('export').map(([title]) => title)).toEqual(['Do', 'People']);
	});

	test('finds nothing where a word is missing', () => {
		expect(found('reply nonsense')).toEqual([]);
	});

	test('offers what was used last first among equals', () => {
		expect(found('open comment', ['Resolve the open comment, or reopen it'])[0]![1]).toMatch(/^Resolve/);
	});
});

import { expect, test } from 'vitest';
import type { SetAnnotation } from '../../src/lib/domain/finished-set.ts';
import { viewOf } from '../../src/lib/components/set-view.ts';

const TEXT = 'Bridge 🌉 closes 🌉\nFor nine weeks, they say.\nOr longer.';

const note = (id: string, more: Partial<SetAnnotation> = {}): SetAnnotation => ({
	id,
	creator: 'user:1',
	created: '2026-05-11T10:00:00.000Z',
	modified: null,
	motivation: 'commenting',
	body: id,
	label: null,
	status: 'open',
	resolution: null,
	replyTo: null,
	assignee: null,
	tags: [],
	deleted: null,
	importedFrom: null,
	exact: null,
	prefix: null,
	suffix: null,
	start: null,
	end: null,
	reactions: null,
	...more
});

/** On the first occurrence of the words, in code points. */
const on = (id: string, exact: string) => {
	const start = [...TEXT.slice(0, TEXT.indexOf(exact))].length;
	return note(id, { exact, start, end: start + [...exact].length });
};

const view = (...annotations: SetAnnotation[]) =>
	viewOf({ text: TEXT, layers: [{ layer: 'shared', hash: '', annotations }] });
const words = (threads: { root: SetAnnotation }[]) => threads.map(({ root }) => root.id);

test('the paragraphs say the whole text, whatever is marked', () => {
	const shown = view(on('a', 'closes'), on('b', 'closes 🌉\nFor nine'), on('c', 'nine weeks'), on('d', 'Or'));
	const lines = shown.paragraphs.map(({ runs }) => runs.map(({ text }) => text).join(''));
	expect(lines.join('\n')).toBe(TEXT);
});

test('offsets count code points', () => {
	const [first] = view(on('a', 'closes')).paragraphs;
	expect(first!.runs.filter(({ over }) => over.length > 0).map(({ text }) => text)).toEqual(['closes']);
});

test('a passage over two paragraphs stands beside the one where it begins and ends in the other', () => {
	const { paragraphs } = view(on('a', 'closes 🌉\nFor nine'));
	expect(paragraphs.map(({ threads }) => words(threads))).toEqual([['a'], [], []]);
	const marked = paragraphs.flatMap(({ runs }) => runs).filter(({ over }) => over.length > 0);
	expect(marked.map(({ text }) => text)).toEqual(['closes 🌉', 'For nine']);
	expect(marked.map(({ begins }) => words(begins))).toEqual([['a'], []]);
	expect(marked.map(({ ends }) => words(ends))).toEqual([[], ['a']]);
});

test('where passages overlap, the shortest is on top and each ends once', () => {
	const { runs } = view(on('long', 'For nine weeks'), on('short', 'nine')).paragraphs[1]!;
	expect(runs.map(({ text }) => text)).toEqual(['For ', 'nine', ' weeks', ', they say.']);
	expect(words(runs[1]!.over)).toEqual(['long', 'short']);
	expect(runs.map(({ ends }) => words(ends))).toEqual([[], ['short'], ['long'], []]);
});

test('threads are numbered as the text goes: the whole article, passages, orphans; replies stay with their root', () => {
	const reply = note('reply', { motivation: 'replying', replyTo: 'late', status: null });
	const shown = view(
		on('late', 'longer'),
		reply,
		note('orphan', { exact: 'gone' }),
		note('general'),
		on('early', 'Bridge')
	);
	expect(shown.general.map(({ number, root }) => [number, root.id])).toEqual([[1, 'general']]);
	expect(shown.orphans.map(({ number, root }) => [number, root.id])).toEqual([[4, 'orphan']]);
	expect(shown.paragraphs[0]!.threads.map(({ number }) => number)).toEqual([2]);
	const [late] = shown.paragraphs[2]!.threads;
	expect([late!.number, late!.replies.map(({ id }) => id)]).toEqual([3, ['reply']]);
});

import { describe, expect, test } from 'vitest';
import { choiceName, sectionsOf } from '../../../src/lib/components/article/find/choices.ts';
import {
	countThreads,
	isChosen,
	NO_FILTER,
	parseFilter,
	passing,
	toggle,
	withFilter,
	type Filter
} from '../../../src/lib/components/article/find/filter.ts';
import { fold } from '../../../src/lib/components/article/thread/thread-facts.ts';
import type { Annotation } from '../../../src/lib/domain/annotation.ts';
import { FIRST_LABELS } from '../../../src/lib/domain/labels.ts';
import type { Thread } from '../../../src/lib/domain/thread.ts';

const ME = 'user:me';
const annotation = (id: string, more: Partial<Annotation> = {}): Annotation => ({
	id,
	creator: 'user:ada',
	created: '2026-11-22T10:00:00Z',
	motivation: 'commenting',
	body: 'Who says so?',
	...more
});
const reader = { me: ME, isUnread: (id: string) => id === 'new' };
const thread = (more: Partial<Annotation>, ...replies: Annotation[]): Thread => ({
	root: annotation(more.id ?? '1', { exact: 'until Friday', ...more }),
	replies,
	removed: false
});
const lets = (filter: Partial<Filter>, one: Thread) => passing({ ...NO_FILTER, ...filter }, reader)(one);

describe('in the URL', () => {
	test.each<[search: string, filter: Partial<Filter>]>([
		['', {}],
		['?status=all', { status: 'all' }],
		['?status=nonsense&only=nothing', {}],
		[
			'?status=resolved&by=user:ada&by=user:emil&label=legal',
			{ status: 'resolved', by: ['user:ada', 'user:emil'], label: ['legal'] }
		],
		[
			'?only=mine&only=unread&q=Friday%20bolt&tag=a%26b',
			{ only: ['unread', 'mine'], text: 'Friday bolt', tag: ['a&b'] }
		]
	])('%s', (search, filter) =>
		expect(parseFilter(new URLSearchParams(search))).toEqual({ ...NO_FILTER, ...filter })
	);

	test('and back, beside what stands there', () => {
		const filter: Filter = {
			...NO_FILTER,
			status: 'all',
			kind: ['question'],
			assignee: ['guest:x'],
			only: ['mentions'],
			text: 'é'
		};
		const search = withFilter(new URLSearchParams('?token=t'), filter);
		expect(new URLSearchParams(search).get('token')).toBe('t');
		expect(parseFilter(new URLSearchParams(search))).toEqual(filter);
		expect(withFilter(new URLSearchParams(search), { ...NO_FILTER, text: '  ' })).toBe('?token=t');
	});

	test('a choice goes in and out, and the state is none', () => {
		const chosen = toggle(toggle(NO_FILTER, 'label', 'legal'), 'label', 'style');
		expect(chosen.label).toEqual(['legal', 'style']);
		expect(toggle(chosen, 'label', 'legal').label).toEqual(['style']);
		expect([isChosen(NO_FILTER), isChosen({ ...NO_FILTER, status: 'all' }), isChosen(chosen)]).toEqual([
			false,
			false,
			true
		]);
	});
});

const emils = annotation('2', {
	creator: 'user:emil',
	replyTo: '1',
	body: 'Ask [@Me](user:me), says the Café.'
});

test.each<[name: string, filter: Partial<Filter>, thread: Thread, shown: boolean]>([
	['open shows what has no status', {}, thread({}), true],
	['open hides what is resolved', {}, thread({ status: 'resolved' }), false],
	['resolved', { status: 'resolved' }, thread({ status: 'resolved' }), true],
	['all', { status: 'all' }, thread({ status: 'resolved' }), true],
	['another label', { label: ['legal'] }, thread({ label: 'style' }), false],
	['one of two labels', { label: ['legal', 'style'] }, thread({ label: 'style' }), true],
	['who began it', { by: ['user:ada'] }, thread({}), true],
	['who answered', { by: ['user:emil'] }, thread({}, emils), true],
	['somebody else', { by: ['user:emil'] }, thread({}), false],
	['a tag', { tag: ['names'] }, thread({ tags: ['dates', 'names'] }), true],
	['another tag', { tag: ['names'] }, thread({ tags: ['dates'] }), false],
	['a highlight', { kind: ['highlight'] }, thread({ motivation: 'highlighting', body: undefined }), true],
	[
		'a highlight with words is a comment',
		{ kind: ['comment'] },
		thread({ motivation: 'highlighting' }),
		true
	],
	['a question', { kind: ['question'] }, thread({ motivation: 'questioning' }), true],
	['a note on the whole article', { kind: ['note'] }, thread({ exact: undefined }), true],
	['a suggestion', { kind: ['suggestion'] }, thread({ motivation: 'editing' }), true],
	['assigned to me', { only: ['assigned'] }, thread({ assignee: ME }), true],
	['assigned to somebody else', { only: ['assigned'] }, thread({ assignee: 'user:emil' }), false],
	['assigned to them', { assignee: ['user:emil'] }, thread({ assignee: 'user:emil' }), true],
	['mentions me in an answer', { only: ['mentions'] }, thread({}, emils), true],
	['mentions nobody', { only: ['mentions'] }, thread({}), false],
	['unread', { only: ['unread'] }, thread({ id: 'new' }), true],
	['read', { only: ['unread'] }, thread({}), false],
	['not mine', { only: ['mine'] }, thread({}), false],
	['mine by an answer', { only: ['mine'] }, thread({}, annotation('3', { creator: ME })), true],
	['both, and not one of them', { only: ['assigned', 'mine'] }, thread({ assignee: ME }), false],
	['words of the comment', { text: 'SAYS' }, thread({ body: 'Who says so?' }), true],
	['words of an answer, without accents', { text: 'cafe ask' }, thread({}, emils), true],
	['a name that is mentioned', { text: '@me' }, thread({}, emils), true],
	['nothing that only a link knows', { text: 'user:me' }, thread({}, emils), false],
	['words of the passage', { text: 'friday' }, thread({}), true],
	['words of a tag', { text: 'date' }, thread({ tags: ['Dates'] }), true],
	['words of which one is missing', { text: 'friday bolt' }, thread({}), false],
	[
		'the words of a removed comment are gone',
		{ text: 'says' },
		{ ...thread({ exact: 'x' }), removed: true },
		false
	]
])('%s', (_name, filter, given, shown) => expect(lets(filter, given)).toBe(shown));

test('words are compared without case and accents', () => {
	expect(fold('Ægir Ångström ÉTÉ ﬁn')).toBe('ægir angstrom ete fin');
});

describe('counts', () => {
	const threads = [
		thread({ id: '1', label: 'legal', body: 'One' }),
		thread({ id: '2', label: 'style', body: 'Two', creator: ME }),
		thread({ id: 'new', label: 'legal', body: 'One more', creator: 'user:emil', motivation: 'questioning' }),
		thread({ id: '4', label: 'legal', body: 'One', status: 'resolved', tags: ['dates'] })
	];
	const counted = (filter: Partial<Filter>) => countThreads({ ...NO_FILTER, ...filter }, threads, reader);

	test('of each choice, as it would be with all else kept', () => {
		const { status, only, facets } = counted({ label: ['legal'] });
		expect(status).toEqual({ open: 2, resolved: 1, all: 3 });
		expect(only).toEqual({ unread: 1, mentions: 0, assigned: 0, mine: 0 });
		// of another label there would be as many whatever label is chosen now
		expect(Object.fromEntries(facets.label)).toEqual({ legal: 2, style: 1 });
		expect(Object.fromEntries(facets.by)).toEqual({ 'user:ada': 1, [ME]: 0, 'user:emil': 1 });
		expect(Object.fromEntries(facets.kind)).toEqual({ comment: 1, question: 1 });
		// what is in the article can be chosen, though now there would be none
		expect(Object.fromEntries(facets.tag)).toEqual({ dates: 0 });
	});

	test('each count is what choosing it shows', () => {
		const filter: Filter = { ...NO_FILTER, text: 'one', only: ['unread'] };
		const { status, facets, only } = countThreads(filter, threads, reader);
		const shown = (change: Partial<Filter>) =>
			threads.filter(passing({ ...filter, ...change }, reader)).length;
		for (const value of ['open', 'resolved', 'all'] as const)
			expect(status[value]).toBe(shown({ status: value }));
		for (const [value, count] of facets.label) expect(count).toBe(shown({ label: [value] }));
		expect(only.unread).toBe(shown({}));
		expect(only.mine).toBe(shown({ only: ['unread', 'mine'] }));
	});
});

test('what can be chosen has names, in an order that people know', () => {
	const names = { labels: FIRST_LABELS, nameOf: (principal: string) => principal.slice(5) };
	const threads = [
		thread({ id: '1', label: 'style', creator: 'user:zoe', motivation: 'questioning' }),
		thread({ id: '2', label: 'legal', creator: 'user:ann', assignee: 'user:ann' })
	];
	const filter: Filter = { ...NO_FILTER, label: ['gone'] };
	const sections = sectionsOf(filter, countThreads(filter, threads, reader), names);
	expect(sections.map(({ title }) => title)).toEqual(['For you', 'Kind', 'Label', 'Person', 'Assigned to']);
	expect(sections[2]!.choices).toEqual([
		{ value: 'legal', name: 'Legal', count: 1, chosen: false },
		{ value: 'style', name: 'Style', count: 1, chosen: false },
		{ value: 'gone', name: 'gone', count: 0, chosen: true }
	]);
	expect(sections[1]!.choices.map(({ name }) => name)).toEqual(['Comments', 'Questions']);
	expect(sections[3]!.choices.map(({ name }) => name)).toEqual(['ann', 'zoe']);
	expect(choiceName('only', 'mentions', names)).toBe('Mentions you');
});

test('2,000 threads are counted while one types', () => {
	const many = Array.from({ length: 2000 }, (_, i) =>
		thread({ id: String(i), label: FIRST_LABELS[i % 7]!.id, body: `Comment number ${i} **on** the bridge` })
	);
	const filter: Filter = { ...NO_FILTER, text: 'number bridge' };
	countThreads(filter, many, reader);
	const from = performance.now();
	for (let i = 0; i < 10; i++) countThreads(filter, many, reader);
	// a wide margin: it takes some 3 ms
	expect((performance.now() - from) / 10).toBeLessThan(60);
});

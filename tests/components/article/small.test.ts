import { describe, expect, test } from 'vitest';
import type { Annotation } from '../../../src/lib/domain/annotation.ts';
import { initials } from '../../../src/lib/components/article/initials.ts';
import { newsOf } from '../../../src/lib/components/article/news.ts';
import type { Doing } from '../../../src/lib/live/others.ts';
import { shortTime } from '../../../src/lib/components/article/when.ts';

const annotation = (id: string, more: Partial<Annotation> = {}): Annotation => ({
	id,
	creator: 'user:ada',
	created: '2026-11-22T10:00:00Z',
	motivation: 'commenting',
	body: 'Who says so?',
	...more
});

describe('news', () => {
	const added = (one: Annotation): Doing => ({ annotation: one, what: 'added' });
	const settled = annotation('1', {
		exact: 'bridge',
		status: 'resolved',
		resolution: { by: 'user:ada', at: '2026-11-22T10:00:00Z', reason: 'Corrected' }
	});
	const root = annotation('2', { exact: 'bridge' });
	const known = { nameOf: () => 'Ada', find: (id: string) => (id === root.id ? root : undefined) };
	test.each<[name: string, done: Doing[], said: string]>([
		['nothing', [], ''],
		['a comment', [added(annotation('1', { exact: 'bridge' }))], 'Ada commented on “bridge”: Who says so?'],
		['a note', [added(annotation('1'))], 'Ada commented on the whole article: Who says so?'],
		[
			'a highlight',
			[added(annotation('1', { exact: 'bridge', body: undefined }))],
			'Ada highlighted “bridge”'
		],
		[
			'a reply',
			[added(annotation('1', { replyTo: '2', body: '**The** mayor.' }))],
			'Ada replied on “bridge”: The mayor.'
		],
		[
			'other words',
			[{ annotation: annotation('1'), what: 'reworded' }],
			'Ada changed their words: Who says so?'
		],
		[
			'settled',
			[{ annotation: settled, what: 'resolved' }],
			'Ada resolved the comment on “bridge”: Corrected'
		],
		[
			'opened',
			[{ annotation: annotation('1', { exact: 'pier' }), what: 'reopened' }],
			'The comment on “pier” was reopened.'
		],
		[
			'assigned',
			[{ annotation: annotation('1', { exact: 'pier', assignee: 'user:ada' }), what: 'assigned' }],
			'The comment on “pier” is assigned to Ada.'
		],
		[
			'deleted',
			[
				{
					annotation: annotation('1', { exact: 'pier', body: 'So.', deleted: { by: 'user:ada', at: '' } }),
					what: 'removed'
				}
			],
			'Ada deleted the comment on “pier”.'
		],
		[
			'a deleted reply',
			[
				{
					annotation: annotation('1', { replyTo: '2', deleted: { by: 'user:ada', at: '' } }),
					what: 'removed'
				}
			],
			'Ada deleted a reply on “bridge”.'
		],
		['much', [added(annotation('1')), added(annotation('2'))], '2 new comments and highlights by others.'],
		[
			'all sorts',
			[added(annotation('1')), { annotation: settled, what: 'resolved' }],
			'2 changes by others, 1 of them new comments and highlights.'
		]
	])('%s', (_name, done, said) => expect(newsOf(done, known)).toBe(said));
});

test.each([
	['Ada Annotator', 'AA'],
	['Olga van der Berg', 'OB'],
	['plato', 'P'],
	['👩‍🚒 Élodie', '👩‍🚒É'],
	['  ', '?']
])('initials of %s', (name, expected) => expect(initials(name)).toBe(expected));

test.each([
	['2026-11-22T08:05:00Z', '08:05'],
	['2026-11-21T08:05:00Z', '21 Nov, 08:05'],
	['2025-11-22T08:05:00Z', '22 Nov 2025'],
	['not a date', '']
])('when %s', (iso, expected) =>
	expect(shortTime(iso, new Date('2026-11-22T12:00:00Z'), 'UTC')).toBe(expected)
);

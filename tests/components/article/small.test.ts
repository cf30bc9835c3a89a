import { describe, expect, test } from 'vitest';
import type { Annotation } from '../../../src/lib/domain/annotation.ts';
import { initials } from '../../../src/lib/components/article/initials.ts';
import { newsOf, newSince } from '../../../src/lib/components/article/news.ts';
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
	test('is what others have added since', () => {
		const now = [annotation('1'), annotation('2'), annotation('3', { creator: 'user:emil' })];
		const gone = annotation('4', { deleted: { by: 'user:ada', at: '2026-11-22T10:00:00Z' } });
		expect(newSince(new Set(['1']), [...now, gone], 'user:emil').map(({ id }) => id)).toEqual(['2']);
	});
	test.each([
		['nothing', [], ''],
		['a comment', [annotation('1', { exact: 'bridge' })], 'Ada commented on “bridge”: Who says so?'],
		['a highlight', [annotation('1', { exact: 'bridge', body: undefined })], 'Ada highlighted “bridge”'],
		['a reply', [annotation('1', { replyTo: '2', body: 'The mayor.' })], 'Ada replied: The mayor.'],
		[
			'signs',
			[annotation('1', { body: '**Who**, [@Emil](user:e)?\n\n- you' })],
			'Ada commented: Who, @Emil? you'
		],
		['much', [annotation('1'), annotation('2')], '2 new comments and highlights by others.']
	])('%s', (_name, fresh, said) => expect(newsOf(fresh, () => 'Ada')).toBe(said));
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

/** One article with everything on it: a thread, an orphan, a removed root, a highlight, a note on the whole. */
import type { Annotation } from '../../src/lib/domain/annotation.ts';
import { describeSet, type FinishedSet } from '../../src/lib/domain/finished-set.ts';
import { resolveRange } from '../../src/lib/domain/selector.ts';
import { ARTICLE, comment, quoteOf, reply, sha256, uuid } from './make.ts';

export const TEXT = 'The 😀 mayor said: “Nobody crosses.”\nThe bridge is 61 years old.';

export const ANNOTATIONS: Annotation[] = [
	comment({
		...quoteOf(TEXT, 'Nobody crosses'),
		label: 'fact-check',
		status: 'resolved',
		modified: '2026-11-22T12:30:00.000Z',
		resolution: { by: 'user:editor', at: '2026-11-22T13:00:00.000Z', reason: 'Heard on tape.' }
	}),
	reply({ creator: 'guest:g1', created: '2026-11-22T12:05:00.000Z', body: '# I was there.' }),
	comment({
		id: uuid(3),
		...quoteOf(TEXT, '61 years'),
		motivation: 'highlighting',
		body: undefined,
		tags: ['age']
	}),
	comment({ id: uuid(4), exact: 'never said this', from: 3, to: 18, assignee: 'user:editor' }),
	comment({ id: uuid(5), body: 'gone', deleted: { by: 'user:editor', at: '2026-11-22T12:10:00.000Z' } }),
	reply({ id: uuid(6), replyTo: uuid(5), body: 'But why?' }),
	comment({ id: uuid(7), body: 'deleted', deleted: { by: 'user:editor', at: '2026-11-22T12:10:00.000Z' } })
];

export const LAYER = {
	layer: 'shared',
	annotations: ANNOTATIONS,
	reactions: { [uuid(1)]: { '👍': ['user:editor', 'guest:g1'] } },
	rangeOf: (annotation: Annotation) => resolveRange(TEXT, annotation, null)
};

export const NAMES = {
	'user:annotator': 'Ann Otator',
	'user:editor': 'Ed Itor',
	'guest:g1': 'Gus',
	'user:x': 'Unused'
};

export const ARTICLE_FACTS = {
	title: 'Mayor shuts bridge',
	source: {
		outlet: 'The Tide',
		byline: 'Ines V.',
		url: 'https://tide.example.org/a_b',
		publishedAt: '2026-03-17'
	},
	language: 'en',
	version: 1
};

export const exampleSet = (more: Partial<Parameters<typeof describeSet>[0]> = {}): FinishedSet =>
	describeSet(
		{
			id: uuid(100),
			articleId: ARTICLE,
			number: 1,
			note: 'Ready to print.',
			override: null,
			finishedAt: '2026-11-22T14:00:00.000Z',
			finishedBy: 'user:editor',
			article: ARTICLE_FACTS,
			text: TEXT,
			layers: [LAYER],
			names: NAMES,
			...more
		},
		sha256
	);

/** A set that is read, hashed and written in parts says what the domain says of it at once. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Annotation } from '../../../src/lib/domain/annotation.ts';
import { exportedSet, FORMATS } from '../../../src/lib/domain/export/index.ts';
import { FIRST_LABELS } from '../../../src/lib/domain/labels.ts';
import { describeSet, type FinishedSet } from '../../../src/lib/domain/finished-set.ts';
import { reactionKey, reactionsOf, readAnnotations, readReactions } from '../../../src/lib/ydoc/layer.ts';
import { annotationBy, put, replyBy } from '../../support/annotations.ts';
import { startNewsroom, type Newsroom } from '../../support/newsroom.ts';
import { join, watchSaved } from '../../support/sockets.ts';

// more than a part of any kind, and no whole number of them
const THREADS = 1033;
const quote = (index: number) => `“Nr ${index} 🌉”`;
const TEXT = Array.from({ length: THREADS }, (_, index) => quote(index)).join(' ');

let newsroom: Newsroom;
beforeAll(async () => {
	newsroom = await startNewsroom();
});
afterAll(() => newsroom[Symbol.asyncDispose]());

test('[R5] thousands of annotations are hashed, answered, stored and exported to the byte', async () => {
	const id = await newsroom.article(TEXT);
	const me = newsroom.owner.principal;
	using layer = join(newsroom, newsroom.owner, `${id}/layers/shared`);
	await layer.synced;
	const saved = watchSaved(layer.provider);
	layer.doc.transact(() => {
		for (let index = 0; index < THREADS; index++) {
			// from the end to the beginning, so that order is made here and not found
			const root = put(layer.doc, thread(me, THREADS - 1 - index));
			for (const body of ['The mayor, \u2028 on the phone.', '="Yes" \\ no'])
				put(layer.doc, replyBy(me, root, { body }));
			if (index % 7 === 0) reactionsOf(layer.doc).set(reactionKey(root, me, '👍'), true);
		}
	});
	await saved.next(2);

	const read = { annotations: readAnnotations(layer.doc), reactions: readReactions(layer.doc) };
	const finish = () =>
		newsroom.owner.call<FinishedSet>('POST', `/articles/${id}/finish`, { override: 'on time', note: 'n' });
	const { status, body, text } = await finish();
	expect(status).toBe(201);
	const { id: setId, articleId, number, note, override, finishedAt, finishedBy, article } = body;
	const expected = describeSet(
		{
			...{ id: setId, articleId, number, note, override, finishedAt, finishedBy, article },
			text: TEXT,
			layers: [{ layer: 'shared', ...read, rangeOf }],
			names: { [me]: newsroom.owner.name }
		},
		(words) => createHash('sha256').update(words).digest('hex')
	);
	expect(expected.layers[0]!.annotations).toHaveLength(3 * THREADS);
	expect(text === canonicalize(expected)).toBe(true);
	expect((await newsroom.owner.call('GET', `/sets/${setId}`)).text === text).toBe(true);
	for (const format of FORMATS) {
		const file = await newsroom.owner.call('GET', `/sets/${setId}/export/${format.format}`);
		expect(file.text === withoutBom(format.write(exportedSet(expected, newsroom.origin, FIRST_LABELS)))).toBe(
			true
		);
	}
});

const thread = (me: string, index: number): Annotation =>
	annotationBy(me, {
		exact: quote(index),
		prefix: '',
		suffix: '',
		...rangeAt(index),
		...(index % 3 === 0 && { tags: ['b', 'a'], label: 'fact-check' }),
		...(index % 5 === 0 && { body: undefined, motivation: 'highlighting' })
	});

function rangeAt(index: number) {
	const from = TEXT.indexOf(quote(index));
	return { from, to: from + quote(index).length };
}

const rangeOf = ({ exact }: Annotation) =>
	exact === undefined ? null : rangeAt(Number(/\d+/.exec(exact)![0]));

/** `fetch` takes it off. */
const withoutBom = (text: string) => text.replace(/^\ufeff/, '');

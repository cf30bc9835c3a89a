import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import canonicalize from 'canonicalize';
import * as Y from 'yjs';
import { startNewsroom, TEXT, type Caller, type Newsroom } from '../../support/newsroom.ts';
import { annotationBy, put, replyBy } from '../../support/annotations.ts';
import { join } from '../../support/sockets.ts';

interface Layer {
	layer: string;
	hash: string;
	annotations: Record<string, unknown>[];
}
interface FinishedSet {
	id: string;
	number: number;
	text: string;
	textSha256: string;
	hash: string;
	people: Record<string, { name: string }>;
	layers: Layer[];
	[key: string]: unknown;
}

let newsroom: Newsroom;
beforeAll(async () => {
	newsroom = await startNewsroom();
});
afterAll(() => newsroom[Symbol.asyncDispose]());

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const target = (exact: string) => ({ source: 'x', selector: { type: 'TextQuoteSelector', exact } });
const comment = (exact: string, words = 'Who says so?') => ({
	type: 'Annotation',
	bodyValue: words,
	target: target(exact)
});

const post = async (who: Caller, id: string, body: unknown) =>
	(await who.call<{ id: string }>('POST', `/articles/${id}/annotations`, body)).body;
const resolve = (id: string, one: { id: string }) =>
	newsroom.owner.call('PUT', new URL(one.id).pathname.replace('/api/v1', ''), {
		...one,
		'galley:status': 'resolved',
		'galley:resolution': 'Checked'
	});
const finish = (id: string, body?: object, who = newsroom.owner) =>
	who.call<FinishedSet>('POST', `/articles/${id}/finish`, body);

/** A set as a reader would verify it who knows RFC 8785 and DESIGN.md, and none of our code. */
function verify(set: FinishedSet) {
	expect(sha256(set.text)).toBe(set.textSha256);
	for (const { layer, annotations, hash } of set.layers)
		expect(sha256(canonicalize({ layer, annotations })!)).toBe(hash);
	const { hash, ...rest } = set;
	const layers = set.layers.map(({ layer, hash }) => ({ layer, hash }));
	expect(sha256(canonicalize({ ...rest, layers })!)).toBe(hash);
}

test('a set holds what stood there, and its hashes can be recomputed', async () => {
	const id = await newsroom.article();
	const ann = await newsroom.person('annotator', 'Ann');
	const gus = await newsroom.guest(id, 'comment', 'Gus 🌉');
	const later = await post(ann, id, comment('nine piers'));
	const first = await post(ann, id, comment('stays closed'));
	await post(gus, id, { type: 'Annotation', bodyValue: 'The mayor, \u2028 on the phone', target: first.id });
	for (const one of [first, later]) await resolve(id, one);
	const made = await finish(id, { note: 'For Friday' });
	expect(made.status).toBe(201);
	expect(made.headers.get('location')).toBe(`/api/v1/sets/${made.body.id}`);
	const { body: set } = made;
	expect(set).toMatchObject({
		articleId: id,
		number: 1,
		note: 'For Friday',
		override: null,
		finishedBy: newsroom.owner.principal,
		article: { title: 'Bridge stays closed', version: 1 },
		text: TEXT,
		people: {
			[newsroom.owner.principal]: { name: 'Olga Owner' },
			[ann.principal]: { name: 'Ann' },
			[gus.principal]: { name: 'Gus 🌉' }
		}
	});
	const [layer] = set.layers;
	expect(layer!.annotations.map(({ exact, body }) => exact ?? body)).toEqual([
		'stays closed',
		'The mayor, \u2028 on the phone',
		'nine piers'
	]);
	expect(layer!.annotations[0]).toMatchObject({
		creator: ann.principal,
		resolution: { reason: 'Checked' },
		start: 24,
		end: 36
	});
	verify(set);

	// byte for byte the same each time, and after a restart
	const get = () => newsroom.owner.call<FinishedSet>('GET', `/sets/${set.id}`);
	const read = await get();
	expect(read.text).toBe(made.text);
	expect(read.text).toBe(canonicalize(set));
	expect(read.headers.get('etag')).toBe(`"${set.hash}"`);
	await newsroom.restart();
	expect((await get()).text).toBe(made.text);
	expect((await gus.call('GET', `/sets/${set.id}`)).text).toBe(made.text);
});

test('a set of what clients wrote themselves can be recomputed too', async () => {
	const id = await newsroom.article();
	using layer = join(newsroom, newsroom.owner, `${id}/layers/shared`);
	await layer.synced;
	const me = newsroom.owner.principal;
	const root = put(
		layer.doc,
		annotationBy(me, { motivation: 'highlighting', body: undefined, tags: ['b', 'a'] })
	);
	const lost = annotationBy(me, {
		exact: 'not in this text',
		from: 5,
		to: 21,
		motivation: 'highlighting',
		body: ''
	});
	put(layer.doc, lost);
	put(layer.doc, replyBy(me, root));
	layer.doc.getMap('reactions').set(`${root} ${me} 👍`, true);
	(layer.doc.getMap('annotations').get(root) as Y.Map<unknown>).set('assignee', 'user:nobody-here');
	const stored = async () => (await newsroom.owner.call('GET', `/articles/${id}/annotations`)).text;
	await expect.poll(stored).toMatch(/user:nobody-here/);
	const { body: set } = await finish(id, { override: 'It is late' });
	verify(set);
	expect(set.override).toBe('It is late');
	expect(set.layers[0]!.annotations).toMatchObject([
		{ id: root, tags: ['b', 'a'], assignee: 'user:nobody-here', reactions: { '👍': [me] }, start: 0, end: 3 },
		{ replyTo: root },
		{ id: lost.id, start: null, end: null }
	]);
	const read = await newsroom.owner.call<FinishedSet>('GET', `/sets/${set.id}`);
	expect(read.text).toBe(canonicalize(set));
});

test('open threads stop a finish, unless an owner says why not', async () => {
	const id = await newsroom.article();
	const ed = await newsroom.person('editor', 'Ed');
	const open = await post(ed, id, comment('nine piers'));
	await post(ed, id, { ...comment('two'), bodyValue: undefined });
	const refused = await finish(id, {}, ed);
	expect(refused.status).toBe(409);
	expect(refused.body).toMatchObject({
		openThreads: [
			{
				id: open.id.split('/').at(-1),
				layer: 'shared',
				creator: ed.principal,
				name: 'Ed',
				exact: 'nine piers',
				body: 'Who says so?'
			}
		],
		missingSignOffs: []
	});
	expect((await ed.call('GET', `/articles/${id}`)).body).toMatchObject({ status: 'open', sets: 0 });
	expect((await finish(id, { override: 'I say so' }, ed)).status).toBe(403);
	const made = await finish(id, { override: 'On air in a minute' });
	expect(made.status).toBe(201);
	expect(made.body.override).toBe('On air in a minute');
	verify(made.body);
});

test('finish, reopen, finish: set 2 is made and set 1 stays as it was', async () => {
	const id = await newsroom.article();
	const path = `/articles/${id}`;
	const first = await finish(id);
	const twice = await finish(id);
	expect(twice.status).toBe(409);
	expect(twice.body).toMatchObject({ code: 'finished' });
	expect((await newsroom.owner.call('GET', path)).body).toMatchObject({ status: 'finished', sets: 1 });

	const reopened = await newsroom.owner.call('POST', `${path}/reopen`);
	expect(reopened.status).toBe(200);
	expect(reopened.body).toMatchObject({ id, status: 'open', sets: 1 });
	expect((await newsroom.owner.call('POST', `${path}/reopen`)).status).toBe(409);
	await resolve(id, await post(newsroom.owner, id, comment('nine piers')));
	const second = await finish(id, { note: 'again', layers: ['shared'] });
	expect(second.body.number).toBe(2);
	expect((await newsroom.owner.call('GET', `/sets/${first.body.id}`)).text).toBe(first.text);

	interface Page {
		items: Record<string, unknown>[];
		next: string | null;
	}
	const { body } = await newsroom.owner.call<Page>('GET', `${path}/sets`);
	const by = { finishedBy: { principal: newsroom.owner.principal, name: 'Olga Owner' } };
	expect(body.items).toEqual([
		{
			...by,
			id: second.body.id,
			number: 2,
			note: 'again',
			finishedAt: expect.any(String),
			hash: second.body.hash,
			annotations: 1,
			replies: 0
		},
		{
			...by,
			id: first.body.id,
			number: 1,
			note: null,
			finishedAt: expect.any(String),
			hash: first.body.hash,
			annotations: 0,
			replies: 0
		}
	]);
	const page = await newsroom.owner.call<Page>('GET', `${path}/sets?limit=1`);
	const next = await newsroom.owner.call<Page>('GET', `${path}/sets?limit=1&cursor=${page.body.next}`);
	expect([...page.body.items, ...next.body.items]).toEqual(body.items);
	expect(next.body.next).toBeNull();
});

test('of several finishes at the same moment one makes the set', async () => {
	const id = await newsroom.article();
	const answers = await Promise.all([1, 2, 3, 4].map(() => finish(id)));
	expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
});

test('what is written while an article is finished is in the set or refused, never lost', async () => {
	const id = await newsroom.article();
	const highlight = { ...comment('nine piers'), bodyValue: undefined };
	const writing = Array.from({ length: 30 }, () =>
		newsroom.owner.call('POST', `/articles/${id}/annotations`, highlight)
	);
	const { body: set } = await finish(id);
	const written = (await Promise.all(writing)).filter(({ status }) => status === 201);
	expect(set.layers[0]!.annotations).toHaveLength(written.length);
	verify(set);
});

test.each([
	['layers', { layers: ['shared', 'legal'] }],
	['layers', { layers: [] }],
	['note', { note: 7 }],
	['override', { override: ' ' }]
])('a finish whose %s is wrong is refused by name', async (field, body) => {
	const answer = await finish(await newsroom.article(), body);
	expect(answer.status).toBe(422);
	expect(answer.body).toMatchObject({ field });
});

test('thousands of annotations become one set', async () => {
	const id = await newsroom.article();
	using layer = join(newsroom, newsroom.owner, `${id}/layers/shared`);
	await layer.synced;
	const me = newsroom.owner.principal;
	layer.doc.transact(() => {
		for (let i = 0; i < 4000; i++)
			put(layer.doc, annotationBy(me, { motivation: 'highlighting', body: undefined }));
	});
	const total = async () =>
		(await newsroom.owner.call<{ partOf: { total: number } }>('GET', `/articles/${id}/annotations?limit=1`))
			.body.partOf.total;
	await expect.poll(total, { timeout: 20_000 }).toBe(4000);
	const { status, body } = await finish(id);
	expect(status).toBe(201);
	expect(body.layers[0]!.annotations).toHaveLength(4000);
	verify(body);
});

test('the database refuses to edit a finished set', async () => {
	const { body } = await finish(await newsroom.article());
	const edit = newsroom.db.finishedSet.update({ where: { id: body.id }, data: { note: 'forged' } });
	await expect(edit).rejects.toThrow(/append-only/);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { readAnnotation } from '../../../src/lib/ydoc/layer.ts';
import { startNewsroom, type Caller, type Newsroom } from '../../support/newsroom.ts';
import { join, until } from '../../support/sockets.ts';

type Json = Record<string, unknown>;
interface Page extends Json {
	items: (Json & { id: string })[];
	next?: string;
}

let newsroom: Newsroom;
beforeAll(async () => {
	newsroom = await startNewsroom();
});
afterAll(() => newsroom[Symbol.asyncDispose]());

const TEXT = 'The 🌉 bridge is closed.\nThe bridge, said the mayor, stays closed until the bridge is safe.';

const annotation = (selector: object | object[] | undefined, body: unknown = 'Who says so?') => ({
	'@context': 'http://www.w3.org/ns/anno.jsonld',
	type: 'Annotation',
	body: typeof body === 'string' ? { type: 'TextualBody', value: body } : body,
	target: { source: 'https://galley.example.org/an-article', selector }
});
const quote = (exact: string, more: object = {}) => ({ type: 'TextQuoteSelector', exact, ...more });
const position = (start: number, end: number) => ({ type: 'TextPositionSelector', start, end });
const idOf = (json: Json) => String(json.id).split('/').at(-1)!;

const list = (id: string) => `/articles/${id}/annotations`;
const post = (who: Caller, id: string, body: unknown) => who.call<Json>('POST', list(id), body);
const pathOf = (id: string, json: Json) => `${list(id)}/${idOf(json)}`;

async function replyTo(who: Caller, id: string, root: Json, words = 'The mayor.') {
	return post(who, id, { type: 'Annotation', bodyValue: words, target: root.id });
}

test('an annotation appears in open editors at once, under its own writer’s name [G10]', async () => {
	const id = await newsroom.article(TEXT);
	const ann = await newsroom.person('annotator', 'Ann');
	using layer = join(newsroom, newsroom.owner, `${id}/layers/shared`);
	await layer.synced;
	const made = await post(ann, id, annotation(quote('said the mayor')));
	expect(made.status).toBe(201);
	const address = `${newsroom.origin}/api/v1${pathOf(id, made.body)}`;
	expect(made.body).toMatchObject({
		id: address,
		type: 'Annotation',
		motivation: 'commenting',
		creator: { name: 'Ann', type: 'Person' },
		body: { value: 'Who says so?' },
		'galley:status': 'open'
	});
	expect((made.body.target as Json).selector).toEqual([
		{
			type: 'TextQuoteSelector',
			exact: 'said the mayor',
			prefix: ' bridge is closed.\nThe bridge, ',
			suffix: expect.any(String)
		},
		{ type: 'TextPositionSelector', start: 36, end: 50 }
	]);
	expect(made.headers.get('location')).toBe(address);
	expect(made.headers.get('content-type')).toContain('application/ld+json');
	await until(layer.doc, () => readAnnotation(layer.doc, idOf(made.body)) !== undefined);
	const stored = readAnnotation(layer.doc, idOf(made.body))!;
	expect(stored).toMatchObject({
		creator: ann.principal,
		exact: 'said the mayor',
		from: 37,
		to: 51,
		status: 'open'
	});
	expect(stored.start).toBeInstanceOf(Uint8Array);
	const writer = layer.doc.getMap('annotations')._map.get(stored.id)!.id.client;
	const room = `${id}/layers/shared`;
	const row = await newsroom.db.roomClient.findUnique({
		where: { room_clientId: { room, clientId: BigInt(writer) } }
	});
	expect(row?.principal).toBe(ann.principal);

	const one = await ann.call<Json>('GET', pathOf(id, made.body));
	expect(one.body).toEqual(made.body);
	expect(one.headers.get('etag')).toBe(made.headers.get('etag'));
	expect(one.headers.get('etag')).toMatch(/^"\w+"$/);
});

test.each([
	['a quote that is unique', quote('said'), 36],
	['a quote that its context tells', quote('bridge', { prefix: 'until the ' }), 75],
	['a quote that its suffix tells', quote('bridge', { suffix: ', said' }), 28],
	['a quote that its position tells', [quote('bridge'), position(28, 34)], 28],
	['a unique quote whose position disagrees', [quote('said'), position(0, 4)], 36],
	['a position alone, in code points', position(6, 12), 6],
	['the same text with a pair in it', quote('🌉 bridge'), 4]
])('the passage is found by %s', async (_, selector, start) => {
	const id = await newsroom.article(TEXT);
	const { status, body } = await post(newsroom.owner, id, annotation(selector));
	expect(status).toBe(201);
	const [, found] = (body.target as { selector: Json[] }).selector;
	expect(found).toMatchObject({ start });
});

test.each([
	['target.selector', 'a quote that is not there', annotation(quote('said the queen'))],
	['target.selector', 'a quote that is there twice', annotation(quote('bridge'))],
	['target.selector', 'a position behind the end', annotation(position(10, 10_000))],
	['target.selector', 'no quote and no position', annotation({ type: 'SvgSelector' })],
	['type', 'no type', { target: 'x' }],
	['target', 'no target', { type: 'Annotation', bodyValue: 'x' }],
	[
		'target',
		'a reply to nothing',
		{ type: 'Annotation', target: 'urn:uuid:00000000-0000-4000-8000-000000000000' }
	],
	['motivation', 'an unknown motivation', { ...annotation(quote('said')), motivation: 'shouting' }],
	['body', 'a body that is too long', annotation(quote('said'), 'x'.repeat(10_001))],
	['body', 'a body with NUL', annotation(quote('said'), '\0')]
])('422 names %s: %s', async (field, _, body) => {
	const id = await newsroom.article(TEXT);
	const answer = await post(newsroom.owner, id, body);
	expect(answer.status).toBe(422);
	expect(answer.body).toMatchObject({ field });
});

test('notes on the whole article, highlights and labels come in as W3C says them', async () => {
	const id = await newsroom.article(TEXT);
	const note = await post(newsroom.owner, id, {
		type: 'Annotation',
		bodyValue: 'Good',
		target: `urn:x:${id}`
	});
	expect(note.body).toMatchObject({ motivation: 'commenting', target: `${newsroom.origin}/articles/${id}` });
	const highlight = await post(newsroom.owner, id, { ...annotation(quote('said')), body: undefined });
	expect(highlight.body).toMatchObject({ motivation: 'highlighting' });
	const bodies = [
		{ type: 'TextualBody', value: 'True?' },
		{ type: 'TextualBody', value: 'fact-check', purpose: 'classifying' }
	];
	const asked = await newsroom.owner.call<Json>(
		'POST',
		list(id),
		{ ...annotation(quote('said'), bodies), motivation: 'questioning' },
		{ 'content-type': 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"' }
	);
	expect(asked.status).toBe(201);
	expect(asked.body).toMatchObject({
		motivation: 'questioning',
		body: [{ value: 'True?' }, { value: 'fact-check' }]
	});
});

test('a reply joins its thread, and one to a reply joins the same', async () => {
	const id = await newsroom.article(TEXT);
	const root = await post(newsroom.owner, id, annotation(quote('said')));
	const reply = await replyTo(newsroom.owner, id, root.body);
	expect(reply.body).toMatchObject({ motivation: 'replying', target: root.body.id });
	const second = await replyTo(newsroom.owner, id, reply.body);
	expect(second.body).toMatchObject({ target: root.body.id });
});

test('the layer is a page: as the article goes, filtered, cut by cursor', async () => {
	const id = await newsroom.article(TEXT);
	const ed = await newsroom.person('editor');
	const later = await post(
		ed,
		id,
		annotation(quote('stays'), { type: 'TextualBody', value: 'legal', purpose: 'classifying' })
	);
	const first = await post(newsroom.owner, id, annotation(quote('is closed')));
	const reply = await replyTo(ed, id, first.body);
	const get = (query: string) => newsroom.owner.call<Page>('GET', `${list(id)}${query}`);
	const ids = (page: Page) => page.items.map((item) => item.id);
	const all = await get('');
	expect(all.headers.get('content-type')).toBe(
		'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
	);
	expect(all.body).toMatchObject({ type: 'AnnotationPage', startIndex: 0, partOf: { total: 3 } });
	expect(ids(all.body)).toEqual([first, reply, later].map(({ body }) => body.id));
	expect(ids((await get('?label=legal')).body)).toEqual([later.body.id]);
	expect(ids((await get(`?creator=${ed.principal}`)).body)).toEqual([reply.body.id, later.body.id]);
	await newsroom.owner.call('PUT', pathOf(id, first.body), { ...first.body, 'galley:status': 'resolved' });
	expect(ids((await get('?status=open')).body)).toEqual([later.body.id]);
	expect(ids((await get('?status=resolved')).body)).toEqual([first.body.id, reply.body.id]);

	const found: string[] = [];
	for (let next: string | undefined = '?limit=1'; next;) {
		const { body }: { body: Page } = await get(next);
		expect(body.startIndex).toBe(found.length);
		found.push(...ids(body));
		next = body.next && new URL(body.next).search;
	}
	expect(found).toEqual(ids(all.body));
	expect((await get('?cursor=x')).body).toMatchObject({ status: 422, field: 'cursor' });
	expect((await get('?layer=legal')).status).toBe(404);
});

test('an annotation is replaced only if it is still the one that was read', async () => {
	const id = await newsroom.article(TEXT);
	const { body: made, headers } = await post(newsroom.owner, id, annotation(quote('said')));
	const path = pathOf(id, made);
	const put = (change: object, ifMatch: string) =>
		newsroom.owner.call<Json>('PUT', path, { ...made, ...change }, { 'if-match': ifMatch });
	const etag = headers.get('etag')!;
	const replaced = await put({ body: { type: 'TextualBody', value: 'New words' } }, etag);
	expect(replaced.status).toBe(200);
	expect(replaced.body).toMatchObject({ body: { value: 'New words' }, modified: expect.any(String) });
	expect(replaced.headers.get('etag')).not.toBe(etag);

	const stale = await put({}, etag);
	expect(stale.status).toBe(412);
	expect(stale.body).toMatchObject({ field: 'If-Match' });
	expect((await put({}, `"x", ${replaced.headers.get('etag')}`)).status).toBe(200);
	expect((await put({}, '*')).status).toBe(200);
	const unconditional = await newsroom.owner.call<Json>('DELETE', path, undefined, { 'if-match': etag });
	expect(unconditional.status).toBe(412);
	expect((await newsroom.owner.call('DELETE', path)).status).toBe(204);
});

test('what was read goes back without a change', async () => {
	const id = await newsroom.article(TEXT);
	const { body } = await post(newsroom.owner, id, annotation(quote('said')));
	const before = await newsroom.db.roomUpdate.count({ where: { room: `${id}/layers/shared` } });
	expect((await newsroom.owner.call('PUT', pathOf(id, body), body)).body).toEqual(body);
	expect(await newsroom.db.roomUpdate.count({ where: { room: `${id}/layers/shared` } })).toBe(before);
});

test('a thread is resolved with a reason and reopened', async () => {
	const id = await newsroom.article(TEXT);
	const { body } = await post(newsroom.owner, id, annotation(quote('said')));
	const put = (change: object) => newsroom.owner.call<Json>('PUT', pathOf(id, body), { ...body, ...change });
	const resolved = await put({ 'galley:status': 'resolved', 'galley:resolution': 'Checked' });
	const resolvedBy = { name: 'Olga Owner' };
	expect(resolved.body).toMatchObject({
		'galley:status': 'resolved',
		'galley:resolution': 'Checked',
		'galley:resolvedBy': resolvedBy
	});
	const reopened = await put({ 'galley:status': 'open' });
	expect(reopened.body).toEqual(body);
	expect((await put({ 'galley:status': 'done' })).body).toMatchObject({
		status: 422,
		field: 'galley:status'
	});
});

test('what an annotation is about, who wrote it and why do not change', async () => {
	const id = await newsroom.article(TEXT);
	const { body } = await post(newsroom.owner, id, annotation(quote('said')));
	const put = (change: object) => newsroom.owner.call<Json>('PUT', pathOf(id, body), { ...body, ...change });
	expect((await put({ target: { source: 'x', selector: quote('stays') } })).body).toMatchObject({
		status: 422,
		field: 'target'
	});
	const motivation = await put({ motivation: 'assessing' });
	expect(motivation.status).toBe(403);
	expect(motivation.body).toMatchObject({ rule: 'G4', field: 'motivation' });
});

test('deleting: a root with replies keeps its place without its words, anything else is gone [G6]', async () => {
	const id = await newsroom.article(TEXT);
	const { owner } = newsroom;
	const root = await post(owner, id, annotation(quote('said')));
	const reply = await replyTo(owner, id, root.body);
	expect((await owner.call('DELETE', pathOf(id, root.body))).status).toBe(204);
	const removed = await owner.call<Json>('GET', pathOf(id, root.body));
	expect(removed.body).toMatchObject({ 'galley:deletedBy': { name: 'Olga Owner' } });
	expect(removed.body).not.toHaveProperty('body');
	expect((await owner.call('PUT', pathOf(id, root.body), root.body)).status).toBe(404);
	expect((await owner.call('DELETE', pathOf(id, root.body))).status).toBe(404);
	expect((await owner.call('DELETE', pathOf(id, reply.body))).status).toBe(204);
	for (const { body } of [root, reply]) expect((await owner.call('GET', pathOf(id, body))).status).toBe(404);
	expect((await owner.call<Page>('GET', list(id))).body.items).toEqual([]);
});

test('nothing is written to a finished article [G12]', async () => {
	const id = await newsroom.article(TEXT);
	const { owner } = newsroom;
	const { body } = await post(owner, id, { ...annotation(quote('said')), body: undefined });
	await owner.call('POST', `/articles/${id}/finish`);
	const answers = [
		await post(owner, id, annotation(quote('said'))),
		await owner.call<Json>('PUT', pathOf(id, body), { ...body, body: 'Late' }),
		await owner.call<Json>('DELETE', pathOf(id, body))
	];
	for (const answer of answers) {
		expect(answer.status).toBe(409);
		expect(answer.body).toMatchObject({ code: 'finished' });
	}
	expect((await owner.call('GET', pathOf(id, body))).body).toEqual(body);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { layerRoom, textRoom } from '../../src/lib/domain/room.ts';
import { annotationsOf, readAnnotations } from '../../src/lib/ydoc/layer.ts';
import { contentOf, readArticleState, readText } from '../../src/lib/ydoc/text.ts';
import { annotationBy, put, replyBy } from '../support/annotations.ts';
import { startNewsroom, TEXT, type Caller, type Newsroom } from '../support/newsroom.ts';
import { join, until } from '../support/sockets.ts';

let newsroom: Newsroom;
let id: string;
beforeAll(async () => {
	newsroom = await startNewsroom();
	id = await newsroom.article();
});
afterAll(() => newsroom[Symbol.asyncDispose]());

const shared = (article = id) => layerRoom(article, 'shared');

/** What becomes of one write: `accepted`, or the code and reason of the close. */
async function write(caller: Caller, room: string, change: (doc: Y.Doc) => void) {
	using joined = join(newsroom, caller, room);
	await Promise.race([joined.synced, joined.closed]);
	const answer = new Promise<string>((done) => {
		joined.provider.messageHandlers[100] = () => done('accepted');
	});
	change(joined.doc);
	joined.provider.ws?.send(Uint8Array.of(100));
	// `saved` answers the next frame with updates, and the server's first step makes the provider send one
	joined.provider.ws?.send(Uint8Array.of(0, 1, 2, 0, 0));
	return await Promise.race([answer, joined.closed.then(({ code, reason }) => `${code} ${reason}`)]);
}

test.each<[string, () => Promise<Caller>, string, RegExp]>([
	['nobody', async () => newsroom.nobody, 'shared', /^4401/],
	['a member, a layer that is not there', async () => newsroom.owner, 'secret', /^4404/],
	[
		'a guest of another article',
		async () => newsroom.guest(await newsroom.article(), 'annotate'),
		'shared',
		/^4404/
	]
])('who may not open a room is told by a code that ends the trying: %s', async (_, who, layer, expected) => {
	using joined = join(newsroom, await who(), layerRoom(id, layer));
	const { code, reason } = await joined.closed;
	expect(`${code} ${reason}`).toMatch(expected);
});

test('a room that is none, and a page of another schema version, are refused by their codes', async () => {
	using none = join(newsroom, newsroom.owner, `${id}/elsewhere`);
	expect(await none.closed).toMatchObject({ code: 4404 });
	using gone = join(newsroom, newsroom.owner, textRoom('11111111-1111-4111-8111-111111111111'));
	expect(await gone.closed).toMatchObject({ code: 4404 });
	using old = join(newsroom, newsroom.owner, textRoom(id), { params: { v: '0' } });
	expect(await old.closed).toMatchObject({ code: 4426 });
});

test('a cookie without the page’s own Origin opens nothing', async () => {
	const ann = await newsroom.signedIn(await newsroom.person('annotator'));
	for (const origin of [undefined, 'https://evil.example']) {
		const headers = { cookie: ann.headers.cookie!, ...(origin && { origin }) };
		using joined = join(newsroom, { headers }, textRoom(id));
		expect(await joined.closed).toMatchObject({ code: 4403, reason: 'origin' });
	}
});

test('[G2] the table of roles on the wire: who may mark, reply and edit the text', async () => {
	const root = annotationBy(newsroom.owner.principal);
	expect(await write(newsroom.owner, shared(), (doc) => put(doc, root))).toBe('accepted');
	const table: [Caller, { mark: RegExp; reply: RegExp; text: RegExp }][] = [
		[newsroom.owner, { mark: /accepted/, reply: /accepted/, text: /accepted/ }],
		[await newsroom.person('editor'), { mark: /accepted/, reply: /accepted/, text: /accepted/ }],
		[await newsroom.person('annotator'), { mark: /accepted/, reply: /accepted/, text: /^4403 G11/ }],
		[await newsroom.person('viewer'), { mark: /^4403 G2/, reply: /^4403 G2/, text: /^4403 G2/ }],
		[await newsroom.guest(id, 'annotate'), { mark: /accepted/, reply: /accepted/, text: /^4403 G11/ }],
		[await newsroom.guest(id, 'comment'), { mark: /^4403 G7/, reply: /accepted/, text: /^4403 G11/ }],
		[await newsroom.guest(id, 'view'), { mark: /^4403 G2/, reply: /^4403 G2/, text: /^4403 G2/ }]
	];
	for (const [caller, may] of table) {
		expect(await write(caller, shared(), (doc) => put(doc, annotationBy(caller.principal)))).toMatch(
			may.mark
		);
		expect(await write(caller, shared(), (doc) => put(doc, replyBy(caller.principal, root.id)))).toMatch(
			may.reply
		);
		const edit = (doc: Y.Doc) => {
			const words = (contentOf(doc).get(0) as Y.XmlElement).get(0) as Y.XmlText;
			words.insert(0, '!');
			words.delete(0, 1);
		};
		expect(await write(caller, textRoom(id), edit)).toMatch(may.text);
	}
});

test('[G13] a refused update changes nothing for anyone, stores nothing, and names what it was', async () => {
	const ann = await newsroom.person('annotator');
	const root = annotationBy(newsroom.owner.principal);
	expect(await write(newsroom.owner, shared(), (doc) => put(doc, root))).toBe('accepted');
	const before = await newsroom.db.roomUpdate.count({ where: { room: shared() } });
	expect(
		await write(ann, shared(), (doc) => annotationsOf(doc).get(root.id)!.set('body', 'I said this'))
	).toBe(`4403 G5 ${root.id} body`);
	expect(await newsroom.db.roomUpdate.count({ where: { room: shared() } })).toBe(before);
	using other = join(newsroom, newsroom.owner, shared());
	await other.synced;
	expect(readAnnotations(other.doc).find(({ id }) => id === root.id)?.body).toBe(root.body);
});

test('[G10] what another process of the same person wrote is theirs; another’s clientID is refused', async () => {
	const [ann, ben] = [await newsroom.person('annotator'), await newsroom.person('annotator')];
	let client = 0;
	expect(
		await write(ann, shared(), (doc) => {
			client = doc.clientID;
			put(doc, annotationBy(ann.principal));
		})
	).toBe('accepted');
	using posing = join(newsroom, ben, shared());
	await posing.synced;
	const own = posing.doc.clientID;
	posing.doc.clientID = client;
	put(posing.doc, annotationBy(ben.principal));
	// the provider takes its leave under the clientID it came with
	posing.doc.clientID = own;
	expect(await posing.closed).toMatchObject({ code: 4403, reason: `G10 - ${client}` });
});

test('[G10] what the API writes stands under a clientID of the person who asked', async () => {
	const ann = await newsroom.person('annotator');
	const { status } = await ann.call('POST', `/articles/${id}/annotations`, {
		type: 'Annotation',
		motivation: 'commenting',
		body: { type: 'TextualBody', value: 'By the API' },
		target: {
			source: `${newsroom.origin}/articles/${id}`,
			selector: { type: 'TextQuoteSelector', exact: 'the last bolt' }
		}
	});
	expect(status).toBe(201);
	using other = join(newsroom, newsroom.owner, shared());
	await other.synced;
	const made = readAnnotations(other.doc).find(({ body }) => body === 'By the API')!;
	expect(made.creator).toBe(ann.principal);
	const item = annotationsOf(other.doc)._map.get(made.id)!;
	const owner = await newsroom.db.roomClient.findFirst({
		where: { room: shared(), clientId: item.id.client }
	});
	expect(owner?.principal).toBe(ann.principal);
});

test('[G12] a finished article is closed to changes for everyone at once, and open to read', async () => {
	const article = await newsroom.article();
	const ann = await newsroom.person('annotator');
	using text = join(newsroom, ann, textRoom(article));
	using layer = join(newsroom, ann, shared(article));
	await Promise.all([text.synced, layer.synced]);
	put(layer.doc, annotationBy(ann.principal, { motivation: 'highlighting', body: undefined }));
	using other = join(newsroom, newsroom.owner, shared(article));
	await until(other.doc, () => annotationsOf(other.doc).size === 1);
	expect((await newsroom.owner.call('POST', `/articles/${article}/finish`, {})).status).toBe(201);
	await until(text.doc, () => readArticleState(text.doc).status === 'finished');
	put(layer.doc, annotationBy(ann.principal));
	expect(await layer.closed).toMatchObject({ code: 4409 });
	// the database refuses too
	const { number } = (await newsroom.db.roomUpdate.findFirst({
		where: { room: shared(article) },
		orderBy: { number: 'desc' }
	}))!;
	await expect(
		newsroom.db.roomUpdate.create({
			data: { room: shared(article), number: number + 1, update: Buffer.of(0, 0) }
		})
	).rejects.toThrow('finished');
	using reader = join(newsroom, newsroom.owner, textRoom(article));
	await reader.synced;
	expect(readText(reader.doc)).toBe(TEXT);
	expect((await newsroom.owner.call('POST', `/articles/${article}/reopen`, {})).status).toBe(200);
	expect(await write(ann, shared(article), (doc) => put(doc, annotationBy(ann.principal)))).toBe('accepted');
});

test('[G12] what arrives while an article is being finished is either in the set or refused', async () => {
	const article = await newsroom.article();
	using layer = join(newsroom, newsroom.owner, shared(article));
	await layer.synced;
	const made: string[] = [];
	const highlight = () =>
		made.push(
			put(layer.doc, annotationBy(newsroom.owner.principal, { motivation: 'highlighting', body: undefined }))
		);
	for (let i = 0; i < 10; i++) highlight();
	const finishing = newsroom.owner.call<{ id: string }>('POST', `/articles/${article}/finish`, {});
	for (let i = 0; i < 50; i++) {
		highlight();
		await new Promise((done) => setImmediate(done));
	}
	const set = await newsroom.owner.call<{ layers: { annotations: { id: string }[] }[] }>(
		'GET',
		`/sets/${(await finishing).body.id}`
	);
	const inSet = set.body.layers[0]!.annotations.map(({ id }) => id).sort();
	using reader = join(newsroom, newsroom.owner, shared(article));
	await reader.synced;
	expect(
		readAnnotations(reader.doc)
			.map(({ id }) => id)
			.sort()
	).toEqual(inSet);
});

test('[G14] signing out ends the open sockets of that session, and of no other', async () => {
	const person = await newsroom.person('annotator');
	const [here, there] = [await newsroom.signedIn(person), await newsroom.signedIn(person)];
	using mine = join(newsroom, here, textRoom(id));
	using other = join(newsroom, there, textRoom(id));
	await Promise.all([mine.synced, other.synced]);
	expect((await here.call('DELETE', '/session')).status).toBe(204);
	expect(await mine.closed).toMatchObject({ code: 4401 });
	expect(other.provider.wsconnected).toBe(true);
});

test('[G14] a link that is revoked, or whose time is over, ends its guests’ connections', async () => {
	const guest = await newsroom.guest(id, 'annotate');
	using joined = join(newsroom, guest, textRoom(id));
	await joined.synced;
	expect((await newsroom.owner.call('DELETE', `/links/${guest.linkId}`)).status).toBe(204);
	expect(await joined.closed).toMatchObject({ code: 4403, reason: 'access' });

	const expiresAt = new Date(Date.now() + 1500).toISOString();
	const link = await newsroom.owner.call<{ url: string }>('POST', `/articles/${id}/links`, {
		access: 'view',
		expiresAt
	});
	const come = await newsroom.nobody.call(
		'POST',
		'/review',
		{ token: link.body.url.split('/').at(-1), name: 'Late' },
		{ origin: newsroom.origin }
	);
	const headers = {
		cookie: come.headers
			.getSetCookie()
			.map((cookie) => cookie.split(';')[0])
			.join('; '),
		origin: newsroom.origin
	};
	using late = join(newsroom, { headers }, textRoom(id));
	await late.synced;
	expect(await late.closed).toMatchObject({ code: 4403, reason: 'access' });
});

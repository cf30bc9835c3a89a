/** A room's stored snapshot over HTTP: whose it is, and that it is the first part of the document. */
import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { layerRoom, textRoom } from '../../src/lib/domain/room.ts';
import type { Snapshot } from '../../src/lib/server/room-log.ts';
import { annotationsOf, reactionKey, reactionsOf } from '../../src/lib/ydoc/layer.ts';
import { annotationBy, put } from '../support/annotations.ts';
import { startNewsroom, type Caller, type Newsroom } from '../support/newsroom.ts';
import { takeSnapshot } from '../support/snapshot.ts';
import { join, watchSaved } from '../support/sockets.ts';

interface Raw {
	status: number;
	headers: Record<string, string | string[] | undefined>;
	body: Buffer;
}

let newsroom: Newsroom;
let article: string;
let text: string;
let layer: string;
let taken: Snapshot;
beforeAll(async () => {
	newsroom = await startNewsroom();
	article = await newsroom.article();
	[text, layer] = [textRoom(article), layerRoom(article, 'shared')];
	using room = join(newsroom, newsroom.owner, layer);
	await room.synced;
	const saved = watchSaved(room.provider);
	put(room.doc, annotationBy(newsroom.owner.principal, { body: 'Before the snapshot.' }));
	await saved.next(2);
	taken = await takeSnapshot(newsroom, layer);
	await takeSnapshot(newsroom, text);
});
afterAll(() => newsroom[Symbol.asyncDispose]());

/** One request, its body as it comes over the wire. */
const ask = (
	who: Pick<Caller, 'headers'>,
	room: string,
	{ method = 'GET', headers = {} as Record<string, string> } = {}
) =>
	new Promise<Raw>((answered, failed) => {
		const address = `${newsroom.origin}/api/v1/sync/${room}`;
		request(address, { method, headers: { ...who.headers, ...headers } }, async (response) => {
			const chunks: Buffer[] = [];
			for await (const chunk of response) chunks.push(chunk as Buffer);
			answered({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) });
		})
			.on('error', failed)
			.end();
	});
const GZIP = { 'accept-encoding': 'gzip, deflate, br' };

describe('rights', () => {
	const status = async (who: Pick<Caller, 'headers'>, room: string) => {
		const { status, headers, body } = await ask(who, room);
		if (status >= 400) {
			expect(headers['content-type']).toBe('application/problem+json');
			expect(headers['cache-control']).toBe('no-store');
			expect(JSON.parse(String(body))).toMatchObject({ type: 'about:blank', status });
		}
		return status;
	};

	test('[G2] whoever may read the article gets it, by token or by cookie; nobody else does', async () => {
		const viewer = await newsroom.person('viewer');
		const here = await newsroom.guest(article, 'view');
		const elsewhere = await newsroom.guest(await newsroom.article(), 'annotate');
		for (const room of [text, layer]) {
			for (const who of [newsroom.owner, viewer, await newsroom.signedIn(viewer), here])
				expect(await status(who, room), who.name).toBe(200);
			expect(await status(elsewhere, room)).toBe(404);
			expect(await status(newsroom.nobody, room)).toBe(401);
			expect(await status({ headers: { authorization: 'Bearer nonsense' } }, room)).toBe(401);
		}
	});

	test('a page of one guest asks as that guest, whoever else is known in the browser', async () => {
		const [here, there] = [await newsroom.guest(article, 'view'), await newsroom.person('viewer')];
		const { cookie } = (await newsroom.signedIn(there)).headers;
		const both = { headers: { cookie: `${cookie}; ${here.headers.cookie}` } };
		expect(await status(both, `${layer}?as=${here.principal}`)).toBe(200);
		expect(await status(both, `${layer}?as=guest:00000000-0000-4000-8000-000000000000`)).toBe(401);
	});

	test('a link that has been revoked opens it no more', async () => {
		const guest = await newsroom.guest(article, 'annotate');
		expect(await status(guest, layer)).toBe(200);
		await newsroom.owner.call('DELETE', `/links/${guest.linkId}`);
		expect(await status(guest, layer)).toBe(401);
	});

	test('a layer of another audience, a room that is none', async () => {
		for (const room of [
			layerRoom(article, 'legal'),
			textRoom('00000000-0000-4000-8000-000000000000'),
			`${article}/nothing`,
			`${text}/more`,
			article,
			'',
			'%ff'
		]) {
			expect(await status(newsroom.owner, room), room).toBe(404);
			expect(await status(newsroom.nobody, room), room).toBe(401);
		}
	});

	test('another site is refused, and nothing but reading is answered', async () => {
		expect(
			(await ask(newsroom.owner, layer, { headers: { origin: 'https://evil.example.org' } })).status
		).toBe(403);
		for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
			const { status, headers } = await ask(newsroom.owner, layer, { method });
			expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
		}
	});
});

describe('the answer', () => {
	test('is the stored bytes, with their number', async () => {
		const { status, headers, body } = await ask(newsroom.owner, layer, { headers: GZIP });
		expect(status).toBe(200);
		expect(headers).toMatchObject({
			'content-type': 'application/octet-stream',
			'content-encoding': 'gzip',
			'content-length': String(taken.state.length),
			etag: `"${taken.number}"`,
			'cache-control': 'private, no-cache',
			'x-content-type-options': 'nosniff',
			'referrer-policy': 'same-origin'
		});
		expect(headers.vary).toMatch(/Cookie.*Authorization/);
		const { state } = await newsroom.db.roomSnapshot.findUniqueOrThrow({ where: { room: layer } });
		expect(body.equals(Buffer.from(state))).toBe(true);
	});

	test('is decompressed for whoever does not read gzip', async () => {
		for (const accepted of ['', 'identity', 'br', 'gzip;q=0', 'deflate, gzip; q=0.0']) {
			const { status, headers, body } = await ask(newsroom.owner, layer, {
				headers: { 'accept-encoding': accepted }
			});
			expect([status, headers['content-encoding']], accepted).toEqual([200, undefined]);
			expect(headers['content-length']).toBe(String(taken.bytes));
			expect(body.equals(gunzipSync(taken.state))).toBe(true);
		}
		for (const accepted of ['GZIP', '*', 'br;q=1, gzip;q=0.1']) {
			const { headers } = await ask(newsroom.owner, layer, { headers: { 'accept-encoding': accepted } });
			expect(headers['content-encoding'], accepted).toBe('gzip');
		}
	});

	test('says when nothing has changed', async () => {
		for (const known of [`"${taken.number}"`, `W/"${taken.number}"`, `"x", "${taken.number}"`, '*']) {
			const { status, headers, body } = await ask(newsroom.owner, layer, {
				headers: { ...GZIP, 'if-none-match': known }
			});
			expect([status, headers.etag, body.length], known).toEqual([304, `"${taken.number}"`, 0]);
		}
		const older = { ...GZIP, 'if-none-match': `"${taken.number - 1}"` };
		expect((await ask(newsroom.owner, layer, { headers: older })).status).toBe(200);
		const unknown = { ...GZIP, 'if-none-match': `"${taken.number}"` };
		expect((await ask(newsroom.nobody, layer, { headers: unknown })).status).toBe(401);
	});

	test('to HEAD is without its body', async () => {
		const { status, headers, body } = await ask(newsroom.owner, layer, { method: 'HEAD', headers: GZIP });
		expect([status, headers.etag, body.length]).toEqual([200, `"${taken.number}"`, 0]);
		expect((await ask(newsroom.nobody, layer, { method: 'HEAD' })).status).toBe(401);
	});

	test('of a room without a snapshot is empty', async () => {
		const fresh = await newsroom.article();
		const { status, body, headers } = await ask(newsroom.owner, textRoom(fresh), { headers: GZIP });
		expect([status, body.length, headers.etag]).toEqual([204, 0, undefined]);
	});

	test('is the same after a restart', async () => {
		await newsroom.restart();
		const { headers, body } = await ask(newsroom.owner, layer, { headers: GZIP });
		expect(headers.etag).toBe(`"${taken.number}"`);
		expect(body.equals(Buffer.from(taken.state))).toBe(true);
	});
});

test('[R1] [S1] snapshot and socket together are the document: what was added, changed and removed, before and after', async () => {
	const { owner } = newsroom;
	const room = layerRoom(await newsroom.article(), 'shared');
	using writer = join(newsroom, owner, room);
	await writer.synced;
	const saved = watchSaved(writer.provider);
	const { doc } = writer;
	const notes = Array.from({ length: 6 }, (_, i) => annotationBy(owner.principal, { body: `Note ${i}.` }));
	const change = (id: string, body: string) => annotationsOf(doc).get(id)!.set('body', body);
	const heart = (id: string) => reactionKey(id, owner.principal, '❤');

	for (const note of notes.slice(0, 5)) put(doc, note);
	for (const { id } of notes.slice(0, 5)) reactionsOf(doc).set(heart(id), true);
	change(notes[0]!.id, 'Changed before.');
	change(notes[1]!.id, 'Changed before.');
	reactionsOf(doc).delete(heart(notes[0]!.id));
	// each is a frame of its own, besides the answer to the server's first step
	await saved.next(1 + 5 + 5 + 3);
	await takeSnapshot(newsroom, room);
	change(notes[1]!.id, 'Changed after.');
	change(notes[2]!.id, 'Changed after.');
	reactionsOf(doc).delete(heart(notes[3]!.id));
	put(doc, notes[5]!);
	await saved.next(1 + 5 + 5 + 3 + 4);

	for (const restarted of [false, true]) {
		if (restarted) await newsroom.restart();
		const opened = new Y.Doc();
		const { body } = await ask(owner, room, { headers: GZIP });
		Y.applyUpdate(opened, gunzipSync(body));
		expect(annotationsOf(opened).size).toBe(5);
		expect(annotationsOf(opened).get(notes[1]!.id)!.get('body')).toBe('Changed before.');
		expect([...reactionsOf(opened).keys()]).not.toContain(heart(notes[0]!.id));
		using reader = join(newsroom, owner, room, { doc: opened });
		await reader.synced;
		expect(annotationsOf(opened).toJSON()).toEqual(annotationsOf(doc).toJSON());
		expect(reactionsOf(opened).toJSON()).toEqual(reactionsOf(doc).toJSON());
		expect(Object.keys(reactionsOf(opened).toJSON())).toHaveLength(3);
		expect(Y.encodeStateVector(opened)).toEqual(Y.encodeStateVector(doc));
	}
});

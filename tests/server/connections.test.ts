import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import * as encoding from 'lib0/encoding';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { layerRoom, textRoom } from '../../src/lib/domain/room.ts';
import { colorOf } from '../../src/lib/domain/principal.ts';
import { annotationsOf } from '../../src/lib/ydoc/layer.ts';
import { annotationBy, put } from '../support/annotations.ts';
import { startNewsroom, type Caller, type Newsroom } from '../support/newsroom.ts';
import { join, until, type Joined } from '../support/sockets.ts';

let newsroom: Newsroom;
let id: string;
beforeAll(async () => {
	newsroom = await startNewsroom();
	id = await newsroom.article();
});
afterAll(() => newsroom[Symbol.asyncDispose]());

/** A bare socket in the shared layer. */
async function bare(caller: Caller = newsroom.owner) {
	const socket = new WebSocket(`${newsroom.origin.replace('http', 'ws')}/sync/${layerRoom(id, 'shared')}`, {
		headers: caller.headers
	});
	socket.on('error', () => {});
	await once(socket, 'open');
	return socket;
}
const closeOf = async (socket: WebSocket) => ((await once(socket, 'close')) as [number])[0];

/** The presence of others that a client sees, once it is as expected. */
const seen = (joined: Joined, expected: (states: Record<string, unknown>[]) => boolean) =>
	new Promise<Record<string, unknown>[]>((done) => {
		const check = () => {
			const others = [...joined.provider.awareness.getStates()].filter(
				([client]) => client !== joined.doc.clientID
			);
			const states = others.map(([, state]) => state);
			if (!expected(states)) return;
			joined.provider.awareness.off('change', check);
			done(states);
		};
		joined.provider.awareness.on('change', check);
		check();
	});

test('[R5] random bytes, truncated and lying updates, text and oversized frames cost their sender’s connection, and no other', async () => {
	using witness = join(newsroom, newsroom.owner, layerRoom(id, 'shared'));
	await witness.synced;
	const whole = Y.encodeStateAsUpdate(witness.doc);
	const update = (bytes: Uint8Array) => {
		const encoder = encoding.createEncoder();
		encoding.writeVarUint(encoder, 0);
		encoding.writeVarUint(encoder, 2);
		encoding.writeVarUint8Array(encoder, bytes);
		return encoding.toUint8Array(encoder);
	};
	const gap = new Y.Doc();
	put(gap, annotationBy(newsroom.owner.principal));
	const before = Y.encodeStateVector(gap);
	put(gap, annotationBy(newsroom.owner.principal));
	const frames: [Uint8Array | string, number][] = [
		[Uint8Array.of(250, 1, 2, 3), 4400],
		[Uint8Array.of(0, 2, 200), 4400],
		[update(randomBytes(500)), 4400],
		[update(Uint8Array.of(5, 1, 1)), 4400],
		[update(Y.encodeStateAsUpdate(gap, before)), 4403],
		['text', 4400],
		[new Uint8Array(17 * 1024 * 1024), 1009]
	];
	for (const [frame, code] of frames) {
		const socket = await bare();
		const closed = closeOf(socket);
		socket.send(frame);
		expect(await closed).toBe(code);
	}
	expect(whole.length).toBeGreaterThan(0);
	using other = join(newsroom, newsroom.owner, layerRoom(id, 'shared'));
	await other.synced;
	const made = put(other.doc, annotationBy(newsroom.owner.principal));
	await until(witness.doc, () => annotationsOf(witness.doc).has(made));
	expect(witness.provider.wsconnected).toBe(true);
});

test('[R2] clients that join a cold room at the same moment all get all of it', async () => {
	const article = await newsroom.article();
	await newsroom.restart();
	const joined = Array.from({ length: 40 }, () => join(newsroom, newsroom.owner, textRoom(article)));
	await Promise.all(joined.map(({ synced }) => synced));
	expect(new Set(joined.map(({ doc }) => doc.getXmlFragment('content').length))).toEqual(new Set([3]));
	for (const { provider } of joined) provider.destroy();
});

test('[R4] one client’s frames are handled in the order in which they came', async () => {
	using mine = join(newsroom, newsroom.owner, layerRoom(id, 'shared'));
	using other = join(newsroom, newsroom.owner, layerRoom(id, 'shared'));
	await Promise.all([mine.synced, other.synced]);
	const made = put(mine.doc, annotationBy(newsroom.owner.principal));
	for (let i = 0; i < 100; i++) annotationsOf(mine.doc).get(made)!.set('body', `words ${i}`);
	await until(other.doc, () => annotationsOf(other.doc).get(made)?.get('body') === 'words 99');
	await newsroom.restart();
	using late = join(newsroom, newsroom.owner, layerRoom(id, 'shared'));
	await late.synced;
	expect(annotationsOf(late.doc).get(made)?.get('body')).toBe('words 99');
});

test('[R7] who somebody is, is the server’s word', async () => {
	const ann = await newsroom.person('annotator', 'Ann');
	using mine = join(newsroom, ann, textRoom(id));
	using other = join(newsroom, newsroom.owner, textRoom(id));
	await Promise.all([mine.synced, other.synced]);
	mine.provider.awareness.setLocalState({
		user: { name: 'The Queen', color: '#000000', principal: newsroom.owner.principal },
		cursor: null
	});
	const [state] = await seen(other, (states) => states.length === 1);
	expect(state).toEqual({
		user: { name: 'Ann', color: colorOf(ann.principal), principal: ann.principal },
		cursor: null
	});
});

test('[R8] who may only read shows presence too, and is gone when the connection ends', async () => {
	const guest = await newsroom.guest(id, 'view', 'Gil');
	const article = textRoom(id);
	const mine = join(newsroom, guest, article);
	using other = join(newsroom, newsroom.owner, article);
	await Promise.all([mine.synced, other.synced]);
	mine.provider.awareness.setLocalStateField('cursor', { at: 1 });
	const here = await seen(other, (states) => states.length === 1);
	expect(here).toMatchObject([{ user: { name: 'Gil' }, cursor: { at: 1 } }]);
	mine.provider.destroy();
	await seen(other, (states) => states.length === 0);
});

test('[R7] a state under somebody else’s awareness client is ignored in silence', async () => {
	const [ann, ben] = [await newsroom.person('annotator', 'Ann'), await newsroom.person('annotator', 'Ben')];
	using hers = join(newsroom, ann, textRoom(id));
	using other = join(newsroom, newsroom.owner, textRoom(id));
	await Promise.all([hers.synced, other.synced]);
	hers.provider.awareness.setLocalStateField('cursor', { at: 1 });
	await seen(other, (states) => states.length === 1);
	using his = join(newsroom, ben, textRoom(id));
	await his.synced;
	// he says that she left, and that she is elsewhere
	const awareness = his.provider.awareness;
	awareness.states.set(hers.doc.clientID, { cursor: { at: 99 } });
	awareness.meta.set(hers.doc.clientID, { clock: 99, lastUpdated: 0 });
	awareness.emit('update', [{ added: [], updated: [hers.doc.clientID], removed: [] }, 'local']);
	awareness.setLocalStateField('cursor', { at: 2 });
	const states = await seen(other, (states) => states.length === 2);
	expect(states.map(({ cursor }) => cursor)).toEqual([{ at: 1 }, { at: 2 }]);
	expect(his.provider.wsconnected).toBe(true);
});

test('[R1] what a stock provider sends before it has answered the first step waits for the rest of its work', async () => {
	const doc = new Y.Doc();
	const earlier = put(doc, annotationBy(newsroom.owner.principal));
	using witness = join(newsroom, newsroom.owner, layerRoom(id, 'shared'));
	await witness.synced;
	// written offline, then once more in the moment in which the socket opens
	using mine = join(newsroom, newsroom.owner, layerRoom(id, 'shared'), { doc, connect: false });
	let later = '';
	mine.provider.on('status', ({ status }) => {
		if (status === 'connected' && !later) later = put(doc, annotationBy(newsroom.owner.principal));
	});
	mine.provider.connect();
	await until(
		witness.doc,
		() => annotationsOf(witness.doc).has(earlier) && annotationsOf(witness.doc).has(later)
	);
	await mine.synced;
	expect(mine.provider.wsconnected).toBe(true);
});

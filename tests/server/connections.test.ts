import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { encodePresence } from '../../server/protocol.ts';
import { layerRoom, textRoom } from '../../src/lib/domain/room.ts';
import { colorOf } from '../../src/lib/domain/principal.ts';
import { annotationsOf, reactionsOf } from '../../src/lib/ydoc/layer.ts';
import { annotationBy, put } from '../support/annotations.ts';
import { closeOf, frameOf, memoryOf, openBare, updateFrame } from '../support/bare.ts';
import { startNewsroom, type Caller, type Newsroom } from '../support/newsroom.ts';
import { join, until, watchSaved, type Joined } from '../support/sockets.ts';

let newsroom: Newsroom;
let id: string;
beforeAll(async () => {
	newsroom = await startNewsroom();
	id = await newsroom.article();
});
afterAll(() => newsroom[Symbol.asyncDispose]());

const MIB = 1024 * 1024;

/** A bare socket in the shared layer. */
const bare = (caller: Caller = newsroom.owner) => openBare(newsroom, caller, layerRoom(id, 'shared'));

/** Somebody in the same room and somebody in another, with whom work goes on whatever others do. */
async function witnesses() {
	const elsewhere = await newsroom.article();
	const pairs = [id, id, elsewhere, elsewhere].map((article) =>
		join(newsroom, newsroom.owner, layerRoom(article, 'shared'))
	);
	await Promise.all(pairs.map(({ synced }) => synced));
	const [writer, reader, otherWriter, otherReader] = pairs as [Joined, Joined, Joined, Joined];
	const lost: unknown[] = [];
	for (const { provider } of pairs) provider.on('connection-close', () => lost.push(provider.roomname));
	const work = async (from: Joined, to: Joined) => {
		const made = put(from.doc, annotationBy(newsroom.owner.principal));
		await until(to.doc, () => annotationsOf(to.doc).has(made));
	};
	return {
		/** an annotation of each arrives */
		goOn: () => Promise.all([work(writer, reader), work(otherWriter, otherReader)]),
		expectHere: () => expect(lost).toEqual([]),
		[Symbol.dispose]: () => {
			for (const { provider } of pairs) provider.destroy();
		}
	};
}

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
	using others = await witnesses();
	const gap = new Y.Doc();
	put(gap, annotationBy(newsroom.owner.principal));
	const before = Y.encodeStateVector(gap);
	put(gap, annotationBy(newsroom.owner.principal));
	const frames: [Uint8Array | string, number][] = [
		[Uint8Array.of(250, 1, 2, 3), 4400],
		[Uint8Array.of(0, 2, 200), 4400],
		[updateFrame(randomBytes(500)), 4400],
		[updateFrame(Uint8Array.of(5, 1, 1)), 4400],
		[updateFrame(Y.encodeStateAsUpdate(gap, before)), 4403],
		[updateFrame(documents(1)), 4400],
		['text', 4400],
		[new Uint8Array(17 * MIB), 1009]
	];
	for (const [frame, code] of frames) {
		const socket = await bare();
		const closed = closeOf(socket);
		socket.send(frame);
		expect((await closed).code).toBe(code);
		await others.goOn();
	}
	others.expectHere();
});

/** An update of so many documents within the document, each some kilobytes once it is decoded. */
function documents(count: number): Uint8Array {
	const head = [1, ...varUint(count), 77, 0];
	const one = [9, 1, 1, 97, 0, 118, 0];
	const bytes = new Uint8Array(head.length + count * one.length + 1);
	bytes.set(head);
	for (let i = 0; i < count; i++) bytes.set(one, head.length + i * one.length);
	return bytes;
}
const varUint = (value: number): number[] =>
	value < 128 ? [value] : [(value & 127) | 128, ...varUint(value >>> 7)];

test('[R5] memory does not grow by what is refused: frames of 100 MB, and small ones that would unfold', async () => {
	using others = await witnesses();
	await others.goOn();
	const before = memoryOf(newsroom);
	const most: number[] = [];
	for (const [frame, code] of [
		[new Uint8Array(100 * MIB), 1009],
		[updateFrame(documents(2_000_000)), 4400]
	] as const) {
		const socket = await bare();
		const closed = closeOf(socket);
		socket.send(frame);
		expect((await closed).code).toBe(code);
		most.push(memoryOf(newsroom) - before);
		await others.goOn();
	}
	// one frame of the allowed size and its copy, at most
	expect(Math.max(...most)).toBeLessThan(80);
	others.expectHere();
});

test('[R5] a flood is cut off; what is ordinary is not', async () => {
	using others = await witnesses();
	const ordinary = await bare();
	for (let i = 0; i < 2000; i++) ordinary.send(updateFrame(Uint8Array.of(0, 0)));
	const flooding = await bare();
	const closed = closeOf(flooding);
	// 20,000 a second, for as long as it is let
	const flood = setInterval(() => {
		for (let i = 0; i < 400; i++) flooding.send(updateFrame(Uint8Array.of(0, 0)));
	}, 20);
	expect((await closed).code).toBe(4529);
	clearInterval(flood);
	await others.goOn();
	others.expectHere();
	expect(ordinary.readyState).toBe(ordinary.OPEN);
	ordinary.close();
});

test('[R6] a thousand connections from one address, of one person, are ordinary', async () => {
	using others = await witnesses();
	const sockets = [];
	for (let i = 0; i < 10; i++)
		sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => bare()))));
	const told = Promise.all(sockets.map(frameOf));
	await others.goOn();
	await told;
	expect(sockets.every((socket) => socket.readyState === socket.OPEN)).toBe(true);
	await Promise.all(
		sockets.map((socket) => {
			const closed = closeOf(socket);
			socket.close();
			return closed;
		})
	);
	others.expectHere();
});

test('[R5] updates full of gaps cost their senders’ connections, and hold up nobody', async () => {
	using others = await witnesses();
	const doc = new Y.Doc();
	put(doc, annotationBy(newsroom.owner.principal));
	const updates: Uint8Array[] = [];
	doc.on('update', (update) => updates.push(update));
	// each builds on one that is never sent
	for (let i = 0; i < 3000; i++) put(doc, annotationBy(newsroom.owner.principal));
	const socket = await bare();
	const closed = closeOf(socket);
	for (const update of updates) socket.send(updateFrame(update));
	await others.goOn();
	expect((await closed).code).toBe(4403);
	await others.goOn();
	others.expectHere();
});

test('[R5] 200 refusals one after another in a room of 8 MB hold up nobody', async () => {
	using others = await witnesses();
	using filling = join(newsroom, newsroom.owner, layerRoom(id, 'shared'));
	await filling.synced;
	const saved = watchSaved(filling.provider);
	const body = 'x'.repeat(9900);
	filling.doc.transact(() => {
		for (let i = 0; i < 850; i++) put(filling.doc, annotationBy(newsroom.owner.principal, { body }));
	});
	await saved.next(2);
	expect(Y.encodeStateAsUpdate(filling.doc).length).toBeGreaterThan(8_000_000);
	const eve = await newsroom.person('annotator', 'Eve');
	const doc = new Y.Doc();
	put(doc, annotationBy(newsroom.owner.principal));
	const forged = updateFrame(Y.encodeStateAsUpdate(doc));
	const ends: string[] = [];
	for (let i = 0; i < 200; i++) {
		const socket = await bare(eve);
		const closed = closeOf(socket);
		socket.send(forged);
		if (i % 20 === 0) await others.goOn();
		const { code, reason } = await closed;
		ends.push(`${code} ${reason.split(' ')[0]}`);
	}
	expect(ends).toEqual(Array(200).fill('4403 G3'));
	others.expectHere();
});

test('[G1][R5] what the database could not hold never reaches the log, and the room lives', async () => {
	using others = await witnesses();
	const eve = await newsroom.person('annotator', 'Eve');
	const made = put(new Y.Doc(), annotationBy(eve.principal));
	const lies: ((doc: Y.Doc) => unknown)[] = [
		(doc) => put(doc, annotationBy(eve.principal, { body: 'a\0b' })),
		(doc) => put(doc, annotationBy(eve.principal, { check: { 'a\0b': 1 } })),
		(doc) => put(doc, annotationBy(eve.principal, { check: { note: 1n } })),
		(doc) => put(doc, annotationBy(eve.principal, { id: `${made}\0` })),
		(doc) =>
			annotationsOf(doc)
				.get(put(doc, annotationBy(eve.principal)))!
				.set('\0', 'x'),
		(doc) => reactionsOf(doc).set(`${made} ${eve.principal} \0`, true),
		(doc) => reactionsOf(doc).set('x'.repeat(MIB), true),
		(doc) => doc.getMap('\0').set('\0', '\0')
	];
	for (const lie of lies) {
		using hers = join(newsroom, eve, layerRoom(id, 'shared'));
		await hers.synced;
		hers.doc.transact(() => lie(hers.doc));
		expect(await hers.closed).toMatchObject({ code: 4403, reason: expect.stringMatching(/^G1 /) });
		await others.goOn();
	}
	others.expectHere();
});

test('[R5] any character in the text of an article is stored and told', async () => {
	const article = await newsroom.article();
	const word = 'a\0b\uFFFE';
	using mine = join(newsroom, newsroom.owner, textRoom(article));
	using other = join(newsroom, newsroom.owner, textRoom(article));
	await Promise.all([mine.synced, other.synced]);
	const text = ({ doc }: Joined) =>
		(doc.getXmlFragment('content').get(0) as Y.XmlElement).get(0) as Y.XmlText;
	text(mine).insert(0, word);
	await until(other.doc, () => text(other).toString().startsWith(word));
	expect((await newsroom.owner.call('GET', `/articles/${article}/text`)).status).toBe(200);
	expect((await newsroom.owner.call('POST', `/articles/${article}/finish`, {})).status).toBe(201);
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

test('[R7] presence in a layer is told to those who may open it, and to nobody else', async () => {
	const guest = await newsroom.guest(id, 'comment', 'Gil');
	await newsroom.db.reviewLink.update({ where: { id: guest.linkId }, data: { layers: ['legal'] } });
	using text = join(newsroom, guest, textRoom(id));
	using layer = join(newsroom, guest, layerRoom(id, 'shared'));
	using mine = join(newsroom, newsroom.owner, layerRoom(id, 'shared'));
	using other = join(newsroom, await newsroom.person('viewer', 'Vera'), layerRoom(id, 'shared'));
	await Promise.all([text.synced, mine.synced, other.synced]);
	expect(await layer.closed).toMatchObject({ code: 4404 });
	mine.provider.awareness.setLocalState({ open: 'a thread', writing: 'a thread' });
	await seen(other, (states) => states.some(({ writing }) => writing === 'a thread'));
	for (const room of [text, layer])
		expect(JSON.stringify([...room.provider.awareness.getStates().values()])).not.toContain('a thread');
});

test('[R8] who comes back on a new connection is seen again at once, and a late echo brings nobody back', async () => {
	const ann = await newsroom.person('annotator', 'Ann');
	const article = textRoom(await newsroom.article());
	using mine = join(newsroom, ann, article);
	using other = join(newsroom, newsroom.owner, article);
	await Promise.all([mine.synced, other.synced]);
	mine.provider.awareness.setLocalStateField('cursor', { at: 1 });
	await seen(other, (states) => states.length === 1);
	// as her client stood when it left
	const echo = encodeAwarenessUpdate(mine.provider.awareness, [mine.doc.clientID]);
	mine.provider.disconnect();
	await seen(other, (states) => states.length === 0);
	mine.provider.connect();
	expect(await seen(other, (states) => states.length === 1)).toMatchObject([{ cursor: { at: 1 } }]);
	mine.provider.disconnect();
	await seen(other, (states) => states.length === 0);
	const socket = await openBare(newsroom, ann, article);
	await frameOf(socket);
	socket.send(Uint8Array.of(1, echo.length, ...echo));
	// what comes after it has been seen: the echo has not
	const later = encodePresence([{ client: 5, clock: 1, json: '{"cursor":{"at":5}}' }]);
	socket.send(Uint8Array.of(1, later.length, ...later));
	expect(await seen(other, (states) => states.length > 0)).toMatchObject([{ cursor: { at: 5 } }]);
	socket.close();
});

test('[R5] one who moves without end costs the others a few frames, and is seen where they end', async () => {
	const article = textRoom(await newsroom.article());
	using other = join(newsroom, newsroom.owner, article);
	await other.synced;
	let frames = 0;
	other.provider.ws!.addEventListener('message', () => frames++);
	const gil = await newsroom.person('viewer', 'Gil');
	const socket = await openBare(newsroom, gil, article);
	await frameOf(socket);
	for (let clock = 1; clock <= 3000; clock++) {
		const update = encodePresence([{ client: 6, clock, json: `{"cursor":{"at":${clock}}}` }]);
		socket.send(Uint8Array.of(1, update.length, ...update));
	}
	await seen(other, ([state]) => (state?.cursor as { at: number } | undefined)?.at === 3000);
	expect(frames).toBeLessThan(300);
	socket.close();
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

/** Each limit, set low in a newsroom of its own [R6]: its close code, its line in the log, its number in the metrics. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import * as Y from 'yjs';
import { layerRoom, textRoom } from '../../src/lib/domain/room.ts';
import { annotationsOf } from '../../src/lib/ydoc/layer.ts';
import { annotationBy, put } from '../support/annotations.ts';
import { closeOf, frameOf, logged, memoryOf, metric, openBare, updateFrame } from '../support/bare.ts';
import { startNewsroom, type Caller, type Newsroom } from '../support/newsroom.ts';
import { join, until, watchSaved } from '../support/sockets.ts';

const MIB = 1024 * 1024;
const LIMITS = {
	MAX_FRAME_BYTES: String(MIB),
	MAX_ROOM_BYTES: String(3 * MIB),
	MAX_MESSAGES_PER_SECOND: '200',
	MAX_PRESENCE_BYTES: '200',
	MAX_CONNECTIONS_PER_PERSON: '12',
	MAX_CONNECTIONS_PER_ADDRESS: '6',
	MAX_UNREAD_BYTES: String(MIB),
	TRUST_PROXY: 'loopback',
	LOG_LEVEL: 'info'
};

let newsroom: Newsroom;
let id: string;
let ann: Caller;
/** what one that says nothing is told all the while */
const idleFrames: number[][] = [];
beforeAll(async () => {
	newsroom = await startNewsroom(LIMITS);
	id = await newsroom.article();
	ann = await newsroom.person('annotator', 'Ann');
	const idle = await openBare(newsroom, ann, shared(), elsewhere());
	idle.on('message', (frame: Buffer) => idleFrames.push([...frame]));
});
afterAll(() => newsroom[Symbol.asyncDispose]());

const shared = () => layerRoom(id, 'shared');
/** Every socket of a test has an address of its own, or the first limit would be the last. */
let addresses = 0;
const elsewhere = () => ({ from: `192.0.2.${++addresses % 250}` });
const asFrom = (caller: Caller, from = elsewhere().from): Caller => ({
	...caller,
	headers: { ...caller.headers, 'x-forwarded-for': from }
});

/** The line that the log has of the connection from this address. */
const lineOf = async (from: string) => {
	const mine = () => logged(newsroom, 'connection ended').filter(({ address }) => address === from);
	await expect.poll(mine).toHaveLength(1);
	return mine()[0]!;
};

/** What the server does to the socket is seen by its client, in the log and in the metrics, once each. */
async function expectEnd(code: number, reason: string, provoke: (socket: WebSocket) => unknown) {
	const { from } = elsewhere();
	const before = await metric(newsroom, `galley_closed_total{code="${code}"}`);
	const socket = await openBare(newsroom, ann, shared(), { from });
	const closed = closeOf(socket);
	await provoke(socket);
	expect((await closed).code).toBe(code);
	expect(await lineOf(from)).toMatchObject({
		room: shared(),
		principal: ann.principal,
		address: from,
		code,
		reason
	});
	await expect.poll(() => metric(newsroom, `galley_closed_total{code="${code}"}`)).toBe(before + 1);
}

test('[R6] a frame over the limit ends with 1009', () =>
	expectEnd(1009, 'frame too large', (socket) => socket.send(new Uint8Array(MIB + 1))));

test('[R6] more messages a second than allowed end with 4529, whatever their kind', async () => {
	const floods: ((socket: WebSocket) => void)[] = [
		(socket) => socket.send(Uint8Array.of(1, 1, 0)),
		(socket) => socket.send(Uint8Array.of(3)),
		(socket) => socket.send(updateFrame(Uint8Array.of(0, 0))),
		(socket) => socket.ping(),
		(socket) => socket.pong()
	];
	for (const send of floods)
		await expectEnd(4529, 'too many messages', (socket) => {
			for (let i = 0; i < 1000; i++) send(socket);
		});
});

test('[R6] first steps that nobody can answer so fast end with 4529', () =>
	expectEnd(4529, 'too many questions', (socket) => {
		for (let i = 0; i < 100; i++) socket.send(Uint8Array.of(0, 0, 1, 0));
	}));

test('[R6] what cannot be decoded, and text, end with 4400', async () => {
	await expectEnd(4400, 'undecodable frame', (socket) => socket.send(Uint8Array.of(0, 2, 200)));
	await expectEnd(4400, 'text frame', (socket) => socket.send('Hello?'));
});

test('[R5] a refusal is counted by its rule, and its line in the log quotes nothing', async () => {
	const { from } = elsewhere();
	const before = await metric(newsroom, 'galley_updates_refused_total{rule="G1"}');
	const socket = await openBare(newsroom, ann, shared(), { from });
	const closed = closeOf(socket);
	const doc = new Y.Doc();
	doc.getMap('reactions').set('what nobody should read', true);
	socket.send(updateFrame(Y.encodeStateAsUpdate(doc)));
	expect((await closed).code).toBe(4403);
	expect(await lineOf(from)).toMatchObject({ code: 4403, reason: 'G1 - -', principal: ann.principal });
	expect(newsroom.process.output()).not.toMatch(/nobody should|Ann/);
	expect(await metric(newsroom, 'galley_updates_refused_total{rule="G1"}')).toBe(before + 1);
});

test('[R6] a document that would become too large ends with 4413, and stays as it was', async () => {
	const article = await newsroom.article();
	const room = layerRoom(article, 'shared');
	using mine = join(newsroom, asFrom(ann), room);
	await mine.synced;
	const saved = watchSaved(mine.provider);
	let code = 0;
	const closed = mine.closed.then((end) => (code = end.code));
	const [check, body] = [{ notes: 'x'.repeat(9000) }, 'x'.repeat(9000)];
	const made: string[] = [];
	for (let frames = 1; code === 0 && frames < 250; frames++) {
		made.push(put(mine.doc, annotationBy(ann.principal, { body, check })));
		await Promise.race([saved.next(frames), closed]);
	}
	expect(code).toBe(4413);
	using other = join(newsroom, asFrom(newsroom.owner), room);
	await other.synced;
	const stored = annotationsOf(other.doc).size;
	expect(stored).toBeGreaterThan(100);
	expect(stored).toBeLessThan(made.length);
	expect([...annotationsOf(other.doc).keys()].every((one) => made.includes(one))).toBe(true);
});

test('[R6] presence over the limit is not shown, and costs nobody anything else', async () => {
	using mine = join(newsroom, asFrom(ann), textRoom(id));
	using other = join(newsroom, asFrom(newsroom.owner), textRoom(id));
	await Promise.all([mine.synced, other.synced]);
	const seen: unknown[] = [];
	other.provider.awareness.on('change', () => {
		const state = other.provider.awareness.getStates().get(mine.doc.clientID);
		if (state) seen.push(state.cursor);
	});
	mine.provider.awareness.setLocalState({ cursor: 'x'.repeat(300) });
	mine.provider.awareness.setLocalState({ cursor: 'here' });
	await expect.poll(() => seen).toEqual(['here']);
	expect(mine.provider.wsconnected).toBe(true);
});

describe('how many', () => {
	const fill = async (count: number, caller: Caller, from: () => string) => {
		const sockets: WebSocket[] = [];
		for (let i = 0; i < count; i++) {
			const socket = await openBare(newsroom, caller, shared(), { from: from() });
			await frameOf(socket);
			sockets.push(socket);
		}
		return sockets;
	};
	const end = (sockets: WebSocket[]) =>
		Promise.all(
			sockets.map((socket) => {
				const closed = closeOf(socket);
				socket.terminate();
				return closed;
			})
		);

	test('[R6] connections of one address: the rest end with 4529, and a storm of them is one line', async () => {
		const from = '198.51.100.7';
		const sockets = await fill(6, newsroom.owner, () => from);
		const refused = { code: 4529, reason: 'too many connections from this address' };
		const storm = Array.from({ length: 10 }, async () =>
			closeOf(await openBare(newsroom, newsroom.owner, shared(), { from }))
		);
		expect(await Promise.all(storm)).toEqual(storm.map(() => refused));
		// another address is another matter, and so is one that says it came from there on its way to the proxy
		const others = [
			await openBare(newsroom, newsroom.owner, shared(), { from: '198.51.100.8' }),
			await openBare(newsroom, newsroom.owner, shared(), { from: `${from}, 198.51.100.9` })
		];
		for (const socket of others) await frameOf(socket);
		expect(logged(newsroom, 'connections refused').filter(({ address }) => address === from)).toMatchObject([
			{ code: 4529, times: 1 }
		]);
		// those that go make room
		await end(sockets.splice(0, 1));
		await expect
			.poll(async () => {
				const next = await openBare(newsroom, newsroom.owner, shared(), { from });
				sockets.push(next);
				return Promise.race([frameOf(next).then(() => 'in'), closeOf(next).then(() => 'out')]);
			})
			.toBe('in');
		await end([...sockets, ...others]);
	});

	test('[R6] connections of one person: the rest end with 4529', async () => {
		const ben = await newsroom.person('annotator', 'Ben');
		const sockets = await fill(12, ben, () => elsewhere().from);
		const late = await openBare(newsroom, ben, shared(), elsewhere());
		expect(await closeOf(late)).toEqual({ code: 4529, reason: 'too many connections of this person' });
		const someoneElse = await openBare(newsroom, ann, shared(), elsewhere());
		await frameOf(someoneElse);
		expect(
			logged(newsroom, 'connections refused').filter(({ principal }) => principal === ben.principal)
		).toHaveLength(1);
		await end([...sockets, someoneElse]);
	});
});

test('[R6] the addresses of the API are those of the sockets: guesses are counted by them', async () => {
	const guess = async (headers: Record<string, string>) => {
		const body = { email: 'nobody@example.org', password: 'not this one' };
		return (await newsroom.nobody.call('POST', '/session', body, { origin: newsroom.origin, ...headers }))
			.status;
	};
	for (let i = 0; i < 10; i++) expect(await guess({ 'x-forwarded-for': '203.0.113.1' })).toBe(401);
	expect(await guess({ 'x-forwarded-for': '203.0.113.1' })).toBe(429);
	expect(await guess({ 'x-forwarded-for': '203.0.113.1', 'x-galley-address': '203.0.113.9' })).toBe(429);
	expect(await guess({ 'x-forwarded-for': '203.0.113.2' })).toBe(401);
});

describe('whoever reads too slowly', () => {
	/** Fills the layer of an article with about so many bytes. */
	async function fill(article: string, bytes: number) {
		using mine = join(newsroom, asFrom(newsroom.owner), layerRoom(article, 'shared'));
		using other = join(newsroom, asFrom(newsroom.owner), layerRoom(article, 'shared'));
		await Promise.all([mine.synced, other.synced]);
		const body = 'x'.repeat(9000);
		const count = Math.ceil(bytes / body.length);
		for (let i = 0; i < count; i++) put(mine.doc, annotationBy(newsroom.owner.principal, { body }));
		await until(other.doc, () => annotationsOf(other.doc).size === count);
	}

	test('[R6] has time to read what a room opens with, more than the limit as it is', async () => {
		const article = await newsroom.article();
		const room = layerRoom(article, 'shared');
		await fill(article, 2.5 * MIB);
		const slow = await openBare(newsroom, ann, room, elsewhere());
		const ended = closeOf(slow);
		await frameOf(slow);
		let bytes = 0;
		const whole = new Promise((done) =>
			slow.on('message', (data: Buffer) => (bytes += data.length) > 2.5 * MIB && done('whole'))
		);
		slow.send(Uint8Array.of(0, 0, 1, 0));
		slow.pause();
		// what others do goes on, and stands behind it
		using witness = join(newsroom, asFrom(newsroom.owner), room);
		await witness.synced;
		using writer = join(newsroom, asFrom(newsroom.owner), room);
		await writer.synced;
		const made = Array.from({ length: 20 }, () =>
			put(writer.doc, annotationBy(newsroom.owner.principal, { body: 'y'.repeat(5000) }))
		);
		await until(witness.doc, () => made.every((one) => annotationsOf(witness.doc).has(one)));
		slow.resume();
		expect(await Promise.race([whole, ended])).toBe('whole');
		slow.close();
		expect((await ended).code).toBe(1005);
	});

	test('[R5][R6] is ended with 1013 at the limit, and memory does not grow beyond it', async () => {
		const { from } = elsewhere();
		const slow = await openBare(newsroom, ann, textRoom(id), { from });
		await frameOf(slow);
		slow.pause();
		using witness = join(newsroom, asFrom(newsroom.owner), textRoom(id));
		using writer = join(newsroom, asFrom(newsroom.owner), textRoom(id));
		await Promise.all([witness.synced, writer.synced]);
		const words = (witness.doc.getXmlFragment('content').get(0) as Y.XmlElement).get(0) as Y.XmlText;
		const mine = (writer.doc.getXmlFragment('content').get(0) as Y.XmlElement).get(0) as Y.XmlText;
		const before = memoryOf(newsroom);
		// the system's own buffers hold some megabytes
		const isEnded = () => logged(newsroom, 'connection ended').some(({ address }) => address === from);
		let length = words.length;
		for (let i = 0; i < 100 && !isEnded(); i++) {
			mine.insert(0, 'z'.repeat(400_000));
			length += 400_000;
			await until(witness.doc, () => words.length === length);
			mine.delete(0, 400_000);
			length -= 400_000;
			await until(witness.doc, () => words.length === length);
		}
		expect(await lineOf(from)).toMatchObject({ code: 1013, reason: 'reading too slowly' });
		expect(memoryOf(newsroom) - before).toBeLessThan(150);
		expect(witness.provider.wsconnected).toBe(true);
		slow.terminate();
	});
});

test('[R6] a document is measured as it is, however much has been written and taken back in it', async () => {
	const room = textRoom(await newsroom.article());
	using writer = join(newsroom, asFrom(newsroom.owner), room);
	await writer.synced;
	const saved = watchSaved(writer.provider);
	let code = 0;
	const closed = writer.closed.then((end) => (code = end.code));
	const words = (writer.doc.getXmlFragment('content').get(0) as Y.XmlElement).get(0) as Y.XmlText;
	for (let i = 0; i < 20; i++) {
		words.insert(0, 'z'.repeat(900_000));
		words.delete(0, 900_000);
	}
	await Promise.race([saved.next(41), closed]);
	expect(code).toBe(0);
});

test('[R6] without a trusted proxy nobody’s word on addresses counts', async () => {
	await using alone = await startNewsroom({ MAX_CONNECTIONS_PER_ADDRESS: '3' });
	const article = await alone.article();
	const open = (from: string) => openBare(alone, alone.owner, textRoom(article), { from });
	const sockets = [await open('192.0.2.1'), await open('192.0.2.2'), await open('192.0.2.3')];
	const late = await open('192.0.2.4');
	expect((await closeOf(late)).code).toBe(4529);
	for (const socket of sockets) socket.terminate();
	const guess = async (i: number) => {
		const forged = { 'x-forwarded-for': `192.0.2.${i}`, 'x-galley-address': `192.0.2.${i}` };
		const body = { email: 'nobody@example.org', password: 'not this one' };
		return (await alone.nobody.call('POST', '/session', body, { origin: alone.origin, ...forged })).status;
	};
	for (let i = 0; i < 10; i++) expect(await guess(i)).toBe(401);
	expect(await guess(11)).toBe(429);
});

test('[R9] a connection that says nothing is told something, which stock providers count', async () => {
	// an awareness message about nobody
	await expect.poll(() => idleFrames, { timeout: 25_000 }).toContainEqual([1, 1, 0]);
});

import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import * as ws from 'ws';
import { WebSocket, WebSocketServer } from 'ws';
import * as Y from 'yjs';
import { readConfig } from '../../server/config.ts';
import { Connection } from '../../server/connection.ts';
import type { Ending } from '../../server/ending.ts';
import { frameOnce } from '../../server/framing.ts';
import { Pace, Storms } from '../../server/limits.ts';
import { Metrics } from '../../server/metrics.ts';
import type { Room } from '../../server/room.ts';
import { UnreadBytes } from '../../server/unread-bytes.ts';
import { updateFrame } from '../support/bare.ts';

const MIB = 1024 * 1024;
afterEach(() => void vi.useRealTimers());

/** A connection over these, and the codes with which it was closed. */
function connect(socket: WebSocket, tcp: Socket | PassThrough) {
	const closed: number[] = [];
	const connection = new Connection({
		socket,
		tcp,
		ending: { about: {}, close: (code: number) => closed.push(code) } as unknown as Ending,
		articleId: 'article',
		visitor: {
			actor: { kind: 'member', principal: 'user:ann', name: 'Ann', role: 'editor' },
			sessionId: null,
			linkId: null,
			expiresAt: null
		},
		ask: async () => null,
		limits: readConfig({}).limits,
		metrics: new Metrics()
	});
	return { connection, closed };
}

/** A connection over a real socket, and its client. */
async function overTheNetwork() {
	const server = createServer().listen(0);
	const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
	const accepted = new Promise<{ connection: Connection; socket: WebSocket; tcp: Socket }>((done) =>
		server.on('upgrade', (request, tcp, head) =>
			sockets.handleUpgrade(request, tcp, head, (socket) =>
				done({ ...connect(socket, tcp as Socket), socket, tcp: tcp as Socket })
			)
		)
	);
	const client = new WebSocket(`ws://localhost:${(server.address() as AddressInfo).port}`);
	onTestFinished(() => {
		client.terminate();
		server.close();
	});
	const received: Buffer[] = [];
	client.on('message', (data: Buffer) => received.push(data));
	await once(client, 'open');
	return { ...(await accepted), client, received };
}

test('a frame made once is the one that the library would have made', () => {
	// the types of the library leave it out
	const { Sender } = ws as unknown as { Sender: { frame(data: Buffer, options: object): Buffer[] } };
	for (const length of [0, 1, 125, 126, 127, 65_535, 65_536, 70_000]) {
		const payload = new Uint8Array(length).fill(7);
		const theirs = Sender.frame(Buffer.from(payload), {
			fin: true,
			opcode: 2,
			mask: false,
			rsv1: false,
			readOnly: false
		});
		expect(frameOnce(payload).equals(Buffer.concat(theirs))).toBe(true);
	}
});

test('[R4] frames made once and others arrive in the order in which they were sent', async () => {
	const { connection, received } = await overTheNetwork();
	const sizes = [3, 126, 70_000, 4, 65_536, 5 * MIB, 6, 125];
	for (const [i, size] of sizes.entries()) {
		const payload = new Uint8Array(size).fill(i);
		if (i % 2) connection.sendFramed(frameOnce(payload));
		else connection.send(payload);
	}
	await expect.poll(() => received.map(({ length }) => length)).toEqual(sizes);
	expect(received.every((data, i) => data[0] === i && data.at(-1) === i)).toBe(true);
});

test('what is said in one turn of the event loop goes out in one write, and counts as unread until then', async () => {
	const { connection, socket, tcp, received } = await overTheNetwork();
	const writes = [vi.spyOn(tcp, '_writev' as never), vi.spyOn(tcp, '_write')];
	for (let i = 0; i < 10; i++) connection.sendFramed(frameOnce(new Uint8Array(1000)));
	connection.send(new Uint8Array(1000));
	expect(socket.bufferedAmount).toBeGreaterThan(11_000);
	await expect.poll(() => received).toHaveLength(11);
	expect(writes.map(({ mock }) => mock.calls.length)).toEqual([1, 0]);
	expect(socket.bufferedAmount).toBe(0);
});

test('nothing is written after the socket has begun to close', async () => {
	const { connection, socket, client, received } = await overTheNetwork();
	const ended = once(client, 'close');
	socket.close(1012);
	connection.sendFramed(frameOnce(new Uint8Array(5)));
	connection.send(new Uint8Array(5));
	expect(((await ended) as [number])[0]).toBe(1012);
	expect(received).toEqual([]);
});

/** A socket that only says what is done with it. */
function pretended() {
	const socket = Object.assign(new EventEmitter(), {
		OPEN: 1,
		readyState: 1,
		bufferedAmount: 0,
		isPaused: false,
		pause: () => void (socket.isPaused = true),
		resume: () => void (socket.isPaused = false),
		send: () => {},
		close: () => {},
		terminate: () => {}
	});
	const handled: string[] = [];
	const room = {
		join: () => {},
		leave: () => {},
		receive: (_: unknown, { kind }: { kind: string }) => handled.push(kind)
	};
	return { socket, handled, room: room as unknown as Room, ...connect(socket as never, new PassThrough()) };
}
/** A frame with an update of 9 MiB. */
const large = (() => {
	const doc = new Y.Doc();
	doc.getText('content').insert(0, 'x'.repeat(9 * MIB));
	return updateFrame(Y.encodeStateAsUpdate(doc));
})();

test('[R6] while a room loads no more than some frames are read; they are handled in order then', () => {
	const { socket, connection, handled, room, closed } = pretended();
	socket.emit('message', Buffer.of(0, 0, 1, 0), true);
	for (let i = 0; i < 4; i++) {
		expect(socket.isPaused).toBe(false);
		socket.emit('message', large, true);
	}
	expect(socket.isPaused).toBe(true);
	connection.enter(room);
	expect(handled).toEqual(['step1', 'update', 'update', 'update', 'update']);
	// they are not stored yet, and the step is not answered
	connection.saved(() => Uint8Array.of(0), 3);
	connection.send(Uint8Array.of(0, 1, 2, 0, 0));
	expect(socket.isPaused).toBe(true);
	connection.saved(() => Uint8Array.of(0), 4);
	expect(socket.isPaused).toBe(false);
	expect(closed).toEqual([]);
});

test('[R6] while the database is slow no more is read than can wait', () => {
	const { socket, connection, room } = pretended();
	connection.enter(room);
	for (let i = 0; i < 4; i++) socket.emit('message', large, true);
	expect(socket.isPaused).toBe(true);
	connection.saved(() => Uint8Array.of(0), 4);
	expect(socket.isPaused).toBe(false);
	for (let i = 5; i < 100; i++) {
		socket.emit('message', large, true);
		connection.saved(() => Uint8Array.of(0), i);
	}
	expect(socket.isPaused).toBe(false);
});

test('[R6] a pace lets some seconds’ worth come at once, and so many a second', () => {
	vi.useFakeTimers({ toFake: ['performance'] });
	const pace = new Pace(100);
	const taken = (count: number) => Array.from({ length: count }, () => pace.take()).filter(Boolean).length;
	expect(taken(1000)).toBe(300);
	const steady = new Pace(100);
	for (let i = 0; i < 1000; i++) {
		vi.advanceTimersByTime(10);
		expect(steady.take()).toBe(true);
	}
});

test('[R6] unread bytes: an opening is let off while it is read, and not two of them', () => {
	vi.useFakeTimers({ toFake: ['performance'] });
	const unread = new UnreadBytes(100);
	expect(unread.open(0, 5000, false)).toBe(true);
	expect(unread.open(5000, 300, true)).toBe(true);
	expect(unread.add(5300, 60)).toBe(true);
	expect(unread.add(5360, 60)).toBe(true);
	// 120 bytes stand behind it
	expect(unread.add(5420, 10)).toBe(false);
	expect(unread.open(5420, 5000, true)).toBe(false);
	// once it is read they count alone
	expect(unread.add(120, 10)).toBe(false);
	expect(unread.add(90, 10)).toBe(true);
	expect(unread.open(90, 5000, true)).toBe(true);
	expect(unread.add(5090, 10)).toBe(true);
	expect(unread.open(5100, 5000, true)).toBe(false);
	// nobody reads for minutes
	vi.advanceTimersByTime(60_000);
	expect(unread.add(5090, 1)).toBe(false);
});

test('a storm is a line at once, and one with its number every some seconds', () => {
	vi.useFakeTimers();
	const lines: number[] = [];
	const storms = new Storms();
	for (let i = 0; i < 50; i++) storms.note('192.0.2.1', (times) => lines.push(times));
	expect(lines).toEqual([1]);
	vi.advanceTimersByTime(10_000);
	expect(lines).toEqual([1, 49]);
	vi.advanceTimersByTime(20_000);
	storms.note('192.0.2.1', (times) => lines.push(times));
	expect(lines).toEqual([1, 49, 1]);
});

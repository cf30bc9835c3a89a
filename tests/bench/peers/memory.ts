/** Measure 6: what a connection costs that does nothing, and what is left of an article that nobody has open any more. */
import { setTimeout as wait } from 'node:timers/promises';
import * as Y from 'yjs';
import { annotationBy, put } from '../../support/annotations.ts';
import { residentSet } from '../../support/processes.ts';
import { enter, type Door, type LeanClient } from './lean-client.ts';
import type { Peer } from './peers.ts';
import { startServer, type RunningServer } from './server.ts';

const CONNECTIONS = 1000;
const WARM_UP = 200;
const ARTICLES = 200;
const TOGETHER = 25;
const SETTLE_MS = 1500;
const STILL_BYTES = 32 * 1024;
/** Longer than a room without people stays in memory. */
const IDLE_MS = 90_000;

/** Bytes for each connection or article. */
export interface Growth {
	resident: number;
	/** V8's heap and what hangs on it outside */
	heap: number;
}

async function sizeOf(server: RunningServer): Promise<Growth> {
	const { heap, external } = await server.heap();
	return { resident: residentSet(server.pid), heap: heap + external };
}

/** What a start leaves behind goes bit by bit: the size when that is over. */
async function settledSize(server: RunningServer): Promise<Growth> {
	for (let tries = 0, last = await sizeOf(server); ; tries++) {
		await wait(SETTLE_MS);
		const size = await sizeOf(server);
		if (Math.abs(size.heap - last.heap) < STILL_BYTES || tries >= 15) return size;
		last = size;
	}
}

const growth = (before: Growth, after: Growth, count: number): Growth => ({
	resident: (after.resident - before.resident) / count,
	heap: (after.heap - before.heap) / count
});

async function connectMany(doors: Door[]): Promise<LeanClient[]> {
	const clients: LeanClient[] = [];
	for (let i = 0; i < doors.length; i += TOGETHER) {
		const some = doors.slice(i, i + TOGETHER).map((door) => enter(door));
		await Promise.all(some.map(({ synced }) => synced));
		clients.push(...some);
	}
	return clients;
}

const leave = (clients: LeanClient[]) => clients.forEach(({ socket }) => socket.close());

/** Of each of 1,000 idle connections to one room, beside those that came and went before. */
export async function measureConnection(peer: Peer, quick: boolean): Promise<Growth> {
	const count = quick ? CONNECTIONS / 4 : CONNECTIONS;
	await using server = await startServer(peer);
	const [door] = await server.makeRooms(1);
	const doors = (length: number) => Array<Door>(length).fill(door!);
	const [stays] = await connectMany(doors(1));
	for (let i = 0; i < 2; i++) leave(await connectMany(doors(WARM_UP)));
	const before = await settledSize(server);
	const clients = await connectMany(doors(count));
	const grown = growth(before, await settledSize(server), count);
	leave([...clients, stays!]);
	return grown;
}

/** Of each of 200 articles that were opened, written to and left; the first such round only warms up. */
export async function measureArticles(peer: Peer, rounds: number, quick: boolean): Promise<Growth[]> {
	const count = quick ? ARTICLES / 4 : ARTICLES;
	await using server = await startServer(peer);
	const round = async () => {
		const doors = await server.makeRooms(count);
		const clients = await connectMany(doors);
		for (const { update } of clients) {
			const doc = new Y.Doc();
			doc.on('update', update);
			put(doc, annotationBy(server.principal));
		}
		await wait(SETTLE_MS);
		leave(clients);
		await roomsClosed(server);
		return settledSize(server);
	};
	const grown: Growth[] = [];
	let before = await round();
	for (let i = 0; i < rounds; i++) {
		const after = await round();
		grown.push(growth(before, after, count));
		before = after;
	}
	return grown;
}

/** Where the server says how many rooms it holds, until that is none. */
async function roomsClosed({ port }: RunningServer): Promise<void> {
	const until = performance.now() + IDLE_MS;
	while (performance.now() < until) {
		const response = await fetch(`http://127.0.0.1:${port}/metrics`);
		if (/^galley_rooms(\{[^}]*\})? 0$/m.test(await response.text())) return;
		await wait(500);
	}
}

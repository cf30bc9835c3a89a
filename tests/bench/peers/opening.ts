/** Measure 5: opening a large layer after the server has been restarted, in a fresh process each time. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as Y from 'yjs';
import { annotationsOf } from '../../../src/lib/ydoc/layer.ts';
import { annotationBy, put, replyBy } from '../../support/annotations.ts';
import { enter, type Door } from './lean-client.ts';
import type { Opened, OpenTask } from './open-child.ts';
import { GALLEY, type Peer } from './peers.ts';
import { startServer, type RunningServer } from './server.ts';
import { runLoad, serverCpu } from './system.ts';

const THREADS = 10_000;
const REPLIES = 3;
const WRITERS = 20;
const BATCH = 100;
/** Servers that store after a pause have stored by then; none has anything left to do after its start. */
const STORED_MS = 4000;
const STARTED_MS = 500;

export interface Opening extends Opened {
	/** milliseconds of processor time: of the server's own process, and of its database's */
	nodeCpu: number;
	databaseCpu: number;
}

export interface Openings {
	peer: Peer;
	/** the first request after the restart; and, of Galley, after somebody has opened a small article */
	first: Opening[];
	later: Opening[];
}

/** The state as several people have made it, in updates of `BATCH` threads; and the rooms' whole state. */
async function fill(door: Door, principal: string, threads: number): Promise<Uint8Array> {
	const writer = enter(door);
	const reader = new Y.Doc();
	const { socket, synced } = enter(door, { doc: reader });
	await Promise.all([synced, writer.synced]);
	const docs = Array.from({ length: WRITERS }, () => new Y.Doc());
	for (const doc of docs) doc.on('update', writer.update);
	for (let i = 0; i < threads; i += BATCH) {
		const doc = docs[(i / BATCH) % WRITERS]!;
		doc.transact(() => {
			for (let j = i; j < Math.min(threads, i + BATCH); j++) {
				const root = put(doc, annotationBy(principal));
				for (let k = 0; k < REPLIES; k++) put(doc, replyBy(principal, root));
			}
		});
		const written = Math.min(threads, i + BATCH) * (REPLIES + 1);
		while (annotationsOf(reader).size < written) await wait(2);
	}
	writer.socket.close();
	socket.close();
	return Y.encodeStateAsUpdate(reader);
}

async function openOnce(server: RunningServer, task: OpenTask): Promise<Opening> {
	const before = serverCpu(server);
	const opened = await runLoad<Opened>('open-child.ts', task);
	const after = serverCpu(server);
	return {
		...opened,
		nodeCpu: (after.node - before.node) * 1000,
		databaseCpu: (after.database - before.database) * 1000
	};
}

/** Runs of all in turn; the times of Y.applyUpdate alone, and the state's bytes. */
export async function measureOpenings(
	peers: Peer[],
	{ runs, quick }: { runs: number; quick: boolean }
): Promise<{ openings: Openings[]; threads: number; apply: number[]; stateBytes: number }> {
	const threads = quick ? THREADS / 10 : THREADS;
	const annotations = threads * (REPLIES + 1);
	await using servers = new AsyncDisposableStack();
	const measured: { openings: Openings; server: RunningServer; doors: Door[] }[] = [];
	let state = { file: '', bytes: 0 };
	for (const peer of peers) {
		const server = servers.use(await startServer(peer));
		const doors = await server.makeRooms(2);
		const update = await fill(doors[0]!, server.principal, threads);
		await fill(doors[1]!, server.principal, 1);
		if (peer === GALLEY) {
			state = { file: join(server.folder, 'state.bin'), bytes: update.length };
			await writeFile(state.file, update);
		}
		measured.push({ openings: { peer, first: [], later: [] }, server, doors });
	}
	await wait(STORED_MS);
	const apply: number[] = [];
	for (let i = 0; i < runs; i++) {
		if (state.file)
			apply.push((await runLoad<Opened>('open-child.ts', { how: 'apply', file: state.file })).ms);
		for (const { openings, server, doors } of measured) {
			const open = async (door: Door) => {
				const opened = await openOnce(
					server,
					openings.peer === GALLEY ? { how: 'our client', door } : { how: 'sync', door, annotations }
				);
				if (opened.annotations !== annotations)
					throw new Error(`${openings.peer.name}: ${opened.annotations} of ${annotations} annotations came.`);
				return opened;
			};
			await server.restart('SIGTERM');
			await wait(STARTED_MS);
			openings.first.push(await open(doors[0]!));
			if (openings.peer !== GALLEY) continue;
			await server.restart('SIGTERM');
			await wait(STARTED_MS);
			await openOnce(server, { how: 'our client', door: doors[1]! });
			openings.later.push(await open(doors[0]!));
		}
	}
	return { openings: measured.map(({ openings }) => openings), threads, apply, stateBytes: state.bytes };
}

/** The thread behind aside.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as Y from 'yjs';
import { layerRoom, textRoom } from '../src/lib/domain/room.ts';
import type { Connection } from '../src/lib/server/database.ts';
import {
	compactRoom,
	loadRoom,
	openLog,
	type Snapshot,
	type StoredRoom
} from '../src/lib/server/room-log.ts';
import { readStoredLayer, readStoredText } from '../src/lib/ydoc/stored.ts';
import type { Ask, Done, Task, Tasks } from './aside.ts';
import { cutUpdate, GapError, mergeUpdates } from './pieces.ts';

const pool = openLog(workerData as Connection);

type Promised<F> = F extends (ask: infer A) => infer R ? (ask: A) => Promise<R> : never;
const tasks: { [T in Task]: Promised<Tasks[T]> } = {
	async compact({ room }) {
		const stored = await loadRoom(pool, room);
		if (!stored || stored.tail.length === 0) return null;
		const snapshot = snapshotOf(stored);
		await compactRoom(pool, room, snapshot);
		const { state: _, ...head } = snapshot;
		return head;
	},

	async pieces({ room }) {
		const stored = await loadRoom(pool, room);
		return stored && { stored: headOf(stored), pieces: cutUpdate(mergeUpdates(updatesOf(stored))) };
	},

	async difference({ room, stateVector }) {
		const stored = await loadRoom(pool, room);
		return Y.diffUpdate(mergeUpdates(stored ? updatesOf(stored) : []), stateVector);
	},

	async read({ articleId, layer }) {
		const words = await loadRoom(pool, textRoom(articleId));
		const said = await loadRoom(pool, layerRoom(articleId, layer));
		const { text, rangeOf } = readStoredText(words ? updatesOf(words) : []);
		const { annotations, reactions } = readStoredLayer(said ? updatesOf(said) : []);
		return {
			text,
			annotations,
			reactions,
			places: new Map(annotations.map((one) => [one.id, rangeOf(one)]))
		};
	},

	async cut({ update, known }) {
		try {
			return cutUpdate(update, (client) => known.get(client) ?? 0);
		} catch (error) {
			return error instanceof GapError ? 'gap' : 'undecodable';
		}
	},

	async merge({ updates }) {
		return mergeUpdates(updates);
	}
};

function snapshotOf(stored: StoredRoom<Snapshot>): Snapshot {
	const doc = new Y.Doc();
	doc.transact(() => {
		for (const update of updatesOf(stored)) Y.applyUpdate(doc, update);
	});
	const state = Y.encodeStateAsUpdate(doc);
	const stateVector = Y.encodeStateVector(doc);
	return {
		number: stored.number,
		bytes: state.length,
		state: gzipSync(state),
		stateVector,
		// of what nobody lacks only the deletes are left
		deletes: Y.encodeStateAsUpdate(doc, stateVector)
	};
}

const updatesOf = ({ snapshot, tail }: StoredRoom<Snapshot>): Uint8Array[] => [
	...(snapshot ? [gunzipSync(snapshot.state)] : []),
	...tail.map(({ update }) => update)
];

function headOf({ number, snapshot, tail }: StoredRoom<Snapshot>): StoredRoom {
	if (!snapshot) return { number, snapshot, tail };
	const { state: _, ...head } = snapshot;
	return { number, snapshot: head, tail };
}

parentPort!.on('message', async ({ id, task, ask }: { id: number; task: Task; ask: Ask }) => {
	const done: Done = { id };
	try {
		done.answer = await (tasks[task] as (ask: Ask) => Promise<Done['answer']>)(ask);
	} catch (error) {
		done.error = error;
	}
	parentPort!.postMessage(done);
});

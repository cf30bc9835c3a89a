/** The thread behind aside.ts. */
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as Y from 'yjs';
import { describeLayer, layerHash, principalsOf, type SetLayer } from '../src/lib/domain/finished-set.ts';
import { layerRoom, textRoom } from '../src/lib/domain/room.ts';
import { buildThreads, isOpen } from '../src/lib/domain/thread.ts';
import type { Connection } from '../src/lib/server/database.ts';
import { sha256 } from '../src/lib/server/hash.ts';
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

/** of annotations, in one piece of JSON */
const ROWS = 500;

// those who are here go before; elsewhere than on Linux this would slow down the whole process
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

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

	async describe({ articleId, layer }) {
		const words = await loadRoom(pool, textRoom(articleId));
		const said = await loadRoom(pool, layerRoom(articleId, layer));
		const { text, rangeOf } = readStoredText(words ? updatesOf(words) : []);
		const live = readStoredLayer(said ? updatesOf(said) : []);
		const described = describeLayer({ layer, ...live, rangeOf }, text);
		return {
			text,
			layer,
			hash: layerHash(described, sha256),
			annotations: rowsOf(described),
			principals: [...new Set(principalsOf(described))],
			openThreads: buildThreads(live.annotations)
				.filter(isOpen)
				.map(({ root: { id, creator, exact, body } }) => ({ id, creator, exact, body }))
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

function rowsOf({ annotations }: SetLayer): string[] {
	const rows = annotations.map((annotation, index) => ({ ...annotation, index }));
	const parts = Array.from({ length: Math.ceil(rows.length / ROWS) }, (_, part) =>
		rows.slice(part * ROWS, (part + 1) * ROWS)
	);
	return parts.map((part) => JSON.stringify(part));
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

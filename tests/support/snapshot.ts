/** Compacts a room by hand: the snapshot that the server writes when a room has grown, of a room as small as one likes. */
import { gunzipSync, gzipSync } from 'node:zlib';
import * as Y from 'yjs';
import { compactRoom, loadRoom, openLog, type Snapshot } from '../../src/lib/server/room-log.ts';

export async function takeSnapshot(newsroom: { databaseUrl: string }, room: string): Promise<Snapshot> {
	const pool = openLog({ connectionString: newsroom.databaseUrl });
	try {
		const { number, snapshot, tail } = (await loadRoom(pool, room))!;
		const doc = new Y.Doc();
		if (snapshot) Y.applyUpdate(doc, gunzipSync(snapshot.state));
		for (const { update } of tail) Y.applyUpdate(doc, update);
		const state = Y.encodeStateAsUpdate(doc);
		const stateVector = Y.encodeStateVector(doc);
		const taken: Snapshot = {
			number,
			bytes: state.length,
			state: gzipSync(state),
			stateVector,
			deletes: Y.encodeStateAsUpdate(doc, stateVector)
		};
		await compactRoom(pool, room, taken);
		return taken;
	} finally {
		await pool.end();
	}
}

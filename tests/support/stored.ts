/** What stands in the log, read past every process. */
import { gunzipSync } from 'node:zlib';
import * as Y from 'yjs';
import { loadRoom, type LogPool } from '../../src/lib/server/room-log.ts';

/** The document of a room as it is on disk. */
export async function storedDoc(log: LogPool, room: string): Promise<Y.Doc> {
	const stored = await loadRoom(log, room);
	if (!stored) throw new Error(`There is no room ${room}.`);
	const doc = new Y.Doc();
	if (stored.snapshot) Y.applyUpdate(doc, gunzipSync(stored.snapshot.state));
	for (const { update } of stored.tail) Y.applyUpdate(doc, update);
	return doc;
}

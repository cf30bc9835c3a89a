/** The cache of rooms as a page of the tests holds it: bundled and run in the browser. */
import * as Y from 'yjs';
import type { RoomCache } from '../../src/lib/live/room-cache.ts';

export * from '../../src/lib/live/room-cache.ts';

/** An update that sets the key, of about so many bytes. */
export function update(key: string, bytes = 0): Uint8Array {
	const doc = new Y.Doc();
	doc.getMap('m').set(key, 'x'.repeat(bytes));
	return Y.encodeStateAsUpdate(doc);
}

/** The keys that are set in what is kept; null: nothing is kept. */
export async function keys(cache: RoomCache): Promise<string[] | null> {
	const kept = await cache.load();
	if (!kept) return null;
	const doc = new Y.Doc();
	for (const update of kept.updates) Y.applyUpdate(doc, update);
	return [...doc.getMap('m').keys()].sort();
}

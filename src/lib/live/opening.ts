/**
 * How a room's document gets what is stored before its socket is asked for the rest: from this browser's cache, and from the
 * server's snapshot where that is newer. Neither is needed: what is not got here, the socket gives. Runs in Node too.
 */
import * as Y from 'yjs';
import { heedClock } from './clock.ts';
import type { RoomCache } from './room-cache.ts';

export interface Opening {
	/** scheme://host:port */
	origin: string;
	room: string;
	/** the principal of the guest who asks; null: a member */
	guest: string | null;
	fetch: typeof fetch;
	/** null: there is none */
	cache: Pick<RoomCache, 'load' | 'put' | 'clear'> | null;
	/** the room is left: nothing more is brought in */
	signal?: AbortSignal;
}

/**
 * Fills the document, which nothing has been written to and which is not connected. Never throws: whatever fails here, the
 * socket tells it again, with a code for people.
 */
export async function openState(doc: Y.Doc, opening: Opening): Promise<void> {
	const { cache, signal } = opening;
	const cached = (await cache?.load()) ?? null;
	if (signal?.aborted) return;
	const asked = fetchSnapshot(opening, cached?.etag ?? null);
	const fromCache = cached !== null && apply(doc, cached.updates);
	const snapshot = await asked;
	if (signal?.aborted) return;
	if (snapshot === 'closed') return void cache?.clear();
	if (snapshot !== null && !apply(doc, [snapshot.update])) return;
	if (fromCache && snapshot === null) return;
	// nothing but what is stored has come into the document so far
	const state = fromCache ? Y.encodeStateAsUpdate(doc) : (snapshot?.update ?? null);
	void cache?.put(state, snapshot?.etag ?? null);
}

/** @returns false: they cannot be read, and have changed nothing */
function apply(doc: Y.Doc, updates: Uint8Array[]): boolean {
	try {
		for (const update of updates) Y.applyUpdate(doc, update);
		return true;
	} catch {
		return false;
	}
}

/** ms that the server may take to begin its answer; the socket is tried then */
const PATIENCE = 5000;
/** Answers that say that the room is not, or no longer, open to whoever asks. */
const CLOSED = [401, 403, 404];

/** The server's snapshot; null: there is none, or none newer, or no answer. */
async function fetchSnapshot(
	{ origin, room, guest, fetch, signal }: Opening,
	known: string | null
): Promise<{ update: Uint8Array; etag: string | null } | 'closed' | null> {
	const given = new AbortController();
	const giveUp = () => given.abort();
	signal?.addEventListener('abort', giveUp);
	const patience = setTimeout(giveUp, PATIENCE);
	try {
		const response = await fetch(`${origin}/api/v1/sync/${room}${guest ? `?as=${guest}` : ''}`, {
			headers: known === null ? {} : { 'if-none-match': known },
			// the cache for it is ours: it ends when somebody signs out
			cache: 'no-store',
			signal: given.signal
		});
		clearTimeout(patience);
		heedClock(response);
		if (CLOSED.includes(response.status)) return 'closed';
		if (response.status !== 200) return null;
		return { update: new Uint8Array(await response.arrayBuffer()), etag: response.headers.get('etag') };
	} catch {
		return null;
	} finally {
		clearTimeout(patience);
		signal?.removeEventListener('abort', giveUp);
	}
}

/**
 * What this browser keeps of rooms, so that opening them again asks only for what is newer: in IndexedDB, for each person and
 * room. It holds only what the server has stored. y-indexeddb keeps every update at once, a refused one too, which would then
 * come back with each reload; our unsaved work is kept as actions instead (work-store.ts, RULES.md, G13).
 *
 * Without IndexedDB, or with a full disk, nothing is kept and nobody is told. Tabs share what is kept: updates may be put in
 * twice and in any order. A tab whose room was cleared or replaced by another tab keeps nothing more.
 */
import * as Y from 'yjs';

export interface CachedRoom {
	/** Yjs updates, to be applied in this order */
	updates: Uint8Array[];
	/** of the newest of the server's snapshots that is in them */
	etag: string | null;
}

const NAME = 'galley';
const MOST_ROOMS = 60;
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_MS = 30 * 24 * 60 * 60 * 1000;
/** What came since is put together with what it came to once it is larger than this, and than this part of it. */
const FOLD_BYTES = 64 * 1024;
const FOLD_PART = 4;
/** ms after which a browser that does not open its database is taken for one that has none */
const PATIENCE = 2000;

/** What is known of a room without reading it. */
interface Entry {
	key: string;
	principal: string;
	/** made anew by each `put` */
	generation: string;
	etag: string | null;
	/** bytes */
	base: number;
	tail: number;
	/** ms since 1970 */
	used: number;
}

export class RoomCache {
	readonly #principal: string;
	readonly #key: string;
	/** of what this tab has read or put; null: it keeps nothing */
	#generation: string | null = null;

	constructor(principal: string, room: string) {
		this.#principal = principal;
		this.#key = `${principal} ${room}`;
	}

	/** What is kept of the room; null: nothing, or nothing that can be read. */
	load(): Promise<CachedRoom | null> {
		return quietly(async ({ rooms, states }) => {
			const entry = await read<Entry>(rooms, this.#key);
			if (!entry || Date.now() - entry.used > MOST_MS) return null;
			const parts = await Promise.all(PARTS.map((part) => read<Uint8Array>(states, `${this.#key} ${part}`)));
			rooms.put({ ...entry, used: Date.now() });
			this.#generation = entry.generation;
			return { updates: parts.filter((part) => part !== undefined), etag: entry.etag };
		}, null);
	}

	/** Replaces what is kept of the room. `state`: null, nothing yet; `etag` of the server's snapshot that is in it. */
	put(state: Uint8Array | null, etag: string | null): Promise<void> {
		const generation = (this.#generation = `${Date.now()} ${Math.random()}`);
		return this.#write(async (stores) => {
			remove(stores, this.#key);
			if (state) stores.states.put(state, `${this.#key} base`);
			const base = state?.length ?? 0;
			await keep(stores, {
				...{ key: this.#key, principal: this.#principal, generation, etag },
				...{ base, tail: 0, used: Date.now() }
			});
		});
	}

	/** Adds what the server has stored since. */
	async append(updates: Uint8Array[]): Promise<void> {
		const generation = this.#generation;
		if (generation === null || updates.length === 0) return;
		await this.#write(async (stores) => {
			const entry = await read<Entry>(stores.rooms, this.#key);
			if (entry?.generation !== generation) return this.#stop(generation);
			const tail = merge([await read(stores.states, `${this.#key} tail`), ...updates]);
			if (tail.length <= Math.max(FOLD_BYTES, entry.base / FOLD_PART)) {
				stores.states.put(tail, `${this.#key} tail`);
				return keep(stores, { ...entry, tail: tail.length, used: Date.now() });
			}
			const base = merge([await read(stores.states, `${this.#key} base`), tail]);
			stores.states.delete(`${this.#key} tail`);
			stores.states.put(base, `${this.#key} base`);
			await keep(stores, { ...entry, base: base.length, tail: 0, used: Date.now() });
		});
	}

	/** Forgets the room, for this tab and every other. */
	clear(): Promise<void> {
		this.#generation = null;
		return quietly(async (stores) => remove(stores, this.#key), undefined);
	}

	/** What cannot be kept whole is not kept: a gap would be asked for at each opening. */
	async #write(work: (stores: Stores) => Promise<void>): Promise<void> {
		const generation = this.#generation;
		if (await quietly((stores) => work(stores).then(() => true), false)) return;
		this.#stop(generation);
	}

	#stop(generation: string | null): void {
		if (this.#generation === generation) this.#generation = null;
	}
}

/** Forgets all rooms of somebody, as when they sign out. */
export const clearRooms = (principal: string): Promise<void> =>
	quietly(async (stores) => {
		for (const entry of await read<Entry[]>(stores.rooms))
			if (entry.principal === principal) remove(stores, entry.key);
	}, undefined);

const PARTS = ['base', 'tail'];

const merge = (updates: (Uint8Array | undefined)[]): Uint8Array =>
	Y.mergeUpdates(updates.filter((update) => update !== undefined));

interface Stores {
	rooms: IDBObjectStore;
	states: IDBObjectStore;
}

function remove({ rooms, states }: Stores, key: string): void {
	rooms.delete(key);
	for (const part of PARTS) states.delete(`${key} ${part}`);
}

/** Writes the entry; the rooms that were longest not used make way for it. */
async function keep(stores: Stores, entry: Entry): Promise<void> {
	stores.rooms.put(entry);
	let [rooms, bytes] = [0, 0];
	const entries = await read<Entry[]>(stores.rooms);
	for (const one of entries.sort((a, b) => b.used - a.used)) {
		bytes += one.base + one.tail;
		const stays = ++rooms <= MOST_ROOMS && bytes <= MOST_BYTES && entry.used - one.used < MOST_MS;
		if (!stays) remove(stores, one.key);
	}
}

/** One value, or without a key all of them. */
const read = <T>(store: IDBObjectStore, key?: string): Promise<T> =>
	new Promise((resolve, reject) => {
		const request = key === undefined ? store.getAll() : store.get(key);
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error);
	});

/** One transaction over both stores, all or nothing; `otherwise` when anything goes wrong. */
async function quietly<T>(work: (stores: Stores) => Promise<T>, otherwise: T): Promise<T> {
	try {
		const database = await open();
		if (!database) return otherwise;
		const transaction = database.transaction(['rooms', 'states'], 'readwrite');
		const done = new Promise<void>((resolve, reject) => {
			transaction.oncomplete = () => resolve();
			transaction.onabort = () => reject(transaction.error);
		});
		const stores = { rooms: transaction.objectStore('rooms'), states: transaction.objectStore('states') };
		const result = work(stores).catch((error) => {
			transaction.abort();
			throw error;
		});
		const [value] = await Promise.all([result, done]);
		return value;
	} catch {
		return otherwise;
	}
}

let opening: Promise<IDBDatabase | null> | null = null;

const open = (): Promise<IDBDatabase | null> => (opening ??= openDatabase().catch(() => null));

function openDatabase(): Promise<IDBDatabase | null> {
	return new Promise((resolve, reject) => {
		if (!globalThis.indexedDB) return resolve(null);
		setTimeout(() => resolve(null), PATIENCE);
		const request = indexedDB.open(NAME, 1);
		request.onupgradeneeded = () => {
			request.result.createObjectStore('rooms', { keyPath: 'key' });
			request.result.createObjectStore('states');
		};
		request.onerror = () => reject(request.error);
		request.onsuccess = () => {
			const database = request.result;
			// another version of Galley wants it, or the browser takes it away: it is opened again when it is needed
			const reopen = () => (opening = null);
			database.onclose = reopen;
			database.onversionchange = () => {
				database.close();
				reopen();
			};
			resolve(database);
		};
	});
}

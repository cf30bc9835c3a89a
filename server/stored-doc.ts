/** The Y.Doc of a room and its place in the log: filled from it, written into, stored, compacted. */
import * as Y from 'yjs';
import type { Change } from '../src/lib/domain/change.ts';
import { SERVER } from '../src/lib/domain/principal.ts';
import type { StoredRoom } from '../src/lib/server/room-log.ts';
import { ChangeRecorder } from './change-recorder.ts';
import type { UpdateLog } from './log.ts';
import type { Member, Turn } from './turn.ts';

const COMPACT_BYTES = 256 * 1024;
/** The state vector of an empty document. */
const NOTHING = Uint8Array.of(0);

/** Who writes, and by what name the log keeps it. */
interface Writing {
	principal: string;
	changes: Change[];
	member: Member | null;
}

export class StoredDoc {
	readonly #room: string;
	readonly #log: UpdateLog;
	/** the clientIDs under which this process writes for people and for itself */
	readonly #own = new Map<string, number>();
	#doc = new Y.Doc();
	#number = 0;
	/** bytes of the updates after the snapshot, and of the snapshot */
	#tailBytes = 0;
	#snapshotBytes = 0;
	/** the whole state, encoded for those who join, until the next commit */
	#encoded: Uint8Array | null = null;
	#clients = new Map<number, string>();

	constructor(room: string, log: UpdateLog) {
		this.#room = room;
		this.#log = log;
	}

	get doc(): Y.Doc {
		return this.#doc;
	}

	/** clientID → principal, of everybody who has ever written here, this turn included. */
	clients({ newClients }: Turn): ReadonlyMap<number, string> {
		return newClients.size > 0 ? new Map([...this.#clients, ...newClients]) : this.#clients;
	}

	/** Fills it from the log anew; false when there is no such room. */
	async load(): Promise<boolean> {
		const stored = await this.#log.load(this.#room);
		if (!stored) return false;
		this.#clients = await this.#log.clients(this.#room);
		this.#fill(stored);
		return true;
	}

	#fill({ number, updates, snapshotBytes, tailBytes }: StoredRoom): void {
		this.#doc.destroy();
		this.#doc = new Y.Doc();
		this.#doc.transact(() => {
			for (const update of updates) Y.applyUpdate(this.#doc, update);
		});
		this.#number = number;
		this.#tailBytes = tailBytes;
		this.#snapshotBytes = snapshotBytes;
		this.#encoded = null;
	}

	/** Applies what somebody sent; bytes and names go into the turn. */
	apply(turn: Turn, update: Uint8Array, writing: Writing): void {
		this.#keep(turn, writing, () => Y.applyUpdate(this.#doc, update));
	}

	/** Writes under a clientID that belongs to the principal [G10]. */
	write(turn: Turn, principal: string, write: (doc: Y.Doc) => void, changes: Change[] = []): void {
		const client = this.#clientOf(principal, turn);
		const before = this.#doc.clientID;
		this.#doc.clientID = client;
		const written = this.#keep(turn, { principal, changes, member: null }, () =>
			this.#doc.transact(() => write(this.#doc))
		);
		this.#doc.clientID = before;
		if (written && !this.#clients.has(client)) turn.newClients.set(client, principal);
	}

	/** Puts the turn on disk as one commit. @throws {AppendError} */
	async store(turn: Turn): Promise<void> {
		if (turn.updates.length === 0) return;
		const all = turn.updates.map(({ bytes }) => bytes);
		const update = all.length === 1 ? all[0]! : Y.mergeUpdates(all);
		const clients = [...turn.newClients].map(([clientId, principal]) => ({ clientId, principal }));
		const number = this.#number + 1;
		const { byServer, changes } = turn;
		await this.#log.append({ room: this.#room, number, update, byServer, changes, clients });
		turn.stored = update;
		this.#number = number;
		this.#tailBytes += update.length;
		this.#encoded = null;
		for (const { clientId, principal } of clients) this.#clients.set(clientId, principal);
	}

	/**
	 * What a document with this state vector lacks. To be asked between turns, when it is what is stored.
	 * @throws on bytes that are no state vector
	 */
	encode(stateVector: Uint8Array): Uint8Array {
		if (stateVector.length === 1 && stateVector[0] === 0)
			return (this.#encoded ??= Y.encodeStateAsUpdate(this.#doc));
		return Y.encodeStateAsUpdate(this.#doc, stateVector);
	}

	/** A snapshot when the updates after the last one outweigh it; nobody waits for it [S5]. */
	compact(): void {
		if (this.#tailBytes < Math.max(COMPACT_BYTES, this.#snapshotBytes)) return;
		const state = this.encode(NOTHING);
		this.#tailBytes = 0;
		this.#snapshotBytes = state.length;
		this.#log.compact(this.#room, this.#number, state).catch(() => {
			// the log is whole without it: the next time will do
		});
	}

	#clientOf(principal: string, turn: Turn): number {
		const ownerOf = (client: number) => this.#clients.get(client) ?? turn.newClients.get(client) ?? principal;
		let client = this.#own.get(principal);
		while (client === undefined || ownerOf(client) !== principal)
			client = crypto.getRandomValues(new Uint32Array(1))[0]!;
		this.#own.set(principal, client);
		return client;
	}

	/** Keeps what the change really did; whether there was anything. */
	#keep(turn: Turn, { principal, changes, member }: Writing, make: () => void): boolean {
		const recorder = new ChangeRecorder(this.#doc, principal, changes);
		const written: Uint8Array[] = [];
		const take = (update: Uint8Array) => void written.push(update);
		this.#doc.on('update', take);
		try {
			make();
		} finally {
			this.#doc.off('update', take);
		}
		turn.changes.push(...recorder.record());
		for (const bytes of written) turn.updates.push({ bytes, member });
		if (written.length > 0 && principal !== SERVER) turn.byServer = false;
		return written.length > 0;
	}
}

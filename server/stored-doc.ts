/** The Y.Doc of a room, decoded when it is first needed: filled from the log, written into, stored. */
import * as Y from 'yjs';
import { gunzipSync } from 'node:zlib';
import type { Change } from '../src/lib/domain/change.ts';
import type { LoggedChange } from '../src/lib/server/room-log.ts';
import { SERVER } from '../src/lib/domain/principal.ts';
import { finish, finishSlowly, stepping } from '../src/lib/server/steps.ts';
import type { Aside } from './aside.ts';
import { ChangeRecorder } from './change-recorder.ts';
import type { UncompressedSnapshot, UpdateLog } from './log.ts';
import type { Metrics } from './metrics.ts';
import { mergeUpdates } from './pieces.ts';
import type { StoredLog } from './stored-log.ts';
import type { Member, Turn } from './turn.ts';

/** A document up to this many bytes is decoded at once; larger ones in pieces. */
const SMALL = 512 * 1024;

/** Who writes, and by what name the log keeps it. */
interface Writing {
	principal: string;
	changes: Change[];
	member: Member | null;
}

interface Parts {
	log: UpdateLog;
	stored: StoredLog;
	aside: Aside;
	metrics: Metrics;
}

export class StoredDoc {
	readonly #room: string;
	readonly #log: UpdateLog;
	readonly #stored: StoredLog;
	readonly #aside: Aside;
	readonly #metrics: Metrics;
	/** the clientIDs under which this process writes for people and for itself */
	readonly #own = new Map<string, number>();
	#doc: Y.Doc | null = null;
	#clients = new Map<number, string>();

	constructor(room: string, { log, stored, aside, metrics }: Parts) {
		this.#room = room;
		this.#metrics = metrics;
		this.#log = log;
		this.#stored = stored;
		this.#aside = aside;
	}

	get isDecoded(): boolean {
		return this.#doc !== null;
	}

	/** To be asked for when it is decoded. */
	get doc(): Y.Doc {
		return this.#doc!;
	}

	/** clientID → principal, of everybody who has ever written here, this turn included. */
	clients({ newClients }: Turn): ReadonlyMap<number, string> {
		return newClients.size > 0 ? new Map([...this.#clients, ...newClients]) : this.#clients;
	}

	/**
	 * Fills it from the log, anew where it was filled before. Answers what other processes had appended by then, which nobody
	 * here has been told of; null when that is not there any more one by one.
	 */
	async decode(): Promise<Uint8Array[] | null> {
		const doc = new Y.Doc();
		const { stored, pieces } = await this.#read();
		for (const piece of pieces) {
			Y.applyUpdate(doc, piece);
			// other rooms have their turn
			if (pieces.length > 1) await new Promise(setImmediate);
		}
		this.#clients = await this.#log.clients(this.#room);
		const known = this.#stored.number;
		this.#stored.take(stored);
		this.drop();
		this.#doc = doc;
		this.#metrics.documents++;
		const foreign = stored.tail.filter(({ number }) => number > known);
		return foreign.length === stored.number - known ? foreign.map(({ update }) => update) : null;
	}

	/** Decoded, and small enough to be encoded in passing. */
	get isSmall(): boolean {
		return this.#doc !== null && this.#stored.bytes <= SMALL;
	}

	/** Everything that is stored, encoded: to be asked for between turns. */
	snapshot(): UncompressedSnapshot {
		const stateVector = Y.encodeStateVector(this.doc);
		const update = Y.encodeStateAsUpdate(this.doc);
		// of what nobody lacks only the deletes are left
		const deletes = Y.encodeStateAsUpdate(this.doc, stateVector);
		return { number: this.#stored.number, bytes: update.length, update, stateVector, deletes };
	}

	/** Lets go of it; the next who needs it decodes it again. */
	drop(): void {
		if (!this.#doc) return;
		this.#doc.destroy();
		this.#doc = null;
		this.#metrics.documents--;
	}

	async #read() {
		if (this.#stored.bytes > SMALL) {
			const read = await this.#aside.do('pieces', { room: this.#room });
			if (read) return read;
		}
		const whole = await this.#log.whole(this.#room);
		if (!whole) throw new Error(`The room ${this.#room} is gone.`);
		const { snapshot, tail } = whole;
		const updates = [...(snapshot ? [gunzipSync(snapshot.state)] : []), ...tail.map(({ update }) => update)];
		return { stored: whole, pieces: updates.length > 0 ? [mergeUpdates(updates)] : [] };
	}

	/** Applies what another process has stored. */
	applyForeign(update: Uint8Array): void {
		if (this.#doc) Y.applyUpdate(this.#doc, update);
	}

	/** Whatever `work` writes here becomes one update of the turn. */
	during(turn: Turn, work: () => void): void {
		if (!this.#doc) return work();
		const stop = this.#listen(turn);
		try {
			this.#doc.transact(work);
		} finally {
			stop();
		}
	}

	/** Applies what somebody sent, during a turn; its names go into the turn. */
	apply(turn: Turn, update: Uint8Array, { principal, changes, member }: Writing): void {
		const recorder = new ChangeRecorder(this.doc, principal, changes);
		Y.applyUpdate(this.doc, update);
		note(turn, { principal, changes: finish(recorder.record()), member });
	}

	/** The same of a large update in pieces, in steps; each piece is an update of the turn. */
	async applyPieces(
		turn: Turn,
		pieces: Uint8Array[],
		{ principal, changes, member }: Writing
	): Promise<void> {
		const recorder = new ChangeRecorder(this.doc, principal, changes);
		const stop = this.#listen(turn);
		try {
			await finishSlowly(stepping(pieces, (piece) => Y.applyUpdate(this.doc, piece), 1));
		} finally {
			stop();
		}
		note(turn, { principal, changes: await finishSlowly(recorder.record()), member });
	}

	/** Writes during a turn, under a clientID that belongs to the principal [G10]. */
	write(turn: Turn, principal: string, write: (doc: Y.Doc) => void, changes: Change[] = []): void {
		const client = this.#clientOf(principal, turn);
		const recorder = new ChangeRecorder(this.doc, principal, changes);
		const before = this.doc.clientID;
		this.doc.clientID = client;
		write(this.doc);
		this.doc.clientID = before;
		if (!this.#clients.has(client)) turn.newClients.set(client, principal);
		note(turn, { principal, changes: finish(recorder.record()), member: null });
	}

	#listen(turn: Turn): () => void {
		const { doc } = this;
		const take = (update: Uint8Array) => void turn.updates.push(update);
		doc.on('update', take);
		return () => doc.off('update', take);
	}

	/** Puts the turn on disk as one commit. @throws {AppendError} */
	async store(turn: Turn): Promise<void> {
		if (turn.updates.length === 0) return;
		const update = await this.#merge(turn.updates);
		const clients = [...turn.newClients].map(([clientId, principal]) => ({ clientId, principal }));
		const { byServer, changes } = turn;
		const number = this.#stored.number + 1;
		await this.#log.append({ room: this.#room, number, update, byServer, changes, clients });
		this.#stored.add(update);
		turn.stored = update;
		for (const { clientId, principal } of clients) this.#clients.set(clientId, principal);
	}

	async #merge(updates: Uint8Array[]): Promise<Uint8Array> {
		if (updates.length === 1) return updates[0]!;
		const bytes = updates.reduce((sum, { length }) => sum + length, 0);
		return bytes > SMALL ? this.#aside.do('merge', { updates }) : mergeUpdates(updates);
	}

	/** Reads again whose the clientIDs are; false when one of the turn's has become somebody else's [G10, C2]. */
	async readClients(turn: Turn): Promise<boolean> {
		this.#clients = await this.#log.clients(this.#room);
		for (const [client, principal] of turn.newClients) {
			const owner = this.#clients.get(client);
			if (owner === principal) turn.newClients.delete(client);
			else if (owner !== undefined) return false;
		}
		return true;
	}

	#clientOf(principal: string, turn: Turn): number {
		const ownerOf = (client: number) => this.#clients.get(client) ?? turn.newClients.get(client) ?? principal;
		let client = this.#own.get(principal);
		while (client === undefined || ownerOf(client) !== principal)
			client = crypto.getRandomValues(new Uint32Array(1))[0]!;
		this.#own.set(principal, client);
		return client;
	}
}

function note(
	turn: Turn,
	written: { principal: string; changes: LoggedChange[]; member: Member | null }
): void {
	turn.changes.push(...written.changes);
	turn.writers.add(written.member);
	if (written.principal !== SERVER) turn.byServer = false;
}

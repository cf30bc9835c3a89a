/**
 * A room as it is stored: its snapshot, undecoded, and the updates after it. Enough to let people in and to tell them what
 * they lack; the document is decoded only when somebody writes or reads it on the server (stored-doc.ts).
 */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import * as Y from 'yjs';
import type { LoggedUpdate, SnapshotHead, StoredRoom } from '../src/lib/server/room-log.ts';
import type { UpdateLog } from './log.ts';
import { mergeUpdates } from './pieces.ts';

const inflate = promisify(gunzip);

/** What is added to each update's bytes when the tail is weighed: many small ones are slow to read, too. */
const UPDATE_WEIGHT = 64;
/** The tail is compacted when it weighs more than this, and more than an eighth of the snapshot. */
const COMPACT_WEIGHT = 128 * 1024;
/** A room that nobody is in any more is compacted from here on, so that it opens with a short tail. */
const LEFT_WEIGHT = 16 * 1024;
/** An answer to a client larger than this is not looked into: it may hold something new. */
const MAX_GLANCE = 64 * 1024;
/** ms for which a decompressed snapshot is kept for the next who joins */
const KEEP_STATE_MS = 10_000;

type Ranges = Map<number, { clock: number; len: number }[]>;

export class StoredLog {
	readonly #room: string;
	readonly #log: UpdateLog;
	#number = 0;
	#snapshot: SnapshotHead | null = null;
	#tail: LoggedUpdate[] = [];
	#weight = 0;
	#bytes = 0;
	/** of everything stored, up to the number it was made at */
	#vector: { number: number; clocks: Map<number, number> } = { number: 0, clocks: new Map() };
	#merged: { number: number; update: Uint8Array } | null = null;
	#deletes: { number: number; ranges: Ranges } | null = null;
	#state: { number: number; bytes: Promise<Uint8Array> } | null = null;

	constructor(room: string, log: UpdateLog) {
		this.#room = room;
		this.#log = log;
	}

	/** of the last update */
	get number(): number {
		return this.#number;
	}

	/** Something has been stored since the snapshot. */
	get hasTail(): boolean {
		return this.#tail.length > 0;
	}

	/** of the encoded document, about: what has been written over since the snapshot counts too */
	get bytes(): number {
		return this.#bytes;
	}

	/** Reads snapshot head and tail; false when there is no such room. */
	async open(): Promise<boolean> {
		const stored = await this.#log.head(this.#room);
		if (stored) this.take(stored);
		return stored !== null;
	}

	/** Takes over what has been read from the log. */
	take({ number, snapshot, tail }: StoredRoom): void {
		this.#number = number;
		this.#snapshot = snapshot && {
			number: snapshot.number,
			bytes: snapshot.bytes,
			stateVector: snapshot.stateVector,
			deletes: snapshot.deletes
		};
		this.#vector = {
			number: snapshot?.number ?? 0,
			clocks: snapshot ? Y.decodeStateVector(snapshot.stateVector) : new Map()
		};
		this.#merged = this.#deletes = null;
		this.#tail = [];
		this.#weight = 0;
		this.#bytes = snapshot?.bytes ?? 0;
		for (const one of tail) this.#keep(one);
	}

	/** An update has been stored under the next number. */
	add(update: Uint8Array): void {
		this.#keep({ number: ++this.#number, update });
	}

	#keep(one: LoggedUpdate): void {
		this.#tail.push(one);
		this.#weight += one.update.length + UPDATE_WEIGHT;
		this.#bytes += one.update.length;
	}

	/** Whether the tail is due for compaction; `left`: nobody is here any more. */
	isHeavy(left = false): boolean {
		if (left) return this.#weight > LEFT_WEIGHT;
		return this.#weight > Math.max(COMPACT_WEIGHT, (this.#snapshot?.bytes ?? 0) / 8);
	}

	/** A snapshot has been written: what it holds leaves memory. */
	compacted(snapshot: SnapshotHead): void {
		if (snapshot.number <= (this.#snapshot?.number ?? 0) || snapshot.number > this.#number) return;
		const tail = this.#tail.filter(({ number }) => number > snapshot.number);
		this.take({ number: this.#number, snapshot, tail });
	}

	/** clientID → clock, of everything stored. */
	vector(): ReadonlyMap<number, number> {
		const { clocks } = this.#vector;
		for (const { number, update } of this.#tail) {
			if (number <= this.#vector.number) continue;
			for (const [client, clock] of Y.parseUpdateMeta(update).to)
				if (clock > (clocks.get(client) ?? 0)) clocks.set(client, clock);
		}
		this.#vector.number = this.#number;
		return clocks;
	}

	/** What a document with this state vector lacks, all deletes with it; null: it lacks some of the snapshot. */
	lackedBy(stateVector: Uint8Array): Uint8Array | null {
		if (this.#snapshot && !covers(Y.decodeStateVector(stateVector), this.#snapshot.stateVector)) return null;
		const recent = this.recent();
		// who has nothing lacks all of it
		return stateVector.length === 1 ? recent : Y.diffUpdate(recent, stateVector);
	}

	/** The tail and every delete, as one update. */
	recent(): Uint8Array {
		const merged = this.#merged;
		if (merged?.number === this.#number) return merged.update;
		const added = this.#tail.slice(merged ? merged.number - this.#number : 0).map(({ update }) => update);
		const before = merged?.update ?? this.#snapshot?.deletes;
		const update = mergeUpdates(before ? [before, ...added] : added);
		this.#merged = { number: this.#number, update };
		return update;
	}

	/** The snapshot's update, decompressed, or null without one. A tail that is newer than it follows with `recent()`. */
	async state(): Promise<Uint8Array | null> {
		if (!this.#snapshot) return null;
		if (this.#state?.number !== this.#snapshot.number) {
			const bytes = this.#readState();
			const kept = (this.#state = { number: this.#snapshot.number, bytes });
			const forget = () => {
				if (this.#state === kept) this.#state = null;
			};
			bytes.then(() => setTimeout(forget, KEEP_STATE_MS).unref(), forget);
		}
		return this.#state!.bytes;
	}

	/** Whether an update holds nothing that is not stored, as far as a glance tells: false may still be nothing new. */
	knows(update: Uint8Array): boolean {
		if (update.length > MAX_GLANCE) return false;
		try {
			const { structs, ds } = Y.decodeUpdate(update);
			const vector = this.vector();
			return (
				structs.every((struct) => struct.id.clock + struct.length <= (vector.get(struct.id.client) ?? 0)) &&
				isWithin(Y.mergeDeleteSets([ds]).clients, this.#deleted())
			);
		} catch {
			return false;
		}
	}

	#deleted(): Ranges {
		if (this.#deletes?.number !== this.#number)
			this.#deletes = {
				number: this.#number,
				ranges: Y.mergeDeleteSets([Y.decodeUpdate(this.recent()).ds]).clients
			};
		return this.#deletes.ranges;
	}

	async #readState(): Promise<Uint8Array> {
		const stored = await this.#log.snapshot(this.#room);
		if (!stored) throw new Error(`The snapshot of ${this.#room} is gone.`);
		return inflate(stored.state);
	}
}

function covers(clocks: Map<number, number>, stateVector: Uint8Array): boolean {
	for (const [client, clock] of Y.decodeStateVector(stateVector))
		if ((clocks.get(client) ?? 0) < clock) return false;
	return true;
}

/** Both sorted and merged. */
function isWithin(some: Ranges, all: Ranges): boolean {
	for (const [client, ranges] of some) {
		const known = all.get(client) ?? [];
		let at = 0;
		for (const { clock, len } of ranges) {
			while (at < known.length && known[at]!.clock + known[at]!.len < clock + len) at++;
			if (at === known.length || known[at]!.clock > clock) return false;
		}
	}
	return true;
}

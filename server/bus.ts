/**
 * Room traffic between processes: in memory here, over Redis in redis-bus.ts. All of it is hints: whoever misses one loses
 * nothing, since the log is the truth [C2].
 */
import { randomUUID } from 'node:crypto';

/** What processes tell each other. */
export type Hint =
	/** the room's log has grown to this number */
	| { kind: 'grown'; room: string; number: number }
	/** what members of the room on the process that says so show now, as an encoded awareness update */
	| { kind: 'presence'; room: string; update: Uint8Array }
	/** clients, as entries without a state, that were taken to have left: who is there after all is to say so again */
	| { kind: 'left'; room: string; update: Uint8Array }
	/** a process has opened the room: who else is in it? */
	| { kind: 'who'; room: string }
	/** there are new notices in the database */
	| { kind: 'notice' };

export interface Bus {
	/** no other process can be there */
	readonly isAlone: boolean;
	/** false while hints may be lost: then the database is asked instead [C3] */
	readonly connected: boolean;
	/** Tells the other processes; never throws, and keeps nothing for later. Hints about a room reach those that listen to it. */
	publish(hint: Hint): void;
	/** Soon hints of other processes about this room arrive: `onListening` says from when. */
	listen(room: string): void;
	unlisten(room: string): void;
	/** Called for each hint of another process, `from` being its id, new at each start. */
	onHint: (hint: Hint, from: string) => void;
	/** Called when another process has ended or has been silent for some seconds: who was there is not there any more. */
	onGone: (process: string) => void;
	/** From now on hints about these rooms arrive; earlier ones may be lost. Called after `listen`, and when the connection is back. */
	onListening: (rooms: string[]) => void;
	close(): Promise<void>;
}

/** Joins processes that live in one: a process of its own has a hub to itself. `cut` is what Redis away is to one of them. */
export class MemoryHub {
	readonly #buses = new Set<MemoryBus>();

	join(): MemoryBus {
		const bus = new MemoryBus(this.#buses);
		this.#buses.add(bus);
		return bus;
	}
}

export class MemoryBus implements Bus {
	readonly #id = randomUUID();
	readonly #all: Set<MemoryBus>;
	readonly #rooms = new Set<string>();
	#cut = false;
	onHint: Bus['onHint'] = () => {};
	onGone: Bus['onGone'] = () => {};
	onListening: Bus['onListening'] = () => {};

	constructor(all: Set<MemoryBus>) {
		this.#all = all;
	}

	get connected(): boolean {
		return !this.#cut;
	}

	get isAlone(): boolean {
		return this.#all.size === 1;
	}

	publish(hint: Hint): void {
		for (const other of this.#others())
			queueMicrotask(() => {
				if (!other.#cut && ('room' in hint ? other.#rooms.has(hint.room) : this.#all.has(other)))
					other.onHint(hint, this.#id);
			});
	}

	listen(room: string): void {
		this.#rooms.add(room);
		// one that is cut off says so when it is back
		if (this.#cut) return;
		queueMicrotask(() => {
			if (this.#rooms.has(room)) this.onListening([room]);
		});
	}

	unlisten(room: string): void {
		this.#rooms.delete(room);
	}

	/** Its connection is away: to the others it is silent, and they to it. */
	cut(): void {
		for (const other of this.#others()) {
			other.onGone(this.#id);
			this.onGone(other.#id);
		}
		this.#cut = true;
	}

	restore(): void {
		this.#cut = false;
		this.onListening([...this.#rooms]);
	}

	async close(): Promise<void> {
		for (const other of this.#others()) other.onGone(this.#id);
		this.#all.delete(this);
		this.#rooms.clear();
	}

	#others(): MemoryBus[] {
		return this.#cut ? [] : [...this.#all].filter((other) => other !== this && !other.#cut);
	}
}

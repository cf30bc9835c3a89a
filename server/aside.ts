/**
 * Work on whole documents, done aside: in a thread of its own with its own connection to the database, so that no room waits
 * for it [R5]. The thread ends when nothing has been asked of it for a while: what it needed in memory is given back.
 */
import { Worker } from 'node:worker_threads';
import type { Connection } from '../src/lib/server/database.ts';
import type { SnapshotHead, StoredRoom } from '../src/lib/server/room-log.ts';
import type { DescribedLayer } from '../src/lib/server/runtime.ts';

/** What can be asked, with its answer. */
export interface Tasks {
	/** Writes a snapshot of all that is stored of the room; what is to be known of it, or null: there is nothing to compact. */
	compact: (ask: { room: string }) => SnapshotHead | null;
	/** The room as stored, with its document in pieces that can be applied one by one. */
	pieces: (ask: { room: string }) => { stored: StoredRoom; pieces: Uint8Array[] } | null;
	/** What a document with this state vector lacks of what is stored. */
	difference: (ask: { room: string; stateVector: Uint8Array }) => Uint8Array;
	/** Text and layer of an article as stored, as a finished set takes them in. */
	describe: (ask: { articleId: string; layer: string }) => DescribedLayer;
	/** An update in such pieces, for a document that has the clocks of `known`; or why it is none. */
	cut: (ask: {
		update: Uint8Array;
		known: ReadonlyMap<number, number>;
	}) => Uint8Array[] | 'gap' | 'undecodable';
	merge: (ask: { updates: Uint8Array[] }) => Uint8Array;
}

export type Task = keyof Tasks;
export type Ask<T extends Task = Task> = Parameters<Tasks[T]>[0];
export type Answer<T extends Task = Task> = ReturnType<Tasks[T]>;
/** What the thread posts back. */
export interface Done {
	id: number;
	answer?: Answer;
	error?: unknown;
}

const REST_MS = 20_000;
const FILE = new URL('./aside-worker.ts', import.meta.url);

export class Aside {
	readonly #connection: Connection;
	readonly #asked = new Map<number, { done: (answer: never) => void; failed: (error: unknown) => void }>();
	#worker: Worker | null = null;
	#rest: NodeJS.Timeout | undefined;
	#lastId = 0;

	constructor(connection: Connection) {
		this.#connection = connection;
	}

	do<T extends Task>(task: T, ask: Ask<T>): Promise<Answer<T>> {
		clearTimeout(this.#rest);
		const worker = (this.#worker ??= this.#start());
		return new Promise<Answer<T>>((done, failed) => {
			const id = ++this.#lastId;
			this.#asked.set(id, { done, failed });
			worker.postMessage({ id, task, ask });
		});
	}

	async close(): Promise<void> {
		clearTimeout(this.#rest);
		await this.#worker?.terminate();
	}

	#start(): Worker {
		const worker = new Worker(FILE, { workerData: this.#connection });
		worker.unref();
		worker.on('message', ({ id, answer, error }: Done) => {
			const asked = this.#asked.get(id);
			this.#asked.delete(id);
			if (error === undefined) asked?.done(answer as never);
			else asked?.failed(error);
			if (this.#asked.size === 0) this.#rest = setTimeout(() => void worker.terminate(), REST_MS).unref();
		});
		worker.on('error', (error) => this.#ended(worker, error));
		worker.on('exit', () => this.#ended(worker, new Error('The thread has ended.')));
		return worker;
	}

	#ended(worker: Worker, error: unknown): void {
		if (this.#worker !== worker) return;
		this.#worker = null;
		for (const { failed } of this.#asked.values()) failed(error);
		this.#asked.clear();
	}
}

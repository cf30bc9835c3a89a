/** One of the random peers: a stock provider, and around it what our client does [G13]. */
import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';
import { CLOSE } from '../../src/lib/domain/close-codes.ts';
import type { Person } from '../support/crowd.ts';
import type { Random } from '../support/seeded.ts';
import { join, type Joined } from '../support/sockets.ts';

const SAVED = 100;

/** Where the newsroom can be reached, and who is in it. */
export interface Grounds {
	origins: string[];
	room: string;
	people: Person[];
}

interface Action {
	/** does it in a document, where it may have been done before */
	change(doc: Y.Doc): void;
	refused: boolean;
	/** it is saved when the server has this client's structs up to here; null: not done in this document */
	clock: number | null;
}

export class Peer {
	readonly person: Person;
	readonly #grounds: Grounds;
	readonly #random: Random;
	#joined: Joined;
	#work: Action[] = [];
	#hasAnswer = false;
	#refusal = 'never refused';
	/** until the server has closed the connection because of what was forged */
	awaitsRefusal = false;
	refusals = 0;

	constructor(person: Person, grounds: Grounds, random: Random) {
		this.person = person;
		this.#grounds = grounds;
		this.#random = random;
		this.#joined = this.#enter();
	}

	get doc(): Y.Doc {
		return this.#joined.doc;
	}
	get isIn(): boolean {
		return this.#joined.provider.synced;
	}
	/** in, and everything is known to be saved */
	get isSettled(): boolean {
		return this.isIn && this.#work.length === 0 && !this.awaitsRefusal;
	}

	toString(): string {
		const where = this.isIn ? 'in' : this.#joined.provider.wsconnected ? 'connected' : 'not connected';
		const waits = this.awaitsRefusal ? ', awaits a refusal' : '';
		return `${this.person.principal}: ${where}, ${this.#work.length} actions not saved, ${this.#refusal}${waits}`;
	}

	/** What is done before the first answer waits for it, as the editor does. */
	act(change: (doc: Y.Doc) => void, refused = false): void {
		const action: Action = { change, refused, clock: null };
		this.#work.push(action);
		this.awaitsRefusal ||= refused;
		if (this.#hasAnswer) this.#do(action);
	}

	disconnect(): void {
		this.#joined.provider.disconnect();
	}

	connect(): void {
		this.#joined.provider.connect();
	}

	/** Loses the connection; the provider comes back by itself. */
	drop(): void {
		(this.#joined.provider.ws as unknown as { terminate(): void } | null)?.terminate();
	}

	/** Closes the page and opens it again, at any of the processes: an empty document, and the work that was kept. */
	reopen(): void {
		this.close();
		this.#joined = this.#enter();
	}

	close(): void {
		this.#joined.provider.destroy();
		this.#joined.doc.destroy();
	}

	#enter(): Joined {
		const { origins, room } = this.#grounds;
		const joined = join({ origin: this.#random.pick(origins) }, this.person, room);
		const { doc, provider } = joined;
		this.#hasAnswer = false;
		for (const action of this.#work) action.clock = null;
		provider.messageHandlers[SAVED] = (_encoder, decoder) => {
			const stored = Y.decodeStateVector(decoding.readVarUint8Array(decoder)).get(doc.clientID) ?? 0;
			// what only deletes has no clock of its own, but what is refused is never saved
			const waits = ({ clock, refused }: Action) => refused || clock === null || clock > stored;
			if (this.#joined === joined) this.#work = this.#work.filter(waits);
		};
		provider.on('status', ({ status }) => {
			if (status === 'connected') provider.ws?.send(Uint8Array.of(SAVED));
		});
		void joined.synced.then(() => {
			if (this.#joined !== joined) return;
			this.#hasAnswer = true;
			for (const action of [...this.#work]) this.#do(action);
		});
		provider.on('closed', ({ code, reason }) => {
			if (this.#joined !== joined) return;
			this.#refusal = `refused last: ${reason}`;
			if (code !== CLOSE.notAllowed) throw new Error(`The server closed the connection with ${code}.`);
			if (this.awaitsRefusal) this.refusals++;
			this.awaitsRefusal = false;
			this.#work = this.#work.filter(({ refused }) => !refused);
			this.reopen();
		});
		return joined;
	}

	#do(action: Action): void {
		const before = Y.getState(this.doc.store, this.doc.clientID);
		this.doc.transact(() => action.change(this.doc));
		action.clock = Y.getState(this.doc.store, this.doc.clientID);
		// it is there already: its `saved` was lost on the way
		if (action.clock === before && !action.refused) this.#work.splice(this.#work.indexOf(action), 1);
	}
}

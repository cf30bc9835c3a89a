/** What a room says to those who come in, and to those who ask what they lack: only what is stored [R1, S1]. */
import * as Y from 'yjs';
import { CLOSE } from '../src/lib/domain/close-codes.ts';
import type { Aside } from './aside.ts';
import { encodeStep2, encodeUpdate } from './protocol.ts';
import type { StoredDoc } from './stored-doc.ts';
import type { StoredLog } from './stored-log.ts';
import type { Member } from './turn.ts';

interface Parts {
	stored: StoredLog;
	document: StoredDoc;
	aside: Aside;
}

export class RoomAnswers {
	readonly #room: string;
	readonly #stored: StoredLog;
	readonly #document: StoredDoc;
	readonly #aside: Aside;

	constructor(room: string, { stored, document, aside }: Parts) {
		this.#room = room;
		this.#stored = stored;
		this.#document = document;
		this.#aside = aside;
	}

	/** of everything stored */
	stateVector(): Uint8Array {
		return this.#document.isDecoded
			? Y.encodeStateVector(this.#document.doc)
			: Y.encodeStateVector(new Map(this.#stored.vector()));
	}

	/** A client that has the snapshot gets what is newer; one that has nothing gets the snapshot before it. */
	toStep1(member: Member, stateVector: Uint8Array): void | Promise<void> {
		let lacked;
		try {
			lacked = this.#stored.lackedBy(stateVector);
		} catch {
			return member.close(CLOSE.undecodable, 'undecodable state vector');
		}
		if (lacked) return member.send(encodeStep2(lacked));
		return this.#whole(member, stateVector);
	}

	async #whole(member: Member, stateVector: Uint8Array): Promise<void> {
		if (stateVector.length === 1) {
			const state = await this.#stored.state();
			if (state) member.sendOpening(stateFrame(state));
			// synced only when all of it is there
			member.send(encodeStep2(this.#stored.recent()));
		} else if (this.#document.isDecoded)
			member.send(encodeStep2(Y.encodeStateAsUpdate(this.#document.doc, stateVector)));
		else member.send(encodeStep2(await this.#aside.do('difference', { room: this.#room, stateVector })));
	}
}

const stateFrames = new WeakMap<Uint8Array, Uint8Array>();

/** The same for all who come in while it is kept. */
function stateFrame(state: Uint8Array): Uint8Array {
	let frame = stateFrames.get(state);
	if (!frame) stateFrames.set(state, (frame = encodeUpdate(state)));
	return frame;
}

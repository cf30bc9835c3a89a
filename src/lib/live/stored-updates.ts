/**
 * What came into a document since it was opened and is known to be stored: all that the server sent, and of our own work
 * what its `saved` has confirmed. Only this may go into the cache: a refused update must not come back from there.
 */
import type { Signal, Wire } from './wire.ts';

interface Own {
	update: Uint8Array;
	/** the frame of this connection that carries it; null: not sent yet */
	frame: number | null;
}

export class StoredUpdates {
	#own: Own[] = [];
	#stored: Uint8Array[] = [];

	/** The server has sent it. */
	received(update: Uint8Array): void {
		this.#stored.push(update);
	}

	/** It was done here; called before its frame is sent. */
	did(update: Uint8Array): void {
		this.#own.push({ update, frame: null });
	}

	/** A frame was sent or stored, or the connection has ended; `wire` as it is since then. */
	wired(wire: Wire, { kind }: Signal): void {
		if (kind === 'close') this.#own = this.#own.map(({ update }) => ({ update, frame: null }));
		if (kind === 'step' || kind === 'update')
			this.#own = this.#own.map((one) => ({ ...one, frame: one.frame ?? wire.sent }));
		if (kind !== 'stored') return;
		const isStored = ({ frame }: Own) => frame !== null && frame <= wire.stored;
		this.#stored.push(...this.#own.filter(isStored).map(({ update }) => update));
		this.#own = this.#own.filter((one) => !isStored(one));
	}

	/** Takes what has come together. */
	take(): Uint8Array[] {
		return this.#stored.splice(0);
	}
}

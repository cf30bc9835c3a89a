/** Whether keys without Ctrl, Cmd or Alt do something: whoever speaks to their machine may want them off. Kept in this browser. */
import { readKept, writeKept } from '#lib/live/kept.ts';

const KEPT = 'galley.single-keys';

class SingleKeys {
	#on = $state<boolean | null>(null);

	get on(): boolean {
		return this.#on ?? readKept<boolean>(KEPT) ?? true;
	}
	set on(on: boolean) {
		this.#on = on;
		writeKept(KEPT, on ? null : false);
	}
}

export const singleKeys = new SingleKeys();

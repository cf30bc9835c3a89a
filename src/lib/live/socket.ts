/** A WebSocket that knows which of its frames hold updates (RULES.md, S2). */
import type { Signal } from './wire.ts';

const SYNC = 0;
const STEP_2 = 1;
const UPDATE = 2;
/** the message type of `saved` */
export const SAVED = 100;
/** and of: you may do other things than before */
export const RIGHTS = 101;
/** and of: the newsroom's labels are others */
export const LABELS = 102;

/**
 * @param writes false: nothing that could change the room leaves, whatever the editor does to its copy
 * @param signal told of everything that counts
 */
export function countingSocket(writes: boolean, signal: (signal: Signal) => void): typeof WebSocket {
	return class extends WebSocket {
		#stepped = false;

		constructor(url: string | URL, protocols?: string | string[]) {
			super(url, protocols);
			// comes before the provider's own handler, so that `saved` counts from the first frame
			this.addEventListener('open', () => {
				signal({ kind: 'open' });
				super.send(new Uint8Array([SAVED]));
				super.send(new Uint8Array([LABELS]));
			});
		}

		override send(data: Uint8Array<ArrayBuffer>): void {
			const kind = data[0] === SYNC ? data[1] : undefined;
			if (kind !== STEP_2 && kind !== UPDATE) return super.send(data);
			if (!writes) return;
			// An update before the first step 2 may stand on work that the server lacks, and would be refused as a
			// gap. The step 2 to come holds it too.
			if (kind === UPDATE && !this.#stepped) return;
			super.send(data);
			if (kind === STEP_2) this.#stepped = true;
			signal({ kind: kind === STEP_2 ? 'step' : 'update' });
		}
	};
}

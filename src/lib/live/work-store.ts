/** Keeps work over a reload or a crash, for each person and room: nobody's words go out under another's name. */
import { keysOf } from './kept.ts';
import { decode, encode, type Action, type Refused } from './work.ts';

export interface Kept {
	work: Action[];
	refused: Refused[];
}

/** The places that this page has held, and when it lets go of them: the locks would tell a moment later. */
const here = new Map<string, Promise<void>>();

/** What this tab keeps. Other tabs have a place of their own; that of a dead tab is taken over. */
export class WorkStore {
	#prefix: string;
	#key: string;
	#release: () => void = () => {};
	#closed = false;

	constructor(principal: string, room: string, tab: string = crypto.randomUUID()) {
		this.#prefix = `galley.work ${principal} ${room} `;
		this.#key = this.#prefix + tab;
		const lived = new Promise<void>((resolve) => (this.#release = resolve));
		here.set(this.#key, lived);
		// held as long as the tab lives, which is how others know
		void globalThis.navigator?.locks?.request(this.#key, () => lived);
	}

	/** Full storage is no reason to stop: the work stays in memory. @returns whether it outlives the page */
	keep(kept: Kept): boolean {
		// what comes after is another's to keep
		if (this.#closed) return true;
		const nothing = kept.work.length + kept.refused.length === 0;
		try {
			if (nothing) localStorage.removeItem(this.#key);
			else localStorage.setItem(this.#key, encode(kept));
			return true;
		} catch {
			return nothing;
		}
	}

	/** Takes what tabs that are gone have left. */
	async adopt(): Promise<Kept> {
		const found: Kept = { work: [], refused: [] };
		for (const key of keysOf(() => localStorage)) {
			if (!key.startsWith(this.#prefix) || key === this.#key) continue;
			const leaving = here.get(key);
			if (leaving) await leaving;
			else if (await isHeld(key)) continue;
			const kept = read(localStorage.getItem(key));
			localStorage.removeItem(key);
			found.work.push(...kept.work);
			found.refused.push(...kept.refused);
		}
		return found;
	}

	close(): void {
		this.#closed = true;
		this.#release();
	}
}

function read(json: string | null): Kept {
	try {
		const { work, refused } = decode(json ?? '') as Kept;
		return { work, refused };
	} catch {
		return { work: [], refused: [] };
	}
}

/** Whether a living tab holds it. Without locks (plain http on a network) no one is known to. */
async function isHeld(key: string): Promise<boolean> {
	const locks = globalThis.navigator?.locks;
	if (!locks) return false;
	return locks.request(key, { ifAvailable: true }, (lock) => lock === null);
}

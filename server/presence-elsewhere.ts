/** Who is in a room on other processes, as each of them says of its own members: it vouches for who they are [R7, C1]. */
import { encodePresence, NO_STATE, readPresence, type PresenceEntry } from './protocol.ts';

export interface There extends PresenceEntry {
	principal: string;
}

/** What has changed: who shows what now, and who is not there any more. */
export interface News {
	here: There[];
	left: There[];
}

export class PresenceElsewhere {
	readonly #processes = new Map<string, Map<number, There>>();
	/** everybody, encoded; undefined after a change */
	#everybody: Uint8Array | null | undefined = null;

	/** What a process says replaces what it said before: who is not in it has left. */
	take(process: string, update: Uint8Array): News {
		const before = this.#processes.get(process);
		const now = new Map<number, There>();
		const here: There[] = [];
		for (const { client, clock, state } of readPresence(update)) {
			const known = before?.get(client);
			if (known && clock <= known.clock) {
				now.set(client, known);
				continue;
			}
			const json = state.toString();
			const entry = { client, clock, json, principal: known?.principal ?? principalOf(json) };
			now.set(client, entry);
			here.push(entry);
		}
		return { here, left: this.#replace(process, now) };
	}

	/** Nobody is there any more. */
	forget(process: string): News {
		return { here: [], left: this.#replace(process, new Map()) };
	}

	/** What is known of an awareness client; undefined: no other process knows it. */
	get(client: number): There | undefined {
		for (const there of this.#processes.values()) {
			const known = there.get(client);
			if (known) return known;
		}
		return undefined;
	}

	/** Everybody who is elsewhere, for one who joins; null when nobody is. */
	everybody(): Uint8Array | null {
		if (this.#everybody === undefined) {
			const all = [...this.#processes.values()].flatMap((there) => [...there.values()]);
			this.#everybody = all.length > 0 ? encodePresence(all) : null;
		}
		return this.#everybody;
	}

	#replace(process: string, now: Map<number, There>): There[] {
		const before = this.#processes.get(process);
		if (now.size > 0) this.#processes.set(process, now);
		else this.#processes.delete(process);
		this.#everybody = undefined;
		const left: There[] = [];
		for (const was of before?.values() ?? [])
			// somebody who has gone over to another process is still there
			if (!this.get(was.client)) left.push({ ...was, clock: was.clock + 1, json: NO_STATE });
		return left;
	}
}

const principalOf = (json: string): string =>
	(JSON.parse(json) as { user: { principal: string } }).user.principal;

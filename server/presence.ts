/** Who is in a room: the server's word on who somebody is, never stored [R7, R8]. */
import { colorOf } from '../src/lib/domain/principal.ts';
import type { Actor } from '../src/lib/domain/policy.ts';
import { decodePresence, encodePresence, type PresenceEntry } from './protocol.ts';

/** Larger states, or more of them from one connection, are passed over. */
const MAX_STATE = 4096;
const MAX_CLIENTS = 10;

/** `owner` is the connection (compared by identity); null once it has left. */
interface Known extends PresenceEntry {
	owner: object | null;
	principal: string;
}

export class Presence {
	readonly #known = new Map<number, Known>();

	/**
	 * Takes what a connection says of its own awareness clients; returns what the others are to be told, or null.
	 * States of others, which stock providers echo, are passed over in silence.
	 * @throws on bytes that are no awareness update
	 */
	receive(owner: object, actor: Actor, update: Uint8Array): Uint8Array | null {
		const news: PresenceEntry[] = [];
		for (const { client, clock, state } of decodePresence(update)) {
			const known = this.#known.get(client);
			if (known ? known.principal !== actor.principal || clock <= known.clock : state === null) continue;
			if (known?.owner !== owner && (state === null || this.#count(owner) >= MAX_CLIENTS)) continue;
			if (state !== null && JSON.stringify(state).length > MAX_STATE) continue;
			const stamped = state && { ...state, user: stamp(actor) };
			this.#known.set(client, {
				client,
				clock,
				state: stamped,
				owner: state && owner,
				principal: actor.principal
			});
			news.push({ client, clock, state: stamped });
		}
		return news.length > 0 ? encodePresence(news) : null;
	}

	/** The connection is gone: what the others are to be told, or null. */
	leave(owner: object): Uint8Array | null {
		const gone: PresenceEntry[] = [];
		for (const known of this.#known.values()) {
			if (known.owner !== owner) continue;
			Object.assign(known, { clock: known.clock + 1, state: null, owner: null });
			gone.push({ client: known.client, clock: known.clock, state: null });
		}
		return gone.length > 0 ? encodePresence(gone) : null;
	}

	/** Everybody who is here, for one who joins; null when nobody is. */
	everybody(): Uint8Array | null {
		const here = [...this.#known.values()].filter(({ state }) => state !== null);
		return here.length > 0 ? encodePresence(here) : null;
	}

	#count(owner: object): number {
		return [...this.#known.values()].filter((known) => known.owner === owner).length;
	}
}

const stamp = ({ name, principal }: Actor) => ({ name, color: colorOf(principal), principal });

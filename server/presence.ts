/** Who is in a room: the server's word on who somebody is, never stored [R7, R8]. */
import { colorOf } from '../src/lib/domain/principal.ts';
import type { Actor } from '../src/lib/domain/policy.ts';
import { encodePresence, NO_STATE, readPresence, type PresenceEntry } from './protocol.ts';

/** Bytes of one state, as JSON; larger ones are passed over. */
const MAX_STATE = 4096;
/** Awareness clients of one connection, those that it has taken back included; more are passed over. */
const MAX_CLIENTS = 10;
/**
 * How long the clock of one who has left is remembered, so that a late echo does not bring them back, and of how many. Echoes
 * come within seconds; after 30 s without a word clients forget each other by themselves.
 */
const REMEMBER_MS = 60_000;
const MAX_REMEMBERED = 10_000;

/** `owner` is the connection (compared by identity). */
interface Present extends PresenceEntry {
	owner: object;
	principal: string;
}
interface Known {
	clock: number;
	principal: string;
}
interface Gone extends Known {
	until: number;
}

export class Presence {
	readonly #maxState: number;
	readonly #elsewhere: (client: number) => Known | undefined;
	readonly #here = new Map<number, Present>();
	/** in the order in which they left */
	readonly #gone = new Map<number, Gone>();
	/** the clients that each connection has spoken for */
	readonly #spoken = new Map<object, Set<number>>();
	/** everybody, encoded; undefined after a change */
	#everybody: Uint8Array | null | undefined = null;

	/** `elsewhere`: a client that another process knows */
	constructor(maxState = MAX_STATE, elsewhere: (client: number) => Known | undefined = () => undefined) {
		this.#maxState = maxState;
		this.#elsewhere = elsewhere;
	}

	/**
	 * Takes what a connection says of its own awareness clients; returns what the others are to be told, or null.
	 * States of others, which stock providers echo, are passed over in silence. Who comes back on a new connection with
	 * the clock of the one before is told by `answer` that they have left: their client then says that it has not.
	 * @throws on bytes that are no awareness update
	 */
	receive(
		owner: object,
		actor: Actor,
		update: Uint8Array,
		answer?: (update: Uint8Array) => void
	): Uint8Array | null {
		const news: PresenceEntry[] = [];
		const left: PresenceEntry[] = [];
		for (const { client, clock, state } of readPresence(update)) {
			const here = this.#here.get(client);
			const elsewhere = here ? undefined : this.#elsewhere(client);
			const gone = here || elsewhere ? undefined : this.#gone.get(client);
			const known = here ?? elsewhere ?? gone;
			if (known && known.principal !== actor.principal) continue;
			const json = state.length <= this.#maxState ? state.toString() : null;
			if (json === NO_STATE) {
				if (here?.owner === owner && clock > here.clock) {
					this.#forget(client, clock, actor.principal);
					news.push({ client, clock, json });
				}
				continue;
			}
			if (known && clock <= known.clock) {
				if (gone) left.push({ client, clock: gone.clock, json: NO_STATE });
				continue;
			}
			if (json === null || !this.#speaksFor(owner, client)) continue;
			const entry = { client, clock, json: stamped(json, actor) };
			this.#gone.delete(client);
			this.#here.set(client, { ...entry, owner, principal: actor.principal });
			news.push(entry);
		}
		if (left.length > 0) answer?.(encodePresence(left));
		return this.#changed(news);
	}

	/** The connection is gone: what the others are to be told, or null. */
	leave(owner: object): Uint8Array | null {
		const news: PresenceEntry[] = [];
		for (const client of this.#spoken.get(owner) ?? []) {
			const present = this.#here.get(client);
			if (present?.owner !== owner) continue;
			this.#forget(client, present.clock + 1, present.principal);
			news.push({ client, clock: present.clock + 1, json: NO_STATE });
		}
		this.#spoken.delete(owner);
		return this.#changed(news);
	}

	/** A client has left that another process knew: its echo does not bring it back, and who comes over here is told. */
	remember(client: number, clock: number, principal: string): void {
		this.#forget(client, clock, principal);
	}

	/** The clock with which a client has left; less than any clock when it has not. */
	leftAt(client: number): number {
		return this.#gone.get(client)?.clock ?? -1;
	}

	/** The connection that speaks for a client. */
	ownerOf(client: number): object | undefined {
		return this.#here.get(client)?.owner;
	}

	/** Everybody who is here, for one who joins; null when nobody is. */
	everybody(): Uint8Array | null {
		if (this.#everybody === undefined)
			this.#everybody = this.#here.size > 0 ? encodePresence([...this.#here.values()]) : null;
		return this.#everybody;
	}

	#changed(news: PresenceEntry[]): Uint8Array | null {
		if (news.length === 0) return null;
		this.#everybody = undefined;
		return encodePresence(news);
	}

	#speaksFor(owner: object, client: number): boolean {
		let clients = this.#spoken.get(owner);
		if (!clients) this.#spoken.set(owner, (clients = new Set()));
		if (clients.size >= MAX_CLIENTS && !clients.has(client)) return false;
		clients.add(client);
		return true;
	}

	#forget(client: number, clock: number, principal: string): void {
		this.#here.delete(client);
		this.#gone.set(client, { clock, principal, until: performance.now() + REMEMBER_MS });
		for (const [oldest, { until }] of this.#gone) {
			if (until > performance.now() && this.#gone.size <= MAX_REMEMBERED) break;
			this.#gone.delete(oldest);
		}
	}
}

/** @throws where the state is no object */
function stamped(json: string, { name, principal }: Actor): string {
	const state: unknown = JSON.parse(json);
	if (typeof state !== 'object' || state === null || Array.isArray(state))
		throw new Error('A state is an object.');
	return JSON.stringify({ ...state, user: { name, color: colorOf(principal), principal } });
}

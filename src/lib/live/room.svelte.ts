/** One room in the browser: its document and its connection. Dropped whole after a refusal, never rolled back. */
import { readVarUint, readVarUint8Array } from 'lib0/decoding';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { CLOSE, SCHEMA_VERSION } from '../domain/close-codes.ts';
import type { Principal } from '../domain/principal.ts';
import { openState } from './opening.ts';
import { RoomCache } from './room-cache.ts';
import { countingSocket, LABELS, RIGHTS, SAVED } from './socket.ts';
import { StoredUpdates } from './stored-updates.ts';
import { afterSignal, CLOSED, type Signal, type Wire } from './wire.ts';

export interface RoomEvents {
	/** the whole document is there, the first time or again */
	synced(): void;
	/** the count of sent frames, of stored ones, or the connection has changed */
	wired(wire: Wire, signal: Signal): void;
	/** this person may do other things than before */
	rights(): void;
	/** the newsroom's labels may be others than before */
	labels(): void;
	/** the server has ended it for good, with one of the codes of RULES.md */
	closed(code: number, reason: string): void;
}

/** ms in which what is stored gathers before it goes into the cache */
const KEEP_EVERY = 2000;

export class Room {
	readonly doc = new Y.Doc();
	readonly provider: WebsocketProvider;
	wire = $state.raw<Wire>(CLOSED);
	/** whether the document has been whole once */
	loaded = $state(false);
	/** whether a try to connect has failed, or a connection has ended */
	failed = $state(false);
	#stop = new AbortController();
	#cache: RoomCache;
	#stored = new StoredUpdates();
	#keeping: ReturnType<typeof setTimeout> | undefined;

	/** @param principal who speaks, whoever else is known in this browser */
	constructor(
		name: string,
		{ principal, writes, events }: { principal: Principal; writes: boolean; events: RoomEvents }
	) {
		const guest = principal.startsWith('guest:') ? principal : null;
		const signal = (one: Signal) => {
			this.wire = afterSignal(this.wire, one);
			this.#stored.wired(this.wire, one);
			if (one.kind === 'stored') this.#keepSoon();
			events.wired(this.wire, one);
		};
		this.#cache = new RoomCache(principal, name);
		const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
		this.provider = new WebsocketProvider(`${scheme}://${location.host}/sync`, name, this.doc, {
			connect: false,
			// two people may share one browser: their tabs meet on the server alone
			disableBc: true,
			params: guest ? { v: SCHEMA_VERSION, as: guest } : { v: SCHEMA_VERSION },
			WebSocketPolyfill: countingSocket(writes, signal),
			shouldReconnect: ({ code }) => !(code >= 4400 && code < 4500) && code !== CLOSE.frameTooLarge
		});
		this.#echoNobody();
		this.provider.messageHandlers[SAVED] = (_encoder, decoder) => {
			readVarUint8Array(decoder); // the stored state vector: the count tells more, deletes too
			signal({ kind: 'stored', frames: readVarUint(decoder) });
		};
		this.provider.messageHandlers[RIGHTS] = () => events.rights();
		this.provider.messageHandlers[LABELS] = () => events.labels();
		this.provider.on('sync', (synced) => {
			if (!synced) return;
			this.loaded = true;
			this.failed = false;
			events.synced();
		});
		this.provider.on('connection-close', (event) => {
			this.failed = true;
			signal({ kind: 'close', held: event?.code === CLOSE.tryLater || event?.code === CLOSE.tooMany });
		});
		this.provider.on('closed', ({ code, reason }) => {
			void this.#cache.clear();
			events.closed(code, reason);
		});
		this.#followNetwork();
		void this.#open(name, guest);
	}

	/** A stock provider sends on what it hears of others, and the server passes it over: among many, most of what is sent. */
	#echoNobody(): void {
		const { awareness, _awarenessUpdateHandler: send } = this.provider;
		awareness.off('update', send);
		const sendOwn: typeof send = (changed, origin) => {
			const clients = Object.values(changed as Record<string, number[]>).flat();
			if (clients.includes(awareness.clientID)) send(changed, origin);
		};
		awareness.on('update', sendOwn);
	}

	/** The socket is asked for what is newer than what is here by then. */
	async #open(room: string, guest: string | null): Promise<void> {
		const [{ origin }, { signal }, cache] = [location, this.#stop, this.#cache];
		const { _updateHandler: send } = this.provider;
		// while what is stored comes in nobody listens: Yjs would encode all of it once more for them
		this.doc.off('update', send);
		await openState(this.doc, { origin, room, guest, fetch, cache, signal });
		if (signal.aborted) return;
		// first: what was done here is to be known before its frame is sent
		this.doc.on('update', this.#follow);
		this.doc.on('update', send);
		document.addEventListener('visibilitychange', () => document.hidden && this.#keep(), { signal });
		this.provider.connect();
	}

	#follow = (update: Uint8Array, origin: unknown) => {
		if (origin !== this.provider) return this.#stored.did(update);
		this.#stored.received(update);
		this.#keepSoon();
	};

	#keepSoon(): void {
		this.#keeping ??= setTimeout(() => this.#keep(), KEEP_EVERY);
	}

	#keep(): void {
		clearTimeout(this.#keeping);
		this.#keeping = undefined;
		void this.#cache.append(this.#stored.take());
	}

	/** A browser that lost its network learns it from a socket only after half a minute. */
	#followNetwork(): void {
		const { signal } = this.#stop;
		const again = () => {
			if (!this.provider.shouldConnect) return;
			this.provider.disconnect();
			this.provider.connect();
		};
		addEventListener('offline', again, { signal });
		addEventListener('online', () => !this.wire.open && again(), { signal });
	}

	destroy(): void {
		this.#stop.abort();
		this.#keep();
		this.provider.destroy();
		this.doc.destroy();
	}
}

/** One room in the browser: its document and its connection. Dropped whole after a refusal, never rolled back. */
import { readVarUint, readVarUint8Array } from 'lib0/decoding';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { CLOSE, SCHEMA_VERSION } from '../domain/close-codes.ts';
import { countingSocket, SAVED } from './socket.ts';
import { afterSignal, CLOSED, type Signal, type Wire } from './wire.ts';

export interface RoomEvents {
	/** the whole document is there, the first time or again */
	synced(): void;
	/** the count of sent frames, of stored ones, or the connection has changed */
	wired(wire: Wire, signal: Signal): void;
	/** the server has ended it for good, with one of the codes of RULES.md */
	closed(code: number, reason: string): void;
}

export class Room {
	readonly doc = new Y.Doc();
	readonly provider: WebsocketProvider;
	wire = $state.raw<Wire>(CLOSED);
	/** whether the document has been whole once */
	loaded = $state(false);
	/** whether a try to connect has failed, or a connection has ended */
	failed = $state(false);
	#stop = new AbortController();

	/** @param guest the principal of the guest who speaks, whoever else is known in this browser; null: a member */
	constructor(
		name: string,
		{ guest, writes, events }: { guest: string | null; writes: boolean; events: RoomEvents }
	) {
		const signal = (one: Signal) => {
			this.wire = afterSignal(this.wire, one);
			events.wired(this.wire, one);
		};
		const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
		this.provider = new WebsocketProvider(`${scheme}://${location.host}/sync`, name, this.doc, {
			connect: false,
			// two people may share one browser: their tabs meet on the server alone
			disableBc: true,
			params: guest ? { v: SCHEMA_VERSION, as: guest } : { v: SCHEMA_VERSION },
			WebSocketPolyfill: countingSocket(writes, signal),
			shouldReconnect: ({ code }) => !(code >= 4400 && code < 4500) && code !== CLOSE.frameTooLarge
		});
		this.provider.messageHandlers[SAVED] = (_encoder, decoder) => {
			readVarUint8Array(decoder); // the stored state vector: the count tells more, deletes too
			signal({ kind: 'stored', frames: readVarUint(decoder) });
		};
		this.provider.on('sync', (synced) => {
			if (!synced) return;
			this.loaded = true;
			this.failed = false;
			events.synced();
		});
		this.provider.on('connection-close', () => {
			this.failed = true;
			signal({ kind: 'close' });
		});
		this.provider.on('closed', ({ code, reason }) => events.closed(code, reason));
		this.#followNetwork();
		this.provider.connect();
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
		this.provider.destroy();
		this.doc.destroy();
	}
}

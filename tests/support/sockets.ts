/** Stock y-websocket providers, used the way every other program would. */
import * as decoding from 'lib0/decoding';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import type { Caller } from './newsroom.ts';

const SAVED = 100;

export interface Joined extends Disposable {
	doc: Y.Doc;
	provider: WebsocketProvider;
	/** the first answer to sync has come */
	synced: Promise<void>;
	/** the server ended it for good: code and reason */
	closed: Promise<{ code: number; reason: string }>;
}

/** Joins a room with the caller's cookie or token. */
export function join(
	newsroom: { origin: string },
	caller: Pick<Caller, 'headers'>,
	room: string,
	{ doc = new Y.Doc(), params = {} as Record<string, string>, connect = true } = {}
): Joined {
	class Socket extends WebSocket {
		constructor(address: string) {
			super(address, { headers: caller.headers });
			this.on('error', () => {});
		}
	}
	const provider = new WebsocketProvider(`${newsroom.origin.replace('http', 'ws')}/sync`, room, doc, {
		WebSocketPolyfill: Socket as unknown as typeof globalThis.WebSocket,
		disableBc: true,
		maxBackoffTime: 200,
		params,
		connect
	});
	const synced = new Promise<void>((done) => {
		const check = (isSynced: boolean) => {
			if (!isSynced) return;
			provider.off('sync', check);
			done();
		};
		provider.on('sync', check);
	});
	const closed = new Promise<{ code: number; reason: string }>((done) => provider.on('closed', done));
	const leave = () => {
		provider.destroy();
		// or its clock would keep the process alive
		provider.awareness.destroy();
	};
	return { doc, provider, synced, closed, [Symbol.dispose]: leave };
}

/** Resolves when `condition` holds, looking again after each update of the document. */
export function until(doc: Y.Doc, condition: () => boolean): Promise<void> {
	return new Promise((done) => {
		const check = () => {
			if (!condition()) return;
			doc.off('update', check);
			done();
		};
		doc.on('update', check);
		check();
	});
}

/** What the server says of a connection's work [S2]: how many of its frames with updates are stored. */
export function watchSaved(provider: WebsocketProvider): {
	frames: number;
	next(frames: number): Promise<Uint8Array>;
} {
	const waiting: { frames: number; done: (stateVector: Uint8Array) => void }[] = [];
	const watched = {
		frames: 0,
		next: (frames: number) => new Promise<Uint8Array>((done) => waiting.push({ frames, done }))
	};
	provider.messageHandlers[SAVED] = (_encoder, decoder) => {
		const stateVector = decoding.readVarUint8Array(decoder);
		watched.frames = decoding.readVarUint(decoder);
		for (const one of waiting.filter(({ frames }) => frames <= watched.frames)) {
			waiting.splice(waiting.indexOf(one), 1);
			one.done(stateVector);
		}
	};
	const subscribe = ({ status }: { status: string }) => {
		if (status === 'connected') provider.ws!.send(Uint8Array.of(SAVED));
	};
	provider.on('status', subscribe);
	if (provider.wsconnected) subscribe({ status: 'connected' });
	return watched;
}

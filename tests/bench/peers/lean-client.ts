/** The two dialects that the servers speak, as a client that does only what it must. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { LeanSocket } from './lean-socket.ts';

/** Hocuspocus puts the document's name before each message, and wants a token first. */
export type Dialect = 'y-websocket' | 'hocuspocus';

/** A room and how to come into it. */
export interface Door {
	dialect: Dialect;
	port: number;
	/** path of the socket: `/sync/<room>` or just `/<room>` */
	path: string;
	room: string;
	headers: Record<string, string>;
}

const SYNC = 0;
const AUTHENTICATION = 2;
const SYNC_REPLY = 4;
const SAVED = 100;
const STEP1 = 0;
const STEP2 = 1;
const UPDATE = 2;
const NOTHING = Uint8Array.of(0, 0);
const EMPTY_STATE_VECTOR = Uint8Array.of(0);

export interface LeanClient {
	socket: LeanSocket;
	/** the first answer to sync has come */
	synced: Promise<void>;
	update(update: Uint8Array): void;
	/** our own `saved` [S2]: state vectors of what is stored, as they come */
	onSaved: (stateVector: Uint8Array) => void;
}

/**
 * Comes into the room. With a document it applies what arrives; `look` sees every message first and says whether that
 * was all that is to be done with it.
 */
export function enter(
	door: Door,
	{ doc, look }: { doc?: Y.Doc; look?: (message: Buffer) => boolean } = {}
): LeanClient {
	const { dialect, port, path, room, headers } = door;
	const socket = new LeanSocket(`ws://127.0.0.1:${port}${path}`, headers);
	const message = (write: (encoder: encoding.Encoder) => void) =>
		encoding.encode((encoder) => {
			if (dialect === 'hocuspocus') encoding.writeVarString(encoder, room);
			write(encoder);
		});
	const sync = (step: number, payload: Uint8Array) =>
		socket.send(
			message((encoder) => {
				encoding.writeVarUint(encoder, SYNC);
				encoding.writeVarUint(encoder, step);
				encoding.writeVarUint8Array(encoder, payload);
			})
		);
	const { promise: synced, resolve, reject } = Promise.withResolvers<void>();
	synced.catch(() => {});
	const client: LeanClient = { socket, synced, update: (update) => sync(UPDATE, update), onSaved: () => {} };
	socket.onClose = (code) => reject(new Error(`The server closed the connection with ${code}.`));
	socket.onMessage = (data) => {
		if (look?.(data)) return;
		const decoder = decoding.createDecoder(data);
		if (dialect === 'hocuspocus') decoding.readVarString(decoder);
		const type = decoding.readVarUint(decoder);
		if (type === SAVED && dialect === 'y-websocket')
			return client.onSaved(decoding.readVarUint8Array(decoder));
		if (type !== SYNC && type !== SYNC_REPLY) return;
		const step = decoding.readVarUint(decoder);
		const payload = decoding.readVarUint8Array(decoder);
		if (step === STEP1) return sync(STEP2, doc ? Y.encodeStateAsUpdate(doc, payload) : NOTHING);
		if (doc) Y.applyUpdate(doc, payload, client);
		if (step === STEP2) resolve();
	};
	void socket.opened.then(() => {
		if (dialect === 'hocuspocus')
			socket.send(
				message((encoder) => {
					encoding.writeVarUint(encoder, AUTHENTICATION);
					encoding.writeVarUint(encoder, 0);
					encoding.writeVarString(encoder, 'token');
				})
			);
		sync(STEP1, doc ? Y.encodeStateVector(doc) : EMPTY_STATE_VECTOR);
	}, reject);
	return client;
}

/** Asks a server of ours to say what is stored [S2]. */
export const subscribeSaved = ({ socket }: LeanClient): void => socket.send(Uint8Array.of(SAVED));

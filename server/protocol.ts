/**
 * The y-websocket protocol: a type, then a payload. `saved` (100) is our own [S2], and so are `rights` (101) and
 * `labels` (102) [G14].
 * @see https://github.com/yjs/y-protocols/blob/master/PROTOCOL.md
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { scanUpdate } from './scan-update.ts';

const SYNC = 0;
const AWARENESS = 1;
const QUERY_AWARENESS = 3;
const SAVED = 100;
const RIGHTS = 101;
const LABELS = 102;
const STEP1 = 0;
const STEP2 = 1;
const UPDATE = 2;

const MAX_CLOCK = 2 ** 48;
/** Bytes of a state vector: some hundred thousand writers. */
const MAX_STATE_VECTOR = 1024 * 1024;

export type Message =
	| { kind: 'step1'; stateVector: Uint8Array }
	/** `isStep2`: the answer to our step 1, with everything that we lacked */
	| { kind: 'update'; update: Uint8Array; isStep2: boolean }
	| { kind: 'awareness'; update: Uint8Array }
	| { kind: 'query awareness' }
	| { kind: 'subscribe saved' }
	| { kind: 'subscribe labels' };

/** An update in it is sound (scan-update.ts). @throws on bytes that are no message of the protocol */
export function decodeMessage(frame: Uint8Array): Message {
	const decoder = decoding.createDecoder(frame);
	const type = decoding.readVarUint(decoder);
	switch (type) {
		case SYNC: {
			const step = decoding.readVarUint(decoder);
			const payload = readBytes(decoder);
			if (step === STEP1 && payload.length <= MAX_STATE_VECTOR)
				return { kind: 'step1', stateVector: payload };
			if (step !== STEP2 && step !== UPDATE) break;
			scanUpdate(payload);
			return { kind: 'update', update: payload, isStep2: step === STEP2 };
		}
		case AWARENESS:
			return { kind: 'awareness', update: readBytes(decoder) };
		case QUERY_AWARENESS:
			return { kind: 'query awareness' };
		case SAVED:
			return { kind: 'subscribe saved' };
		case LABELS:
			return { kind: 'subscribe labels' };
	}
	throw new Error('There is no such message.');
}

/**
 * A copy: a frame is a window on memory that holds other people's frames too, and lib0 would read on in it where a length lies.
 * @throws where there are not as many
 */
function readBytes(decoder: decoding.Decoder): Uint8Array {
	const length = decoding.readVarUint(decoder);
	const { arr, pos } = decoder;
	if (!(length <= arr.length - pos)) throw tooLong();
	decoder.pos += length;
	return new Uint8Array(arr.subarray(pos, pos + length));
}

const tooLong = () => new Error('A length is more than there is.');

function encode(write: (encoder: encoding.Encoder) => void): Uint8Array {
	const encoder = encoding.createEncoder();
	write(encoder);
	return encoding.toUint8Array(encoder);
}

const encodeSync = (step: number, payload: Uint8Array) =>
	encode((encoder) => {
		encoding.writeVarUint(encoder, SYNC);
		encoding.writeVarUint(encoder, step);
		encoding.writeVarUint8Array(encoder, payload);
	});

export const encodeStep1 = (stateVector: Uint8Array) => encodeSync(STEP1, stateVector);
export const encodeStep2 = (update: Uint8Array) => encodeSync(STEP2, update);
export const encodeUpdate = (update: Uint8Array) => encodeSync(UPDATE, update);

export const encodeAwareness = (update: Uint8Array) =>
	encode((encoder) => {
		encoding.writeVarUint(encoder, AWARENESS);
		encoding.writeVarUint8Array(encoder, update);
	});

/** `frames`: how many of the connection's frames with updates are stored, counted from its first. */
export const encodeSaved = (stateVector: Uint8Array, frames: number) =>
	encode((encoder) => {
		encoding.writeVarUint(encoder, SAVED);
		encoding.writeVarUint8Array(encoder, stateVector);
		encoding.writeVarUint(encoder, frames);
	});

/** Tells who has subscribed to `saved` that they may do other things than before. */
export const RIGHTS_CHANGED = Uint8Array.of(RIGHTS);

/** Tells who has subscribed to it that the labels of the newsroom are others. */
export const LABELS_CHANGED = Uint8Array.of(LABELS);

/** Whether the frame ends an answer to a client's first step. */
export const isStep2 = (frame: Uint8Array): boolean => frame[0] === SYNC && frame[1] === STEP2;

/** One client's presence: `json` is its state, an object, or null when it has left. */
export interface PresenceEntry {
	client: number;
	clock: number;
	json: string;
}
/** What one has left with. */
export const NO_STATE = 'null';

export const encodePresence = (entries: PresenceEntry[]) =>
	encode((encoder) => {
		encoding.writeVarUint(encoder, entries.length);
		for (const { client, clock, json } of entries) {
			encoding.writeVarUint(encoder, client);
			encoding.writeVarUint(encoder, clock);
			encoding.writeVarString(encoder, json);
		}
	});

/**
 * The entries of an awareness update, their states unread: most are echoes that nobody looks into.
 * @throws while it is gone through, on bytes that are no awareness update
 */
export function* readPresence(
	update: Uint8Array
): Generator<{ client: number; clock: number; state: Buffer }> {
	const decoder = decoding.createDecoder(update);
	for (let left = decoding.readVarUint(decoder); left > 0; left--) {
		const client = decoding.readVarUint(decoder);
		const clock = decoding.readVarUint(decoder);
		const length = decoding.readVarUint(decoder);
		if (!(length <= update.length - decoder.pos)) throw tooLong();
		// nobody counts this far, and what follows could not be encoded
		if (!(clock < MAX_CLOCK && Number.isSafeInteger(client))) throw new Error('There is no such clock.');
		yield { client, clock, state: Buffer.from(update.buffer, update.byteOffset + decoder.pos, length) };
		decoder.pos += length;
	}
}

/**
 * The y-websocket protocol: a type, then a payload. `saved` (100) is our own [S2].
 * @see https://github.com/yjs/y-protocols/blob/master/PROTOCOL.md
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

const SYNC = 0;
const AWARENESS = 1;
const QUERY_AWARENESS = 3;
const SAVED = 100;
const STEP1 = 0;
const STEP2 = 1;
const UPDATE = 2;

export type Message =
	| { kind: 'step1'; stateVector: Uint8Array }
	/** `isStep2`: the answer to our step 1, with everything that we lacked */
	| { kind: 'update'; update: Uint8Array; isStep2: boolean }
	| { kind: 'awareness'; update: Uint8Array }
	| { kind: 'query awareness' }
	| { kind: 'subscribe saved' };

/** @throws on bytes that are no message of the protocol */
export function decodeMessage(frame: Uint8Array): Message {
	const decoder = decoding.createDecoder(frame);
	const type = decoding.readVarUint(decoder);
	switch (type) {
		case SYNC: {
			const step = decoding.readVarUint(decoder);
			const payload = decoding.readVarUint8Array(decoder);
			if (step === STEP1) return { kind: 'step1', stateVector: payload };
			if (step === STEP2 || step === UPDATE)
				return { kind: 'update', update: payload, isStep2: step === STEP2 };
			break;
		}
		case AWARENESS:
			return { kind: 'awareness', update: decoding.readVarUint8Array(decoder) };
		case QUERY_AWARENESS:
			return { kind: 'query awareness' };
		case SAVED:
			return { kind: 'subscribe saved' };
	}
	throw new Error('There is no such message.');
}

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

/** One client's presence: `state` is null when it has left. */
export interface PresenceEntry {
	client: number;
	clock: number;
	state: Record<string, unknown> | null;
}

export const encodePresence = (entries: PresenceEntry[]) =>
	encode((encoder) => {
		encoding.writeVarUint(encoder, entries.length);
		for (const { client, clock, state } of entries) {
			encoding.writeVarUint(encoder, client);
			encoding.writeVarUint(encoder, clock);
			encoding.writeVarString(encoder, JSON.stringify(state));
		}
	});

/** @throws on bytes that are no awareness update */
export function decodePresence(update: Uint8Array): PresenceEntry[] {
	const decoder = decoding.createDecoder(update);
	const entries: PresenceEntry[] = [];
	for (let left = decoding.readVarUint(decoder); left > 0; left--) {
		const client = decoding.readVarUint(decoder);
		const clock = decoding.readVarUint(decoder);
		const state = JSON.parse(decoding.readVarString(decoder));
		if (state !== null && (typeof state !== 'object' || Array.isArray(state)))
			throw new Error('A state is an object.');
		entries.push({ client, clock, state });
	}
	return entries;
}

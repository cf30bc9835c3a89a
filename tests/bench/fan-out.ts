/** One writer, fifty readers of one layer: from just before the writer's transaction to the frame at each reader. */
import { once } from 'node:events';
import { encoding } from 'lib0';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { layerRoom, SHARED } from '../../src/lib/domain/room.ts';
import { annotationBy, put } from '../support/annotations.ts';
import { install } from './installation.ts';
import { startRelay } from './relay.ts';
import { against, ms, quantile, type Figure } from './report.ts';

const READERS = 50;
const WARM_UP = 50;
const UPDATES = 250;
const EVERY_MS = 20;
const ROUNDS = 3;
const MARK = 'mark:';

interface Server {
	address: string;
	headers: Record<string, string>;
}

/** A socket that is in its room: both servers say so with their first message. */
async function enter({ address, headers }: Server): Promise<WebSocket> {
	const socket = new WebSocket(address, { headers, perMessageDeflate: false });
	await once(socket, 'message');
	return socket;
}

const frameOf = (update: Uint8Array) =>
	encoding.encode((encoder) => {
		encoding.writeVarUint(encoder, 0);
		encoding.writeVarUint(encoder, 2);
		encoding.writeVarUint8Array(encoder, update);
	});

/** Milliseconds of every delivery. */
async function round(server: Server, principal: string): Promise<number[]> {
	const sent: number[] = [];
	const times: number[] = [];
	let missing = READERS * (WARM_UP + UPDATES);
	let allArrived = () => {};
	const arrived = new Promise<void>((done) => (allArrived = done));
	// readers look for marks and have no document: the cost of theirs is not the server's
	const read = (frame: Buffer) => {
		const now = performance.now();
		for (let at = frame.indexOf(MARK); at >= 0; at = frame.indexOf(MARK, at + 1)) {
			const number = Number(frame.toString('latin1', at + MARK.length, at + MARK.length + 6));
			if (number >= WARM_UP) times.push(now - sent[number]!);
			if (--missing === 0) allArrived();
		}
	};
	const readers = await Promise.all(Array.from({ length: READERS }, () => enter(server)));
	for (const reader of readers) reader.on('message', read);
	const writer = await enter(server);
	const doc = new Y.Doc();
	doc.on('update', (update) => writer.send(frameOf(update)));
	const writing = setInterval(() => {
		const number = sent.push(performance.now()) - 1;
		const body = `${MARK}${String(number).padStart(6, '0')} Who says so? The mayor, on the phone, on Monday evening.`;
		doc.transact(() => put(doc, annotationBy(principal, { body })));
		if (sent.length === WARM_UP + UPDATES) clearInterval(writing);
	}, EVERY_MS);
	await arrived;
	for (const socket of [writer, ...readers]) socket.terminate();
	return times;
}

export async function measureFanOut(): Promise<Figure[]> {
	await using galley = await install();
	const relay = await startRelay();
	const { principal, headers } = galley.annotator;
	const times = { galley: [] as number[], relay: [] as number[] };
	// turn by turn, so that a busy moment of the machine is not one server's alone
	for (let i = 0; i < ROUNDS; i++) {
		const room = layerRoom(await galley.article('The bridge stays closed.'), SHARED);
		const address = (origin: string) => `${origin.replace('http', 'ws')}/sync/${room}`;
		times.galley.push(...(await round({ address: address(galley.origin), headers }, principal)));
		times.relay.push(...(await round({ address: address(relay.origin), headers: {} }, principal)));
	}
	await relay.stop();
	return [0.5, 0.99].map((q) => {
		const [ours, floor] = [quantile(times.galley, q), quantile(times.relay, q)];
		return {
			what: `1 writer → ${READERS} readers, ${1000 / EVERY_MS} updates/s, p${q * 100} of ${times.galley.length} deliveries`,
			value: ms(ours),
			floor: against('a do-nothing relay', ours, floor, ms)
		};
	});
}

/**
 * Writers and readers in a process of their own. The time of a delivery: from just before the writer's transaction to the
 * arrival of the frame at a reader, by one clock. Readers look for marks and have no document: the cost of theirs is not
 * the server's. What a writer hears of others is taken in and not counted.
 */
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import * as Y from 'yjs';
import { annotationBy, put } from '../../support/annotations.ts';
import { quantile } from '../report.ts';
import { enter, type Door, type LeanClient } from './lean-client.ts';
import { readTask, serverCpu } from './system.ts';

export interface LoadTask {
	doors: Door[];
	principal: string;
	/** in each room */
	writers: number;
	readers: number;
	/** of each writer */
	intervalMs: number;
	warmUpSeconds: number;
	seconds: number;
	/** the server's own process, and the data folder of its embedded database */
	server: { pid: number; folder: string };
}

export interface LoadResult {
	/** milliseconds */
	p50: number;
	p99: number;
	longest: number;
	deliveries: number;
	expected: number;
	/** milliseconds of processor time for 1,000 deliveries */
	nodeCpu: number;
	databaseCpu: number;
	/** share of its core that this process took: near 1 it is the load that is slow, not the server */
	loadShare: number;
	/** connections that the server has closed */
	closed: number;
}

const MARK = 'mark:';
const DIGITS = 7;
const TOGETHER = 25;
/** The run is over when nothing has arrived for so long. */
const DRAIN_MS = 5000;
const HOLDS_UP_MS = 1.5;

const task = readTask<LoadTask>();
/** when each update was written; not measured: 0 */
const sent: number[] = [];
let times: number[] = [];
let closed = 0;

function look(message: Buffer): boolean {
	let at = message.indexOf(MARK);
	if (at < 0) return false;
	const now = performance.now();
	for (; at >= 0; at = message.indexOf(MARK, at + MARK.length + DIGITS)) {
		const start = at + MARK.length;
		const written = sent[Number(message.toString('latin1', start, start + DIGITS))];
		if (written) times.push(now - written);
	}
	return true;
}

const hasMark = (message: Buffer) => message.includes(MARK);

async function comeIn(): Promise<((number: number) => void)[]> {
	const writers: ((number: number) => void)[] = [];
	let coming: LeanClient[] = [];
	const settle = async () => {
		await Promise.all(coming.splice(0).map(({ synced }) => synced));
	};
	const add = async (client: LeanClient) => {
		coming.push(client);
		const { onClose } = client.socket;
		client.socket.onClose = (code) => {
			closed++;
			onClose(code);
		};
		if (coming.length >= TOGETHER) await settle();
	};
	for (const door of task.doors) {
		for (let i = 0; i < task.writers; i++) {
			const client = enter(door, { look: hasMark });
			await add(client);
			const doc = new Y.Doc();
			doc.on('update', client.update);
			writers.push((number) => {
				const mark = `${MARK}${String(number).padStart(DIGITS, '0')}`;
				const body = `${mark} Who says so? The mayor, on the phone, on Monday evening.`;
				doc.transact(() => put(doc, annotationBy(task.principal, { body })));
			});
		}
		for (let i = 0; i < task.readers; i++) await add(enter(door, { look }));
	}
	await settle();
	return writers;
}

/** Writes in turn, evenly spread; how many. */
async function write(
	writers: ((number: number) => void)[],
	seconds: number,
	measured: boolean
): Promise<number> {
	const every = task.intervalMs / writers.length;
	const total = Math.floor((seconds * 1000) / every);
	const begun = performance.now();
	for (let i = 0; i < total; i++) {
		const left = begun + i * every - performance.now();
		if (left > HOLDS_UP_MS) await wait(left - 0.5);
		// what has arrived is read at once
		do await turn();
		while (performance.now() < begun + i * every);
		sent.push(measured ? performance.now() : 0);
		writers[i % writers.length]!(sent.length - 1);
	}
	return total;
}

const writers = await comeIn();
await wait(500);
await write(writers, task.warmUpSeconds, false);
await wait(300);
times = [];
const before = serverCpu(task.server);
const ownBefore = process.cpuUsage();
const begun = performance.now();
const written = await write(writers, task.seconds, true);
const writing = performance.now() - begun;
const own = process.cpuUsage(ownBefore);
const expected = written * task.readers;
for (let last = -1, since = performance.now(); times.length < expected; await wait(5)) {
	if (times.length !== last) since = performance.now();
	else if (performance.now() - since > DRAIN_MS) break;
	last = times.length;
}
const after = serverCpu(task.server);
const per1000 = (seconds: number) => (seconds * 1e6) / Math.max(1, times.length);
const result: LoadResult = {
	p50: times.length > 0 ? quantile(times, 0.5) : Infinity,
	p99: times.length > 0 ? quantile(times, 0.99) : Infinity,
	longest: times.reduce((a, b) => Math.max(a, b), 0),
	deliveries: times.length,
	expected,
	nodeCpu: per1000(after.node - before.node),
	databaseCpu: per1000(after.database - before.database),
	loadShare: (own.user + own.system) / 1000 / writing,
	closed
};
console.log(JSON.stringify(result));
process.exit(0);

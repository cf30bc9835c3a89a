/**
 * Opening a large layer with a stock provider in a fresh process: from the provider's first step to `synced`, while
 * the server holds the room and after it has been restarted. The floor is Y.applyUpdate of the same state alone.
 */
import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as Y from 'yjs';
import { layerRoom, SHARED } from '../../src/lib/domain/room.ts';
import { annotationBy, put, replyBy } from '../support/annotations.ts';
import { join as joinRoom, watchSaved } from '../support/sockets.ts';
import { install, type Installation } from './installation.ts';
import { against, median, ms, type Figure } from './report.ts';

const SIZES = [1_000, 10_000];
const REPLIES = 3;
const OPENS = 5;
const BATCH = 100;
const CHILD = fileURLToPath(new URL('open-once.ts', import.meta.url));

/** What a fresh process says of its one opening. */
async function openOnce(
	how: { file: string } | { origin: string; headers: Record<string, string>; room: string }
) {
	const { stdout } = await promisify(execFile)(process.execPath, [CHILD, JSON.stringify(how)]);
	return JSON.parse(stdout) as { ms: number; annotations: number };
}

/** Writes the threads as a client would, and waits until they are stored; the state. */
async function fill(galley: Installation, room: string, threads: number): Promise<Uint8Array> {
	using writer = joinRoom(galley, galley.annotator, room);
	const { principal } = galley.annotator;
	await writer.synced;
	const saved = watchSaved(writer.provider);
	for (let i = 0; i < threads; i += BATCH)
		writer.doc.transact(() => {
			for (let j = i; j < i + BATCH; j++) {
				const root = put(writer.doc, annotationBy(principal));
				for (let k = 0; k < REPLIES; k++) put(writer.doc, replyBy(principal, root));
			}
		});
	// its answer to the server's first step counts as a frame
	await saved.next(threads / BATCH + 1);
	const state = Y.encodeStateAsUpdate(writer.doc);
	// or its awareness would go on checking who is still here
	writer.doc.destroy();
	return state;
}

/** The longest that somebody else waits for the simplest of answers until `busy` is done. */
async function longestWait(origin: string, busy: Promise<unknown>): Promise<number> {
	let [longest, over] = [0, false];
	void busy.finally(() => (over = true));
	while (!over) {
		const begun = performance.now();
		await (await fetch(`${origin}/healthz`)).text();
		longest = Math.max(longest, performance.now() - begun);
	}
	return longest;
}

async function measureSize(galley: Installation, threads: number): Promise<Figure[]> {
	const room = layerRoom(await galley.article('The bridge stays closed.'), SHARED);
	const file = join(galley.folder, 'state.bin');
	const state = await fill(galley, room, threads);
	await writeFile(file, state);
	const times = { warm: [] as number[], restarted: [] as number[], apply: [] as number[] };
	const open = async () => {
		const opened = await openOnce({ origin: galley.origin, headers: galley.annotator.headers, room });
		if (opened.annotations !== threads * (REPLIES + 1))
			throw new Error('Synced before everything was there.');
		return opened.ms;
	};
	for (let i = 0; i < OPENS; i++) {
		times.warm.push(await open());
		times.apply.push((await openOnce({ file })).ms);
	}
	for (let i = 0; i < OPENS; i++) {
		await galley.restart();
		times.restarted.push(await open());
	}
	await galley.restart();
	const wait = await longestWait(galley.origin, open());
	await rm(file);
	const what = `${threads.toLocaleString('en')} annotations × ${REPLIES} replies (${(state.length / 1e6).toFixed(1)} MB)`;
	const figure = (when: string, values: number[]): Figure => ({
		what: `${what}, ${when}, median of ${OPENS}`,
		value: ms(median(values)),
		floor: against('Y.applyUpdate alone', median(values), median(times.apply), ms)
	});
	return [
		figure('room in memory', times.warm),
		figure('server restarted', times.restarted),
		{ what: `${what}, server restarted: longest wait of somebody else's request`, value: ms(wait) }
	];
}

export async function measureColdOpen(): Promise<Figure[]> {
	await using galley = await install();
	const figures: Figure[] = [];
	for (const size of SIZES) figures.push(...(await measureSize(galley, size)));
	return figures;
}

/**
 * Galley beside other sync servers on the same machine, in one run: the table of the seven bars, and JSON of all runs. Each
 * server, with its database where it has one, is alone on one core; the load is on another. Servers take turns in each run.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import {
	articleBars,
	connectionBars,
	fanOutBars,
	killBars,
	openingBars,
	printBars,
	roomsBars,
	saturationBars,
	writersBars,
	type Bar,
	type ByPeer
} from './bars.ts';
import { measureLoad, SHAPES } from './fan-out.ts';
import { installPeer } from './install.ts';
import { measureKills, type Killed } from './kill.ts';
import type { LoadResult } from './load.ts';
import { measureArticles, measureConnection } from './memory.ts';
import { measureOpenings } from './opening.ts';
import { GALLEY, OTHERS, type Peer } from './peers.ts';
import { cannotPin } from './system.ts';

const RESULTS = fileURLToPath(new URL('../../../bench-results', import.meta.url));
const KILL_AFTER_MS = [5, 200];
const KILLS = 50;

export interface Options {
	/** how often each is measured; medians are taken */
	runs: number;
	/** short runs, to see that it works: the figures say little */
	quick: boolean;
	/** only these measures; all when there is none */
	only: string[];
}

interface Measured {
	bars: Bar[];
	runs: unknown;
}
type Measure = (peers: Peer[], options: Options) => Promise<Measured>;

export const PEER_MEASURES: Record<string, Measure> = {
	'fan-out': load('fanOut', fanOutBars),
	saturation: load('saturation', saturationBars),
	writers: load('writers', writersBars),
	rooms: load('rooms', roomsBars),
	opening: async (peers, options) => {
		const measured = await measureOpenings(
			peers.filter(({ persistent }) => persistent),
			options
		);
		const runs = measured.openings.map(({ peer, ...runs }) => ({ server: peer.name, ...runs }));
		return { bars: openingBars(measured), runs: { ...measured, openings: runs } };
	},
	connections: (peers, { runs, quick }) =>
		byTurns(peers, runs, (peer) => measureConnection(peer, quick), connectionBars),
	articles: async (_peers, { runs, quick }) => {
		const rounds = await measureArticles(GALLEY, runs, quick);
		return { bars: articleBars(rounds), runs: rounds };
	},
	kills: async (peers, { quick }) => {
		const [bars, runs]: [Bar[], object[]] = [[], []];
		for (const afterMs of KILL_AFTER_MS) {
			const results = new Map<Peer, Killed>();
			for (const peer of peers.filter(({ persistent }) => persistent))
				results.set(peer, await measureKills(peer, quick ? 5 : KILLS, afterMs));
			bars.push(...killBars(results, afterMs));
			runs.push({ afterMs, servers: named(results) });
		}
		return { bars, runs };
	}
};

function load(shape: keyof typeof SHAPES, bars: (results: ByPeer<LoadResult>) => Bar[]): Measure {
	return (peers, { runs, quick }) =>
		byTurns(peers, runs, (peer) => measureLoad(peer, SHAPES[shape], quick), bars);
}

/** Every server once, then every server again: a busy moment of the machine is not one server's alone. */
async function byTurns<T>(
	peers: Peer[],
	runs: number,
	measure: (peer: Peer) => Promise<T>,
	toBars: (results: ByPeer<T>) => Bar[]
): Promise<Measured> {
	const results: ByPeer<T> = new Map(peers.map((peer) => [peer, []]));
	for (let i = 0; i < runs; i++)
		for (const peer of peers) {
			try {
				results.get(peer)!.push(await measure(peer));
			} catch (error) {
				console.log(`  ${peer.name}, run ${i + 1}: ${(error as Error).message}`);
			}
		}
	return { bars: toBars(results), runs: named(results) };
}

const named = <T>(results: Map<Peer, T>) =>
	Object.fromEntries([...results].map(([peer, value]) => [peer.name, value]));

/** The servers that can be measured here; says which cannot, and why. */
function available(): Peer[] {
	return [...OTHERS, GALLEY].filter((peer) => {
		try {
			installPeer(peer);
			return true;
		} catch (error) {
			console.log(`  left out: ${(error as Error).message}`);
			return false;
		}
	});
}

/** Prints the table; null and one line where it cannot be measured here. */
export async function measurePeers(options: Options): Promise<Bar[] | null> {
	const obstacle = cannotPin();
	if (obstacle) {
		console.log(`  left out: ${obstacle}, so servers and load would disturb each other`);
		return null;
	}
	const peers = available();
	const asked = options.only.length > 0 ? options.only : Object.keys(PEER_MEASURES);
	const measured: Record<string, Measured & { loadBefore: number }> = {};
	for (const name of asked) {
		const loadBefore = loadavg()[0]!;
		measured[name] = { ...(await PEER_MEASURES[name]!(peers, options)), loadBefore };
	}
	const bars = Object.values(measured).flatMap(({ bars }) => bars);
	printBars(bars);
	console.log(
		`  ${options.quick ? 'short runs: these figures say little' : `medians of ${options.runs} runs`}`
	);
	console.log(`  all runs: ${write({ ...options, bars, measured })}`);
	return bars;
}

function write(results: object): string {
	mkdirSync(RESULTS, { recursive: true });
	const at = new Date().toISOString();
	const machine = { node: process.version, cores: cpus().length, model: cpus()[0]?.model };
	const file = `${RESULTS}/peers-${at.replaceAll(/[:.]/g, '-')}.json`;
	writeFileSync(file, JSON.stringify({ at, machine, ...results }, null, '\t'));
	return file;
}

/** What was measured, held against the seven bars. Medians of all runs. */
import { kib, median, ms, printTable } from '../report.ts';
import type { Killed } from './kill.ts';
import type { LoadResult } from './load.ts';
import type { Growth } from './memory.ts';
import type { Openings } from './opening.ts';
import { GALLEY, type Peer } from './peers.ts';

/** Results by peer, a list of runs each. */
export type ByPeer<T> = Map<Peer, T[]>;

export interface Bar {
	measure: string;
	galley: string;
	/** the best other server's value and name; '' where the bar is not about others */
	best: string;
	/** times the best other server, or what else the bar names */
	ratio: string;
	bar: string;
	holds: boolean;
	/** what cannot be done without */
	floor: string;
}

const others = <T>(results: ByPeer<T>): [Peer, T[]][] =>
	[...results].filter(([peer, runs]) => peer !== GALLEY && !peer.isFloor && runs.length > 0);

interface Question<T> {
	measure: string;
	bar: string;
	of: (run: T) => number;
	show: (value: number) => string;
	/** of Galley's value and the best other server's */
	holds: (galley: number, best: number) => boolean;
	/** whom Galley is held against; everybody unless said */
	among?: (peer: Peer, runs: T[]) => boolean;
	more?: (galley: T[]) => string;
}

/** Null where one of the two was not measured. */
function hold<T>(results: ByPeer<T>, question: Question<T>): Bar | null {
	const { measure, bar, of, show, holds, among = () => true, more } = question;
	const value = (runs: T[]) => median(runs.map(of));
	const galley = results.get(GALLEY) ?? [];
	const measured = others(results)
		.filter(([peer, runs]) => among(peer, runs))
		.map(([peer, runs]) => ({ name: peer.name, value: value(runs) }));
	const best = measured.toSorted((a, b) => a.value - b.value)[0];
	if (galley.length === 0 || !best) return null;
	const floor = [...results].find(([peer, runs]) => peer.isFloor && runs.length > 0);
	const mine = value(galley);
	return {
		measure,
		galley: show(mine) + (more?.(galley) ?? ''),
		best: `${show(best.value)} ${best.name}`,
		ratio: times(mine / best.value),
		bar,
		holds: holds(mine, best.value),
		floor: floor ? show(value(floor[1])) : ''
	};
}

const times = (ratio: number) => `${ratio.toFixed(2)} ×`;
const database = (runs: { databaseCpu: number }[]) =>
	` (+ ${ms(median(runs.map(({ databaseCpu }) => databaseCpu)))} database)`;
const deliveredAll = ({ deliveries, expected }: LoadResult) => deliveries === expected;
const found = (bars: (Bar | null)[]) => bars.filter((bar) => bar !== null);

export const fanOutBars = (results: ByPeer<LoadResult>): Bar[] =>
	found([
		hold(results, {
			measure: '1. 1 writer, 200 readers, every 50 ms: p50',
			bar: 'at most 2 ms over',
			of: ({ p50 }) => p50,
			show: ms,
			holds: (galley, best) => galley <= best + 2
		}),
		hold(results, {
			measure: '   p99',
			bar: 'at most 1.5 ×',
			of: ({ p99 }) => p99,
			show: ms,
			holds: (galley, best) => galley <= 1.5 * best
		})
	]);

export const saturationBars = (results: ByPeer<LoadResult>): Bar[] =>
	found([
		hold(results, {
			measure: '2. every 5 ms (40,000 a second): CPU for 1,000 deliveries',
			bar: 'at most 1 ×',
			of: ({ nodeCpu }) => nodeCpu,
			show: ms,
			holds: (galley, best) => galley <= best,
			more: database
		})
	]);

export const writersBars = (results: ByPeer<LoadResult>): Bar[] => {
	const galley = results.get(GALLEY) ?? [];
	const everything = galley.every(deliveredAll);
	const arrived = everything ? ', all delivered' : ', NOT all delivered';
	return found([
		hold(results, {
			measure: '3. 50 writers, 10 a second each, 200 readers: p99',
			bar: 'all delivered, under 150 ms',
			of: ({ p99 }) => p99,
			show: ms,
			holds: (p99) => everything && p99 < 150,
			more: () => arrived
		}),
		hold(results, {
			measure: '   CPU for 1,000 deliveries',
			bar: 'under 1 ×',
			of: ({ nodeCpu }) => nodeCpu,
			show: ms,
			holds: (galley, best) => galley < best,
			more: database
		})
	]);
};

const isPersistent = (peer: Peer) => peer.persistent;

export const roomsBars = (results: ByPeer<LoadResult>): Bar[] =>
	found([
		hold(results, {
			measure: '4. 500 rooms × 2, 1 annotation a second: p99',
			bar: 'at most 1.5 × the best that stores',
			of: ({ p99 }) => p99,
			show: ms,
			holds: (galley, best) => galley <= 1.5 * best,
			among: isPersistent
		}),
		hold(results, {
			measure: '   CPU for 1,000 deliveries',
			bar: 'at most 1 × the best that stores',
			of: ({ nodeCpu }) => nodeCpu,
			show: ms,
			holds: (galley, best) => galley <= best,
			among: isPersistent,
			more: database
		})
	]);

const OPENED_CPU_MS = 30;

export function openingBars({
	openings,
	threads,
	apply,
	stateBytes
}: {
	openings: Openings[];
	threads: number;
	apply: number[];
	stateBytes: number;
}): Bar[] {
	const galley = openings.find(({ peer }) => peer === GALLEY);
	if (!galley) return [];
	const rest = openings.filter((one) => one !== galley && one.first.length > 0);
	const best = (of: (one: Openings) => number) => {
		const all = rest.map((one) => ({ name: one.peer.name, value: of(one) }));
		return all.toSorted((a, b) => a.value - b.value)[0] ?? { name: 'nobody', value: NaN };
	};
	const floor = median(apply);
	const mebibytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;
	const timeOf = (runs: Openings['first']) => median(runs.map(({ ms }) => ms));
	const cpuOf = (runs: Openings['first']) => median(runs.map(({ nodeCpu }) => nodeCpu));
	const bytesOf = (runs: Openings['first']) => median(runs.map(({ bytes }) => bytes));
	const [time, cpu, bytes] = [timeOf, cpuOf, bytesOf].map((of) => best(({ first }) => of(first)));
	const timeBar = (measure: string, runs: Openings['first']): Bar => ({
		measure,
		galley: ms(timeOf(runs)),
		best: `${ms(time!.value)} ${time!.name}`,
		ratio: `${times(timeOf(runs) / floor)} (applyUpdate)`,
		bar: 'at most 1.25 × applyUpdate',
		holds: timeOf(runs) <= 1.25 * floor,
		floor: `${ms(floor)} applyUpdate`
	});
	const cpuBar = (measure: string, runs: Openings['first']): Bar => ({
		measure,
		galley: ms(cpuOf(runs)) + database(runs),
		best: `${ms(cpu!.value)} ${cpu!.name}`,
		ratio: times(cpuOf(runs) / cpu!.value),
		bar: `at most ${OPENED_CPU_MS} ms`,
		holds: cpuOf(runs) <= OPENED_CPU_MS,
		floor: ''
	});
	const size = `${threads.toLocaleString('en')} annotations × 3 replies`;
	return [
		timeBar(`5. open ${size}, first request after a restart`, galley.first),
		timeBar('   the same, a small article opened before', galley.later),
		{
			measure: '   bytes in',
			galley: mebibytes(bytesOf(galley.first)),
			best: `${mebibytes(bytes!.value)} ${bytes!.name}`,
			ratio: times(bytesOf(galley.first) / bytes!.value),
			bar: 'at most a third',
			holds: bytesOf(galley.first) * 3 <= Math.min(bytes!.value, stateBytes),
			floor: `${mebibytes(stateBytes)} state`
		},
		cpuBar('   server CPU, first request after a restart', galley.first),
		cpuBar('   server CPU, a small article opened before', galley.later)
	];
}

const KIB = 1024;

export const connectionBars = (results: ByPeer<Growth>): Bar[] =>
	found([
		hold(results, {
			measure: '6. an idle connection: resident memory',
			bar: 'at most 16 KiB',
			of: ({ resident }) => resident,
			show: kib,
			holds: (galley) => galley <= 16 * KIB
		}),
		hold(results, {
			measure: '   V8 heap and external',
			bar: 'at most 16 KiB',
			of: ({ heap }) => heap,
			show: kib,
			holds: (galley) => galley <= 16 * KIB
		})
	]);

/** What noise may leave of each of 200 articles, and is called nothing. */
const NOTHING_BYTES = 512;

export function articleBars(rounds: Growth[]): Bar[] {
	const bar = (measure: string, of: (round: Growth) => number): Bar => ({
		measure,
		galley: kib(median(rounds.map(of))),
		best: '',
		ratio: '',
		bar: `nothing (under ${kib(NOTHING_BYTES)})`,
		holds: median(rounds.map(of)) < NOTHING_BYTES,
		floor: ''
	});
	return [
		bar('   left of an article that was closed: V8 heap and external', ({ heap }) => heap),
		bar('   left of it: resident memory', ({ resident }) => resident)
	];
}

export function killBars(results: Map<Peer, Killed>, afterMs: number): Bar[] {
	const galley = results.get(GALLEY);
	if (!galley) return [];
	const lost = ({ lost, shown }: Killed) => `${lost} lost of ${shown} shown`;
	const best = [...results]
		.filter(([peer]) => peer !== GALLEY)
		.toSorted(([, a], [, b]) => a.lost / a.shown - b.lost / b.shown)[0];
	return [
		{
			measure: `7. kill -9 ${afterMs} ms after a write, ${galley.trials} trials`,
			galley: lost(galley),
			best: best ? `${lost(best[1])} ${best[0].name}` : '',
			ratio: '',
			bar: '0 lost',
			holds: galley.lost === 0,
			floor: ''
		}
	];
}

export function printBars(bars: Bar[]): void {
	const heads = ['measure', 'Galley', 'best other server', 'ratio', 'bar', 'holds', 'do-nothing relay'];
	const rows = bars.map((bar) => [
		bar.measure,
		bar.galley,
		bar.best,
		bar.ratio,
		bar.bar,
		bar.holds ? 'yes' : 'NO',
		bar.floor
	]);
	printTable([heads, ...rows]);
}

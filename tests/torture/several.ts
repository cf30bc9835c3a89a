/** Three processes on one database and one Redis [C3]: Redis away for a while, and one process killed, both under load. */
import { setTimeout as wait } from 'node:timers/promises';
import { layerRoom, SHARED } from '../../src/lib/domain/room.ts';
import { startCluster, type Cluster } from '../support/cluster.ts';
import { gather, type Crowd } from '../support/crowd.ts';
import { startOwnDatabase } from '../support/own-database.ts';
import { seeded } from '../support/seeded.ts';
import { storedDoc } from '../support/stored.ts';
import { some, type Outcome, type Trials } from './outcome.ts';

const PROCESSES = 3;
const ROOMS = 2;
const TRIALS_A_ROOM = 10;
const LONGEST_MS = 300;
const BACK_WITHIN_MS = 5000;

/** Three processes on a database server of their own: they take more connections than tests may that run side by side. */
export async function onCluster<T>(redisServer: string, run: (cluster: Cluster) => Promise<T>): Promise<T> {
	await using database = await startOwnDatabase();
	await using cluster = await startCluster(PROCESSES, {}, { redisServer, databaseServer: database.url });
	return await run(cluster);
}

/** Somebody on every process in every room; or everybody where the balancer puts them. */
async function crowdOf(cluster: Cluster, byBalancer: boolean): Promise<Crowd> {
	const origins = byBalancer
		? cluster.processes.map(() => cluster.origin)
		: cluster.processes.map(({ origin }) => origin);
	const rooms = await Promise.all(
		Array.from({ length: ROOMS }, async () => layerRoom(await cluster.article(), SHARED))
	);
	const person = await cluster.person('annotator');
	return gather(rooms.flatMap((room) => origins.map((origin) => ({ origin, person, room }))));
}

/** Work goes on and is saved on each process, and is seen on the others; afterwards all agree. */
export async function redisAway(
	cluster: Cluster,
	{ seed, count, awayMs }: Trials & { awayMs: number }
): Promise<Outcome> {
	const random = seeded(seed);
	using crowd = await crowdOf(cluster, false);
	await crowd.connected();
	let meanwhile = 0;
	for (let trial = 0; trial < count; trial++) {
		const writing = crowd.write(random);
		await wait(random.below(LONGEST_MS));
		for (const proxy of cluster.redis) proxy.cut();
		const before = crowd.written.size;
		await wait(awayMs);
		await writing.stop();
		meanwhile += crowd.written.size - before;
		await crowd.settled();
		await crowd.agreed();
		for (const proxy of cluster.redis) proxy.restore();
		const after = crowd.write(random);
		await wait(random.below(LONGEST_MS));
		await after.stop();
		await crowd.agreed();
	}
	await crowd.leave();
	const faults = some('promised and lost', await crowd.missing(cluster.origin));
	const line = `Redis away for ${awayMs / 1000} s, ${count} times: ${crowd.written.size} annotations, ${meanwhile} of them meanwhile; all agree`;
	return { line, faults };
}

/** Its people are on another process soon, and nothing that was promised is gone. */
export async function processKilled(cluster: Cluster, { seed, count }: Trials): Promise<Outcome> {
	const random = seeded(seed);
	const faults: string[] = [];
	let [longest, promisedBefore] = [0, 0];
	let crowd = await crowdOf(cluster, true);
	for (let trial = 0; trial < count; trial++) {
		if (trial > 0 && trial % TRIALS_A_ROOM === 0) {
			promisedBefore += crowd.promised.size;
			crowd[Symbol.dispose]();
			crowd = await crowdOf(cluster, true);
		}
		await crowd.connected();
		const writing = crowd.write(random);
		await wait(random.below(LONGEST_MS));
		const victim = random.below(cluster.processes.length);
		await cluster.kill(victim);
		const killed = performance.now();
		// the others go on promising while the log is read
		const promised = new Set(crowd.promised.keys());
		const docs = await Promise.all(crowd.rooms.map((room) => storedDoc(cluster.log, room)));
		const lost = crowd.rooms.flatMap((room, at) => crowd.missingIn(room, docs[at]!));
		faults.push(
			...some(
				`promised and lost in trial ${trial + 1}`,
				lost.filter((id) => promised.has(id))
			)
		);
		await crowd.connected();
		longest = Math.max(longest, performance.now() - killed);
		await writing.stop();
		await crowd.settled();
		await crowd.agreed();
		await cluster.restart(victim);
	}
	crowd[Symbol.dispose]();
	if (longest > BACK_WITHIN_MS) faults.push(`somebody was back only after ${Math.round(longest)} ms`);
	const line = `a process of ${cluster.processes.length} killed ${count} times: ${promisedBefore + crowd.promised.size} annotations promised, everybody back within ${Math.round(longest)} ms`;
	return { line, faults };
}

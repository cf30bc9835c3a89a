/**
 * `npm run torture` makes every fault as often as it is to be made; `npm run torture -- kills peers` what is named;
 * `--seed 7` repeats what chance did, `--quick` a tenth of it all. A line for each; ends with 1 when a rule was broken.
 */
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { buildWhenNeeded } from '../../server/build.ts';
import { layerRoom, SHARED } from '../../src/lib/domain/room.ts';
import { startCluster, type Cluster } from '../support/cluster.ts';
import { install } from '../support/installation.ts';
import { startOwnDatabase } from '../support/own-database.ts';
import { startRedis } from '../support/redis.ts';
import { coldJoin } from './cold-join.ts';
import { databaseAway } from './database-away.ts';
import { fuzzAll } from './fuzz.ts';
import { kills } from './kills.ts';
import type { Outcome } from './outcome.ts';
import { peers } from './peers.ts';
import { processKilled, redisAway } from './several.ts';
import { slowDisk } from './slow-disk.ts';

const PROCESSES = 3;

const { positionals: asked, values } = parseArgs({
	allowPositionals: true,
	options: { seed: { type: 'string' }, quick: { type: 'boolean', default: false } }
});
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const count = (full: number) => (values.quick ? Math.max(1, Math.round(full / 10)) : full);

const TRIALS: Record<string, () => Promise<Outcome>> = {
	kills: () => kills({ seed, count: count(200) }, 'galley'),
	'kills-database': () => kills({ seed, count: count(200) }, 'galley and database'),
	'database-away': () => databaseAway({ seed, count: count(50) }),
	'slow-disk': () => slowDisk({ seed, count: count(10) }),
	'cold-join': () => coldJoin({ seed, count: count(10) }),
	peers: () => peersOnOne(count(10)),
	'peers-on-three': () => onSeveral((cluster) => peersOn(cluster, count(10))),
	'redis-away': () =>
		onSeveral((cluster) => redisAway(cluster, { seed, count: 1, awayMs: values.quick ? 3000 : 30_000 })),
	'process-killed': () => onSeveral((cluster) => processKilled(cluster, { seed, count: count(50) })),
	fuzz: () => fuzzAll({ seed, count: count(100_000) })
};

async function peersOnOne(rounds: number): Promise<Outcome> {
	await using place = await install();
	const people = [place.owner, place.annotator];
	const article = () => place.article('The bridge stays closed.');
	return await peersIn({ origins: [place.origin], people, article }, rounds);
}

async function peersOn(cluster: Cluster, rounds: number): Promise<Outcome> {
	const people = [cluster.owner, await cluster.person('annotator'), await cluster.person('editor')];
	const origins = cluster.processes.map(({ origin }) => origin);
	return await peersIn({ origins, people, article: () => cluster.article() }, rounds);
}

/** Each round has its own room and seed. */
async function peersIn(
	{ article, ...grounds }: Omit<Parameters<typeof peers>[0], 'room'> & { article(): Promise<string> },
	rounds: number
): Promise<Outcome> {
	const outcomes: Outcome[] = [];
	for (let i = 0; i < rounds; i++) {
		const room = layerRoom(await article(), SHARED);
		const outcome = await peers({ ...grounds, room }, { seed: seed + i, operations: 1000 });
		outcomes.push({ ...outcome, faults: outcome.faults.map((fault) => `seed ${seed + i}: ${fault}`) });
	}
	return { line: `${rounds} × ${outcomes[0]!.line}`, faults: outcomes.flatMap(({ faults }) => faults) };
}

async function onSeveral(run: (cluster: Cluster) => Promise<Outcome>): Promise<Outcome> {
	const redis = await startRedis();
	if (!redis) return { line: 'left out: there is no redis-server on this machine', faults: [] };
	try {
		await using database = await startOwnDatabase();
		const servers = { redisServer: redis.url, databaseServer: database.url };
		await using cluster = await startCluster(PROCESSES, {}, servers);
		return await run(cluster);
	} finally {
		redis.stop();
	}
}

const unknown = asked.find((name) => !Object.hasOwn(TRIALS, name));
if (unknown !== undefined) {
	console.error(`There are no trials "${unknown}", only ${Object.keys(TRIALS).join(', ')}.`);
	process.exit(1);
}
buildWhenNeeded(fileURLToPath(new URL('../..', import.meta.url)));
console.log(`Seed ${seed}${values.quick ? ', a tenth of the full counts' : ''}`);
let broken = 0;
for (const name of asked.length > 0 ? asked : Object.keys(TRIALS)) {
	const begun = performance.now();
	const { line, faults } = await TRIALS[name]!().catch((error: Error) => ({
		line: 'did not come to an end',
		faults: [error.message]
	}));
	const seconds = Math.round((performance.now() - begun) / 1000);
	console.log(`  ${faults.length === 0 ? 'holds ' : 'BROKEN'}  ${name.padEnd(14)}  ${line} (${seconds} s)`);
	for (const fault of faults) console.log(`          ${fault}`);
	if (faults.length > 0)
		console.log(
			`          again: npm run torture -- ${name} --seed ${seed}${values.quick ? ' --quick' : ''}`
		);
	broken += faults.length;
}
process.exit(broken > 0 ? 1 : 0);

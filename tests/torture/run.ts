/**
 * `npm run torture` makes every fault as often as it is to be made; `npm run torture -- kills peers` what is named;
 * `--seed 7` repeats what chance did, `--quick` a tenth of it all. A line for each; ends with 1 when a rule was broken.
 */
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { buildWhenNeeded } from '../../server/build.ts';
import type { Cluster } from '../support/cluster.ts';
import { startRedis } from '../support/redis.ts';
import { coldJoin } from './cold-join.ts';
import { databaseAway } from './database-away.ts';
import { fuzzAll } from './fuzz.ts';
import { kills } from './kills.ts';
import type { Outcome } from './outcome.ts';
import { peersOnOne, peersOnSeveral } from './peers.ts';
import { onCluster, processKilled, redisAway } from './several.ts';
import { slowDisk } from './slow-disk.ts';

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
	peers: () => peersOnOne({ seed, count: count(10) }),
	'peers-on-three': () => onSeveral((cluster) => peersOnSeveral(cluster, { seed, count: count(10) })),
	'redis-away': () =>
		onSeveral((cluster) => redisAway(cluster, { seed, count: 1, awayMs: values.quick ? 3000 : 30_000 })),
	'process-killed': () => onSeveral((cluster) => processKilled(cluster, { seed, count: count(50) })),
	fuzz: () => fuzzAll({ seed, count: count(100_000) })
};

/** Where the machine has Redis. */
async function onSeveral(run: (cluster: Cluster) => Promise<Outcome>): Promise<Outcome> {
	const redis = await startRedis();
	if (!redis) return { line: 'left out: there is no redis-server on this machine', faults: [] };
	try {
		return await onCluster(redis.url, run);
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

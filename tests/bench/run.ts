/**
 * `npm run bench` measures everything, `npm run bench -- guard peers` what is named, `npm run bench -- peers/fan-out` one
 * measure beside other servers. `--runs 7` instead of 5 beside other servers, `--quick` one short run. Timings never fail.
 */
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildWhenNeeded } from '../../server/build.ts';
import { measureGuard } from './guard.ts';
import { measureHighlight } from './highlight.ts';
import { measureMemory } from './memory.ts';
import { measurePeers, PEER_MEASURES } from './peers/measure.ts';
import { print, type Figure } from './report.ts';
import { measureStart } from './start.ts';

const MEASURES: Record<string, () => Promise<Figure[]>> = {
	start: measureStart,
	highlight: measureHighlight,
	memory: measureMemory,
	guard: measureGuard
};
const PEERS = Object.keys(PEER_MEASURES).map((name) => `peers/${name}`);

const { positionals: asked, values } = parseArgs({
	allowPositionals: true,
	options: { quick: { type: 'boolean', default: false }, runs: { type: 'string', default: '5' } }
});
const known = [...Object.keys(MEASURES), 'peers', ...PEERS];
const unknown = asked.find((name) => !known.includes(name));
if (unknown !== undefined) {
	console.error(`There is no measure "${unknown}", only ${known.join(', ')}.`);
	process.exit(1);
}

await buildWhenNeeded(fileURLToPath(new URL('../..', import.meta.url)));
console.log(
	`Node ${process.version} · ${cpus().length} × ${cpus()[0]?.model} · load ${loadavg()[0]!.toFixed(1)}`
);
const isAsked = (name: string) => asked.length === 0 || asked.includes(name);
for (const [name, measure] of Object.entries(MEASURES)) {
	if (!isAsked(name)) continue;
	console.log(`\nnpm run bench -- ${name}`);
	print(await measure());
}
const only = PEERS.filter((name) => asked.includes(name)).map((name) => name.slice('peers/'.length));
if (isAsked('peers') || only.length > 0) {
	console.log('\nnpm run bench -- peers');
	const { quick } = values;
	await measurePeers({ runs: quick ? 1 : Number(values.runs), quick, only: isAsked('peers') ? [] : only });
}

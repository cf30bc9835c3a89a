/** `npm run bench` measures everything, `npm run bench -- guard fan-out` what is named. Timings never fail. */
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { buildWhenNeeded } from '../../server/build.ts';
import { measureColdOpen } from './cold-open.ts';
import { measureFanOut } from './fan-out.ts';
import { measureGuard } from './guard.ts';
import { measureHighlight } from './highlight.ts';
import { measureMemory } from './memory.ts';
import { print, type Figure } from './report.ts';
import { measureStart } from './start.ts';

const MEASURES: Record<string, () => Promise<Figure[]>> = {
	start: measureStart,
	highlight: measureHighlight,
	memory: measureMemory,
	'fan-out': measureFanOut,
	guard: measureGuard,
	'cold-open': measureColdOpen
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !Object.hasOwn(MEASURES, name));
if (unknown !== undefined) {
	console.error(`There is no measure "${unknown}", only ${Object.keys(MEASURES).join(', ')}.`);
	process.exit(1);
}

await buildWhenNeeded(fileURLToPath(new URL('../..', import.meta.url)));
console.log(
	`Node ${process.version} · ${cpus().length} × ${cpus()[0]?.model} · load ${loadavg()[0]!.toFixed(1)}`
);
for (const name of asked.length > 0 ? asked : Object.keys(MEASURES)) {
	console.log(`\nnpm run bench -- ${name}`);
	print(await MEASURES[name]!());
}

/** Opens a room once, or applies a state once, in this process alone, and says how long it took. */
import { readFileSync } from 'node:fs';
import * as Y from 'yjs';
import { annotationsOf } from '../../src/lib/ydoc/layer.ts';
import { join } from '../support/sockets.ts';

type How =
	{ file: string; origin?: undefined } | { origin: string; headers: Record<string, string>; room: string };
const how = JSON.parse(process.argv[2] ?? '{}') as How;

const doc = new Y.Doc();
const update = how.origin === undefined ? readFileSync(how.file) : null;
const begun = performance.now();
if (update) Y.applyUpdate(doc, update);
else if (how.origin !== undefined) {
	const joined = join(how, how, how.room, { doc });
	await joined.synced;
}
const ms = performance.now() - begun;
console.log(JSON.stringify({ ms, annotations: annotationsOf(doc).size }));
process.exit(0);

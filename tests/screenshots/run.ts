/**
 * `npm run screenshots` takes pictures of the product's states in real Chromium, with people at work in it, into the folder
 * `screenshots/` (not kept in git); `npm run screenshots -- palette finished` only those. `-- --readme` puts the ones that the
 * README shows into `static/`.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { prepareScene } from './scene.ts';
import { SHOTS } from './shots.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const { positionals: asked, values } = parseArgs({
	allowPositionals: true,
	options: { readme: { type: 'boolean', default: false } }
});
const unknown = asked.find((name) => !(name in SHOTS));
if (unknown !== undefined) {
	console.error(`There is no picture "${unknown}", only ${Object.keys(SHOTS).join(', ')}.`);
	process.exit(1);
}

const folder = join(ROOT, 'screenshots');
await mkdir(folder, { recursive: true });
let failed = 0;
await using scene = await prepareScene();
for (const [name, { looks, take, readme }] of Object.entries(SHOTS)) {
	if (asked.length > 0 && !asked.includes(name)) continue;
	for (const look of looks) {
		if (values.readme && !readme?.[look]) continue;
		const path = values.readme
			? join(ROOT, 'static', `${readme![look]}.png`)
			: join(folder, `${name}-${look}.png`);
		try {
			await take(scene, look, path);
			console.log(path);
		} catch (problem) {
			failed++;
			console.error(`${name}, ${look}: ${problem instanceof Error ? problem.message : String(problem)}`);
		}
		await Promise.all(scene.browser.contexts().map((context) => context.close()));
	}
}
process.exitCode = failed > 0 ? 1 : 0;

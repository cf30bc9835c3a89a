/** From `npm start` (already built) to the line that says that Galley listens; stopped in peace each time. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { dataFolder } from '../support/installation.ts';
import { against, median, ms, type Figure } from './report.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TIMES = 5;
const EMPTY_SERVER = "require('http').createServer().listen(0, () => console.log('Galley: '))";

/** Milliseconds until the command says that it listens; then it is ended, and waited for. */
async function timeStart(command: string, args: string[], env: Record<string, string> = {}): Promise<number> {
	const begun = performance.now();
	const child = spawn(command, args, {
		cwd: ROOT,
		env: { ...process.env, PORT: '0', LOG_LEVEL: 'error', ...env },
		stdio: ['ignore', 'pipe', 'inherit'],
		// a group of its own: npm, its shell and Galley are ended together
		detached: true
	});
	const closed = once(child, 'close');
	const listening = new Promise<number>((done, failed) => {
		createInterface({ input: child.stdout }).on('line', (line) => {
			if (line.startsWith('Galley: ')) done(performance.now() - begun);
		});
		void closed.then(() => failed(new Error(`${command} ${args.join(' ')} ended instead of listening.`)));
	});
	const time = await listening;
	process.kill(-child.pid!, 'SIGTERM');
	await closed;
	return time;
}

export async function measureStart(): Promise<Figure[]> {
	const times = { first: [] as number[], later: [] as number[], node: [] as number[] };
	for (let i = 0; i < TIMES; i++) {
		const folder = await dataFolder();
		times.first.push(await timeStart('npm', ['start'], { DATA_DIR: folder }));
		times.later.push(await timeStart('npm', ['start'], { DATA_DIR: folder }));
		times.node.push(await timeStart(process.execPath, ['-e', EMPTY_SERVER]));
		await rm(folder, { recursive: true, force: true });
	}
	const node = median(times.node);
	const figure = (what: string, values: number[]): Figure => ({
		what: `${what}, median of ${TIMES}`,
		value: ms(median(values)),
		floor: against('an empty server under Node', median(values), node, ms)
	});
	return [figure('first start, empty data folder', times.first), figure('later starts', times.later)];
}

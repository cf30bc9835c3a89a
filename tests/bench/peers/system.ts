/** What Linux tells of processes, and processes on one core of their own. */
import { execFileSync, spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { databaseProcesses } from '../../support/processes.ts';

/** The server (with its database) has one core, the load another. */
const SERVER_CORE = process.env.SERVER_CORE ?? '0';
const LOAD_CORE = process.env.LOAD_CORE ?? '1';

/** Why processes cannot be given cores of their own here, or null. */
export function cannotPin(): string | null {
	try {
		execFileSync('taskset', ['-V'], { stdio: 'ignore' });
	} catch {
		return 'taskset is missing';
	}
	if (availableParallelism() < 2) return 'there is only one core';
	return null;
}

/** Runs a Node on the servers' core. */
export const spawnServer = (
	node: string,
	args: string[],
	options: { cwd: string; env: NodeJS.ProcessEnv; stdio: StdioOptions }
): ChildProcess => spawn('taskset', ['-c', SERVER_CORE, node, ...args], options);

/** Runs a file of this folder on the load's core, with `task` as its input; what it printed last, as JSON. */
export async function runLoad<T>(file: string, task: object): Promise<T> {
	const path = fileURLToPath(new URL(file, import.meta.url));
	const args = ['-c', LOAD_CORE, process.execPath, path];
	const child = spawn('taskset', args, { stdio: ['pipe', 'pipe', 'inherit'] });
	child.stdin.end(JSON.stringify(task));
	let printed = '';
	child.stdout.on('data', (data) => (printed += data));
	const [code] = (await once(child, 'close')) as [number | null];
	if (code !== 0) throw new Error(`${file} ended with ${code}.`);
	return JSON.parse(printed.trim().split('\n').at(-1)!) as T;
}

/** What `runLoad` has given this process to do. */
export const readTask = <T>(): T => JSON.parse(readFileSync(0, 'utf8')) as T;

/** Seconds of processor time so far: of a server's own process, and of the embedded database's under its data folder. */
export const serverCpu = ({ pid, folder }: { pid: number; folder: string }) => ({
	node: cpuSeconds([pid]),
	database: cpuSeconds(databaseProcesses(folder))
});

/** Seconds that all threads of these processes have had; one that has ended counts nothing. */
const cpuSeconds = (pids: number[]): number => pids.reduce((sum, pid) => sum + cpuNanoseconds(pid), 0) / 1e9;

function cpuNanoseconds(pid: number): number {
	try {
		return readdirSync(`/proc/${pid}/task`).reduce(
			(sum, thread) =>
				sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
			0
		);
	} catch {
		return 0;
	}
}

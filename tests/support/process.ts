/** A Galley process as people start it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface GalleyProcess {
	origin: string;
	/** of an installation without a newsroom */
	setupToken: string | null;
	child: ChildProcess;
	/** everything it has written so far */
	output(): string;
	/** asks it to end as an operator would; its exit code */
	stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/**
 * `detached`: in a process group of its own, as a terminal gives it.
 * @throws with what it wrote when it ends instead of listening
 */
export async function startGalley(
	env: Record<string, string>,
	{ detached = false } = {}
): Promise<GalleyProcess> {
	const child = spawn(process.execPath, ['server/main.ts'], {
		cwd: ROOT,
		env: { ...inherited(), PORT: '0', LOG_LEVEL: 'error', ...env },
		detached,
		stdio: ['ignore', 'pipe', 'pipe']
	});
	let written = '';
	child.stderr!.on('data', (data) => (written += data));
	const ended = once(child, 'exit');
	const lines = createInterface({ input: child.stdout! });
	const origin = await new Promise<string>((listening, failed) => {
		lines.on('line', (line) => {
			written += `${line}\n`;
			const address = /^Galley: (.*)$/.exec(line)?.[1];
			if (address) listening(address);
		});
		void ended.then(() => failed(new Error(`Galley ended instead of listening:\n${written}`)));
	});
	// the setup line, where there is one, follows in the same write
	await new Promise((done) => setImmediate(done));
	const setupToken = async () => {
		const response = await fetch(`${origin}/api/v1/setup`);
		const { needed } = (await response.json()) as { needed: boolean };
		while (needed && !/^setup: /m.test(written)) await once(lines, 'line');
		return /^setup: .*token=(\S+)$/m.exec(written)?.[1] ?? null;
	};
	return {
		origin,
		setupToken: await setupToken(),
		child,
		output: () => written,
		stop: async (signal = 'SIGTERM') => {
			if (child.exitCode === null && child.signalCode === null) child.kill(signal);
			const [code] = (await ended) as [number | null];
			return code;
		}
	};
}

/** `npm run galley -- <command>`, as an operator gives it: its exit code and everything it wrote. */
export async function runCommand(
	args: string[],
	env: Record<string, string>
): Promise<{ code: number | null; output: string }> {
	const child = spawn(process.execPath, ['server/galley.ts', ...args], {
		cwd: ROOT,
		env: { ...inherited(), ...env },
		stdio: ['ignore', 'pipe', 'pipe']
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
	const [code] = (await once(child, 'close')) as [number | null];
	return { code, output };
}

/** Without what the test run itself is configured by. Hundreds of processes start: none compiles what another has. */
function inherited(): Record<string, string | undefined> {
	const env: Record<string, string | undefined> = {
		...process.env,
		NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/compiled')
	};
	for (const name of [
		'DATABASE_URL',
		'REDIS_URL',
		'DATA_DIR',
		'ORIGIN',
		'HOST',
		'NODE_ENV',
		'VITEST',
		'NODE_OPTIONS'
	])
		delete env[name];
	return env;
}

/** A Redis for the run: that of TEST_REDIS_URL, else one started from the machine's `redis-server`, else none. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestProject } from 'vitest/node';
import { freePort } from './free-port.ts';

declare module 'vitest' {
	interface ProvidedContext {
		/** null: there is none, and tests of several processes are left out */
		redisServer: string | null;
	}
}

export default async function setup(project: TestProject) {
	const started = process.env.TEST_REDIS_URL ? null : await startRedis();
	// the closing line says what was left out
	if (started) process.env.TEST_REDIS_URL = started.url;
	project.provide('redisServer', process.env.TEST_REDIS_URL ?? null);
	return () => started?.stop();
}

/** Null: the machine has none. */
export async function startRedis(): Promise<{ url: string; stop(): void } | null> {
	const port = await freePort();
	const settings = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no'];
	const server = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'ignore'] });
	const missing = once(server, 'error').then(() => false);
	const ready = new Promise<boolean>((done) => {
		createInterface({ input: server.stdout }).on('line', (line) => {
			if (line.includes('Ready to accept connections')) done(true);
		});
	});
	if (!(await Promise.race([ready, missing]))) return null;
	return { url: `redis://127.0.0.1:${port}`, stop: () => void server.kill() };
}

/** A server under measurement: started on its core with a data folder of its own, and the rooms that are made in it. */
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { layerRoom, SHARED } from '../../../src/lib/domain/room.ts';
import { databaseProcesses, kill9 } from '../../support/processes.ts';
import { installPeer } from './install.ts';
import type { Door } from './lean-client.ts';
import { GALLEY, type Peer } from './peers.ts';
import { freePort } from '../../support/free-port.ts';
import { spawnServer } from './system.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PROBE = fileURLToPath(new URL('probe.ts', import.meta.url));
const START_PATIENCE_MS = 30_000;
const STOP_PATIENCE_MS = 15_000;

/** Bytes of the V8 heap and of what hangs on it outside, after a collection. */
export interface Heap {
	heap: number;
	external: number;
}

export interface RunningServer extends AsyncDisposable {
	readonly peer: Peer;
	readonly port: number;
	readonly pid: number;
	readonly folder: string;
	/** who writes; Galley accepts annotations only under their writer's name */
	principal: string;
	/** so many new rooms, and how to come into them */
	makeRooms(count: number): Promise<Door[]>;
	/** collects garbage in the server first */
	heap(): Promise<Heap>;
	/** ends it in peace, or with its database by SIGKILL; then starts another on the same data and port */
	restart(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
	kill(): Promise<void>;
}

export async function startServer(peer: Peer): Promise<RunningServer> {
	const folder = await mkdtemp(join(tmpdir(), 'galley-bench-'));
	const port = await freePort();
	let child = await launch(peer, port, folder);
	let setUp: Promise<Newsroom> | null = null;
	let made = 0;
	const kill = async () => {
		const ended = once(child, 'exit');
		for (const pid of [child.pid!, ...databaseProcesses(folder)]) kill9(pid);
		if (child.exitCode === null && child.signalCode === null) await ended;
	};
	const server: RunningServer = {
		peer,
		port,
		folder,
		principal: 'user:bench',
		get pid() {
			return child.pid!;
		},
		makeRooms: async (count) => {
			const newsroom = peer === GALLEY ? await (setUp ??= openNewsroom(port, folder)) : null;
			if (newsroom) server.principal = newsroom.principal;
			const doors: Door[] = [];
			for (let i = 0; i < count; i++) {
				const room = newsroom ? layerRoom(await newsroom.article(), SHARED) : `room-${made++}`;
				const headers = newsroom?.headers ?? {};
				doors.push({ dialect: peer.dialect, port, path: peer.pathOf(room), room, headers });
			}
			return doors;
		},
		heap: async () => {
			const before = heapsIn(folder).length;
			child.kill('SIGUSR2');
			while (heapsIn(folder).length === before) await wait(20);
			return heapsIn(folder).at(-1)!;
		},
		restart: async (signal) => {
			if (signal === 'SIGKILL') await kill();
			else {
				const ended = once(child, 'exit');
				child.kill(signal);
				// a server that does not end by itself is ended
				await Promise.race([ended, wait(STOP_PATIENCE_MS).then(kill)]);
			}
			child = await launch(peer, port, folder);
		},
		kill,
		[Symbol.asyncDispose]: async () => {
			await kill();
			await rm(folder, { recursive: true, force: true, maxRetries: 5 });
		}
	};
	return server;
}

const logOf = (folder: string) => join(folder, 'process.log');

/** Resolves when the port answers. */
async function launch(peer: Peer, port: number, folder: string) {
	const installed = installPeer(peer);
	const { args, env } = peer.start({ port, installed: installed.folder, data: folder });
	const output = openSync(logOf(folder), 'a');
	const child = spawnServer(installed.node, ['--expose-gc', '--import', PROBE, ...args], {
		cwd: peer === GALLEY ? ROOT : folder,
		env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
		stdio: ['ignore', output, output]
	});
	closeSync(output);
	const until = performance.now() + START_PATIENCE_MS;
	while (!(await answers(port))) {
		if (child.exitCode !== null || performance.now() > until)
			throw new Error(`${peer.name} does not start:\n${readFileSync(logOf(folder), 'utf8')}`);
		await wait(15);
	}
	return child;
}

function answers(port: number): Promise<boolean> {
	return new Promise((done) => {
		const socket = connect({ port, host: '127.0.0.1' }, () => {
			socket.destroy();
			done(true);
		});
		socket.on('error', () => done(false));
	});
}

const heapsIn = (folder: string): Heap[] =>
	[...readFileSync(logOf(folder), 'utf8').matchAll(/^probe: (.*)$/gm)].map(([, json]) => JSON.parse(json!));

interface Newsroom {
	principal: string;
	headers: Record<string, string>;
	article(): Promise<string>;
}

async function openNewsroom(port: number, folder: string): Promise<Newsroom> {
	const post = async <T>(path: string, body: object, headers = {}): Promise<T> => {
		const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', ...headers },
			body: JSON.stringify(body)
		});
		if (response.status !== 201) throw new Error(`POST ${path}: ${await response.text()}`);
		return (await response.json()) as T;
	};
	let token: string | undefined;
	while (!token) {
		token = /^setup: .*token=(\S+)$/m.exec(readFileSync(logOf(folder), 'utf8'))?.[1];
		if (!token) await wait(20);
	}
	const olga = { name: 'Olga', email: 'olga@example.org', password: 'correct horse battery' };
	const setup = { token, newsroom: 'The Ilm Courier', ...olga };
	const { userId, apiToken } = await post<{ userId: string; apiToken: string }>('/setup', setup);
	const headers = { authorization: `Bearer ${apiToken}` };
	const article = { title: 'Bench', text: 'The bridge stays closed.' };
	return {
		principal: `user:${userId}`,
		headers,
		article: async () => (await post<{ id: string }>('/articles', article, headers)).id
	};
}

/** Galley on an empty data folder of its own, with its embedded PostgreSQL (or one that `env` names), and a newsroom set up. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseProcesses, kill9 } from './processes.ts';
import { startGalley, type GalleyProcess } from './process.ts';

export const PASSWORD = 'correct horse battery';

export interface Member {
	email: string;
	password: string;
	principal: string;
	headers: Record<string, string>;
}

export interface Installation extends AsyncDisposable {
	readonly origin: string;
	readonly process: GalleyProcess;
	/** its data */
	folder: string;
	owner: Member;
	annotator: Member;
	/** a new article; its id */
	article(text: string): Promise<string>;
	/** ends the process in peace and starts another on the same data */
	restart(): Promise<void>;
	/** SIGKILL, in this order: of the process, of the embedded database's processes */
	kill(...whom: ('galley' | 'database')[]): Promise<void>;
	/** another process in the place of one that was killed, at the same address */
	start(): Promise<void>;
}

export const dataFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'galley-bench-'));

export async function install(env: Record<string, string> = {}): Promise<Installation> {
	const folder = await dataFolder();
	let galley = await startGalley({ DATA_DIR: folder, ...env });
	const start = async () => {
		galley = await startGalley({ DATA_DIR: folder, ...env, PORT: new URL(galley.origin).port });
	};
	const post = async <T>(path: string, body: object, headers = {}): Promise<T> => {
		const response = await fetch(`${galley.origin}/api/v1${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', ...headers },
			body: JSON.stringify(body)
		});
		if (response.status !== 201) throw new Error(`POST ${path}: ${await response.text()}`);
		return (await response.json()) as T;
	};
	const account = (name: string) => ({ name, email: `${name}@example.org`, password: PASSWORD });
	const member = (email: string, { userId, apiToken }: { userId: string; apiToken: string }): Member => ({
		email,
		password: PASSWORD,
		principal: `user:${userId}`,
		headers: { authorization: `Bearer ${apiToken}` }
	});
	const olga = account('olga');
	const owner = member(
		olga.email,
		await post('/setup', { token: galley.setupToken, newsroom: 'The Ilm Courier', ...olga })
	);
	const ann = account('ann');
	const annotator = member(ann.email, await post('/people', { role: 'annotator', ...ann }, owner.headers));
	return {
		get origin() {
			return galley.origin;
		},
		get process() {
			return galley;
		},
		folder,
		owner,
		annotator,
		article: async (text) =>
			(await post<{ id: string }>('/articles', { title: 'Bench', text }, owner.headers)).id,
		restart: async () => {
			await galley.stop();
			await start();
		},
		kill: async (...whom) => {
			for (const one of whom)
				if (one === 'database') databaseProcesses(folder).forEach(kill9);
				else galley.child.kill('SIGKILL');
			await galley.stop('SIGKILL');
		},
		start,
		[Symbol.asyncDispose]: async () => {
			await galley.stop();
			await rm(folder, { recursive: true, force: true, maxRetries: 5 });
		}
	};
}

/** A PostgreSQL server of a test's own, to be stopped and started as one likes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startPostgres } from '../../server/postgres.ts';
import { databaseProcesses } from './processes.ts';

export interface OwnDatabase extends AsyncDisposable {
	url: string;
	/** `fast` ends connections, `immediate` ends as a crash does; resolves when no process of it lives */
	stop(mode: 'fast' | 'immediate'): Promise<void>;
	start(): Promise<void>;
}

const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

export async function startOwnDatabase(): Promise<OwnDatabase> {
	const folder = await mkdtemp(join(tmpdir(), 'galley-database-'));
	let server = await startPostgres(folder);
	if (!('host' in server.connection)) throw new Error('The embedded PostgreSQL is reached over a socket.');
	const { host, user, database } = server.connection;
	return {
		url: `postgresql://${user}@localhost/${database}?host=${encodeURIComponent(host)}`,
		stop: async (mode) => {
			const [postmaster] = databaseProcesses(folder);
			process.kill(postmaster!, SIGNALS[mode]);
			// its pid file goes last
			while (databaseProcesses(folder).length > 0) await wait(5);
		},
		start: async () => {
			server = await startPostgres(folder);
		},
		[Symbol.asyncDispose]: async () => {
			await server.stop();
			await rm(folder, { recursive: true, force: true });
		}
	};
}

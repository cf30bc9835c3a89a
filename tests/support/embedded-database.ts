/** One embedded PostgreSQL for the run; each newsroom gets a database of its own on it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../server/postgres.ts';
import { provideDatabases } from './database.ts';

export default async function setup(project: TestProject) {
	const folder = await mkdtemp(join(tmpdir(), 'galley-test-'));
	const { connection, stop } = await startPostgres(folder);
	if (!('host' in connection)) throw new Error('The embedded PostgreSQL is reached over a socket.');
	const host = encodeURIComponent(connection.host);
	await provideDatabases(project, `postgresql://${connection.user}@localhost/postgres?host=${host}`);
	return async () => {
		await stop();
		await rm(folder, { recursive: true, force: true });
	};
}

/** Databases of their own for tests. */
import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { openSession } from '../../src/lib/server/database.ts';

declare module 'vitest' {
	interface ProvidedContext {
		/** address of a database on the server that tests may make databases on */
		databaseServer: string;
	}
}

export interface TestDatabase {
	url: string;
	drop(): Promise<void>;
}

export async function createDatabase(server = inject('databaseServer')): Promise<TestDatabase> {
	const name = `galley_test_${randomBytes(8).toString('hex')}`;
	const run = async (sql: string) => {
		const session = await openSession({ connectionString: server });
		await session.executeScript(sql);
		await session.dispose();
	};
	await run(`CREATE DATABASE ${name}`);
	const url = new URL(server);
	url.pathname = `/${name}`;
	return { url: url.href, drop: () => run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

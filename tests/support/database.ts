/** Databases of their own for tests. */
import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { openDatabase, openSession } from '../../src/lib/server/database.ts';
import { migrate } from '../../src/lib/server/migrate.ts';

declare module 'vitest' {
	interface ProvidedContext {
		/** address of a database on the server that tests may make databases on */
		databaseServer: string;
		/** name of one there that is up to date and holds nothing */
		migratedDatabase: string;
	}
}

export interface TestDatabase {
	name: string;
	url: string;
	drop(): Promise<void>;
}

/** An empty one. @param template the database that it is a copy of */
export async function createDatabase(
	server = inject('databaseServer'),
	template = 'template1'
): Promise<TestDatabase> {
	const name = `galley_test_${randomBytes(8).toString('hex')}`;
	const run = async (sql: string) => {
		const session = await openSession({ connectionString: server });
		await session.executeScript(sql);
		await session.dispose();
	};
	await run(`CREATE DATABASE ${name} TEMPLATE ${template}`);
	const url = new URL(server);
	url.pathname = `/${name}`;
	return { name, url: url.href, drop: () => run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** One that is up to date: a newsroom starts in it without the schema engine, which takes a second. */
export const createMigratedDatabase = (): Promise<TestDatabase> =>
	createDatabase(inject('databaseServer'), inject('migratedDatabase'));

/** Says, for all tests of a run, where they find databases. @returns what puts it away */
export async function provideDatabases(project: TestProject, server: string): Promise<() => Promise<void>> {
	const { name, url, drop } = await createDatabase(server);
	const connection = { connectionString: url };
	const db = openDatabase(connection);
	await migrate(db, connection);
	await db.$disconnect();
	project.provide('databaseServer', server);
	project.provide('migratedDatabase', name);
	return drop;
}

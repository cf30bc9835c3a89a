/** Brings a database up to date with prisma/migrations. */
import type { Connection, Database } from './database.ts';
import { listMigrations, migrationNames, NO_FILTER, openSchemaEngine } from './schema-engine.ts';

/** Applies what is missing, in order; returns the names. The engine is loaded only when something is. */
export async function migrate(db: Database, connection: Connection): Promise<string[]> {
	const applied = await appliedMigrations((sql) => db.$queryRawUnsafe(sql));
	const missing = (await migrationNames()).filter((name) => !applied.has(name));
	if (missing.length === 0) return [];
	const { engine, close } = await openSchemaEngine(connection);
	try {
		const done = await engine.applyMigrations({ migrationsList: await listMigrations(), filters: NO_FILTER });
		return done.appliedMigrationNames;
	} finally {
		await close();
	}
}

/** The names of those that are; none where nothing has ever been applied. `query` answers the rows. */
export async function appliedMigrations(query: (sql: string) => Promise<unknown[]>): Promise<Set<string>> {
	const [table] = (await query(`SELECT to_regclass('_prisma_migrations')::text AS name`)) as {
		name: string | null;
	}[];
	if (!table?.name) return new Set();
	const rows = (await query(
		'SELECT migration_name FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL'
	)) as { migration_name: string }[];
	return new Set(rows.map((row) => row.migration_name));
}

/** The table in which the schema engine keeps what is applied, as the engine makes it. */
export const CREATE_MIGRATIONS_TABLE = `CREATE TABLE "_prisma_migrations" (
	id VARCHAR(36) PRIMARY KEY NOT NULL,
	checksum VARCHAR(64) NOT NULL,
	finished_at TIMESTAMPTZ,
	migration_name VARCHAR(255) NOT NULL,
	logs TEXT,
	rolled_back_at TIMESTAMPTZ,
	started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
	applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

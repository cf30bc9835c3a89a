/** Brings a database up to date with prisma/migrations. */
import type { Connection, Database } from './database.ts';
import { listMigrations, migrationNames, NO_FILTER, openSchemaEngine } from './schema-engine.ts';

/** Applies what is missing, in order; returns the names. The engine is loaded only when something is. */
export async function migrate(db: Database, connection: Connection): Promise<string[]> {
	const applied = await appliedNames(db);
	const missing = (await migrationNames()).filter((name) => !applied.has(name));
	if (missing.length === 0) return [];
	const engine = await openSchemaEngine(connection);
	try {
		const done = await engine.applyMigrations({ migrationsList: await listMigrations(), filters: NO_FILTER });
		return done.appliedMigrationNames;
	} finally {
		engine.free();
	}
}

async function appliedNames(db: Database): Promise<Set<string>> {
	const [table] = await db.$queryRaw<
		{ name: string | null }[]
	>`SELECT to_regclass('_prisma_migrations')::text AS name`;
	if (!table?.name) return new Set();
	const rows = await db.$queryRaw<{ migration_name: string }[]>`
		SELECT migration_name FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`;
	return new Set(rows.map((row) => row.migration_name));
}

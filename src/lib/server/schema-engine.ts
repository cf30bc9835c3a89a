/**
 * Prisma's official schema engine in WebAssembly: the native one would be downloaded at run time. It keeps the
 * `_prisma_migrations` table that `prisma migrate deploy` knows.
 */
import { randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm';
import { WholeScripts, type Connection } from './database.ts';

// found from the working folder: bundled pages lie elsewhere than this file
const PRISMA_FOLDER = fileURLToPath(new URL('../../../prisma/', import.meta.url));
export const MIGRATIONS_FOLDER = join(PRISMA_FOLDER, 'migrations');
export const NO_FILTER = { externalTables: [], externalEnums: [] };

/** With `close()`, which ends its connections too. */
export async function openSchemaEngine(
	connection: Connection
): Promise<{ engine: SchemaEngine; close(): Promise<void> }> {
	const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
	// a module of its own for each: one has room for one instance, and two at work would spoil each other's
	const glue = await import(`${pathToFileURL(join(folder, 'schema_engine_bg.js')).href}?${randomUUID()}`);
	const bytes = await readFile(join(folder, 'schema_engine_bg.wasm'));
	const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': glue });
	glue.__wbg_set_wasm(instance.exports);
	(instance.exports as { __wbindgen_start(): void }).__wbindgen_start();
	const scripts = new WholeScripts(connection);
	const engine: SchemaEngine = await glue.SchemaEngine.new(
		{ datamodels: [['schema.prisma', await readSchema()]] },
		() => {},
		bindMigrationAwareSqlAdapterFactory(scripts)
	);
	return {
		engine,
		close: async () => {
			engine.free();
			await scripts.close();
		}
	};
}

export const readSchema = () => readFile(join(PRISMA_FOLDER, 'schema.prisma'), 'utf8');

export async function migrationNames(): Promise<string[]> {
	const entries = await readdir(MIGRATIONS_FOLDER, { withFileTypes: true });
	return entries
		.filter((entry) => entry.isDirectory())
		.map((entry) => entry.name)
		.sort();
}

export async function listMigrations(): Promise<MigrationList> {
	const directories = (await migrationNames()).map(async (path) => ({
		path,
		migrationFile: {
			path: 'migration.sql',
			content: {
				tag: 'ok' as const,
				value: await readFile(join(MIGRATIONS_FOLDER, path, 'migration.sql'), 'utf8')
			}
		}
	}));
	return {
		baseDir: MIGRATIONS_FOLDER,
		lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"' },
		shadowDbInitScript: '',
		migrationDirectories: await Promise.all(directories)
	};
}

/**
 * `npm run migration <name>`: writes the SQL that leads from the committed schema.prisma to the one in the working
 * tree into a new folder, to be read and completed by hand (triggers, data).
 */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../server/postgres.ts';
import {
	migrationNames,
	MIGRATIONS_FOLDER,
	NO_FILTER,
	openSchemaEngine,
	readSchema
} from '../src/lib/server/schema-engine.ts';

const name = process.argv[2];
if (!name || !/^[a-z0-9_]+$/.test(name)) throw new Error('Usage: npm run migration <name_in_small_letters>');

const committed = () => execFileSync('git', ['show', 'HEAD:prisma/schema.prisma'], { encoding: 'utf8' });
const datamodel = (content: string) => ({
	tag: 'schemaDatamodel' as const,
	files: [{ path: 'schema.prisma', content }]
});

// two data models are compared, but the engine wants a database to speak to
const scratch = await mkdtemp(join(tmpdir(), 'galley-migration-'));
const postgres = await startPostgres(scratch);
const { engine, close } = await openSchemaEngine(postgres.connection);
const first = (await migrationNames()).length === 0;
const { stdout: script } = await engine.diff({
	from: first ? { tag: 'empty' } : datamodel(committed()),
	to: datamodel(await readSchema()),
	script: true,
	exitCode: null,
	filters: NO_FILTER
});
await close();
await postgres.stop();
await rm(scratch, { recursive: true });
if (!script || script.includes('This is an empty migration'))
	throw new Error('schema.prisma says nothing new.');
const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
const folder = join(MIGRATIONS_FOLDER, `${stamp}_${name}`);
await mkdir(folder);
await writeFile(join(folder, 'migration.sql'), script);
console.log(`Written: ${folder}/migration.sql`);

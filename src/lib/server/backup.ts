/** Backup and restore of a whole database: one moment of it, while it is in use, as one file (backup-file.ts). */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from, to } from 'pg-copy-streams';
import {
	BackupError,
	BackupReader,
	checkBackup,
	countRows,
	FORMAT,
	writeBackup,
	type BackupHeader
} from './backup-file.ts';
import type { Connection } from './database.ts';
import { appliedMigrations, CREATE_MIGRATIONS_TABLE } from './migrate.ts';
import { migrationNames, MIGRATIONS_FOLDER } from './schema-engine.ts';

/** What this connection says holds whatever the server, the database or the role is set to. */
const SESSION = `SET LOCAL client_encoding = 'UTF8'; SET LOCAL datestyle = 'ISO'; SET LOCAL statement_timeout = 0;
	SET LOCAL search_path = public`;

/**
 * Writes everything that is stored at this moment to a new file. Nobody waits for it: it reads one snapshot.
 * @throws {BackupError} the database holds no Galley · the file exists
 */
export async function backup(connection: Connection, file: string, now: Date): Promise<BackupHeader> {
	return inTransaction(connection, 'ISOLATION LEVEL REPEATABLE READ READ ONLY', async (client) => {
		const header = await describe(client, now);
		await writeBackup(file, header, readTables(client, header));
		return header;
	});
}

/**
 * Fills an empty database with what the file holds, all or nothing. Its tables are made as they were then: migrate()
 * brings them up to date.
 * @throws {BackupError} the database is not empty · the file is no backup, damaged, or of a newer Galley
 */
export async function restore(connection: Connection, file: string): Promise<BackupHeader> {
	const header = await checkBackup(file);
	const known = await migrationNames();
	const unknown = header.migrations.find((name) => !known.includes(name));
	if (unknown)
		throw new BackupError(`${file} was written by a newer Galley: it has the migration ${unknown}.`);
	await inTransaction(connection, '', async (client) => {
		await requireEmpty(client);
		await using reader = await BackupReader.open(file);
		await reader.header();
		await client.query(CREATE_MIGRATIONS_TABLE);
		for (const name of header.migrations)
			await client.query(await readFile(join(MIGRATIONS_FOLDER, name, 'migration.sql'), 'utf8'));
		for (const table of header.tables) await fill(client, table, reader);
		for (const { name, last, called } of header.sequences)
			await client.query('SELECT setval($1::regclass, $2::bigint, $3)', [quote(name), last, called]);
	});
	return header;
}

async function inTransaction<T>(
	connection: Connection,
	mode: string,
	work: (client: pg.Client) => Promise<T>
): Promise<T> {
	const client = new pg.Client({ ...connection });
	// a connection that breaks fails the statement that waits for it
	client.on('error', () => {});
	await client.connect();
	try {
		await client.query(`BEGIN ${mode}`);
		await client.query(SESSION);
		const done = await work(client);
		await client.query('COMMIT');
		return done;
	} finally {
		// whatever was not committed is rolled back
		await client.end();
	}
}

const quote = (name: string) => pg.escapeIdentifier(name);
const columnsOf = ({ columns }: { columns: string[] }) => columns.map(quote).join(', ');

// what an extension brought is made by the extension again
const OURS = `c.relnamespace = 'public'::regnamespace
	AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`;

async function describe(client: pg.Client, now: Date): Promise<BackupHeader> {
	const migrations = [...(await appliedMigrations(async (sql) => (await client.query(sql)).rows))].sort();
	if (migrations.length === 0) throw new BackupError('There is no Galley in this database.');
	const listed = await client.query<{ name: string; columns: string[]; refers: string[] }>(`
		SELECT c.relname AS name,
			ARRAY(
				SELECT attname::text FROM pg_attribute
				WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
			) AS columns,
			ARRAY(
				SELECT r.relname::text FROM pg_constraint k JOIN pg_class r ON r.oid = k.confrelid
				WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid <> c.oid
			) AS refers
		FROM pg_class c WHERE ${OURS} AND c.relkind = 'r' ORDER BY c.relname`);
	const names = listed.rows.map(({ name }) => quote(name)).join(', ');
	// no migration may change them meanwhile
	await client.query(`LOCK TABLE ${names} IN ACCESS SHARE MODE`);
	const tables: BackupHeader['tables'] = [];
	for (const { name, columns } of inOrder(listed.rows)) {
		const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${quote(name)}`);
		tables.push({ name, columns, rows: Number(rows[0]!.count) });
	}
	const named = await client.query<{ name: string }>(
		`SELECT c.relname AS name FROM pg_class c WHERE ${OURS} AND c.relkind = 'S' ORDER BY c.relname`
	);
	const sequences: BackupHeader['sequences'] = [];
	for (const { name } of named.rows) sequences.push(await readSequence(client, name));
	const version = await client.query<{ server_version: string }>('SHOW server_version');
	return {
		galley: 'backup',
		format: FORMAT,
		made: now.toISOString(),
		postgres: version.rows[0]!.server_version,
		migrations,
		tables,
		sequences
	};
}

async function readSequence(client: pg.Client, name: string): Promise<BackupHeader['sequences'][number]> {
	const { rows } = await client.query<{ last: string; called: boolean }>(
		`SELECT last_value AS last, is_called AS called FROM ${quote(name)}`
	);
	return { name, ...rows[0]! };
}

/** Each table after those that it refers to. */
function inOrder<T extends { name: string; refers: string[] }>(tables: T[]): T[] {
	const ordered: T[] = [];
	const isPlaced = (name: string) => ordered.some((table) => table.name === name);
	while (ordered.length < tables.length) {
		const next = tables.find(({ name, refers }) => !isPlaced(name) && refers.every(isPlaced));
		if (!next) throw new BackupError('Tables refer to each other in a circle.');
		ordered.push(next);
	}
	return ordered;
}

async function* readTables(client: pg.Client, { tables }: BackupHeader): AsyncGenerator<Uint8Array> {
	for (const table of tables) {
		let rows = 0;
		const copy = client.query(to(`COPY ${quote(table.name)} (${columnsOf(table)}) TO STDOUT`));
		for await (const piece of copy as AsyncIterable<Buffer>) {
			rows += countRows(piece);
			yield piece;
		}
		if (rows !== table.rows) throw new BackupError(`${table.name} changed while it was read.`);
	}
}

async function requireEmpty(client: pg.Client): Promise<void> {
	const { rowCount } = await client.query(
		`SELECT FROM pg_class c WHERE ${OURS} AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') LIMIT 1`
	);
	if (rowCount !== 0)
		throw new BackupError('The database is not empty: a backup is only brought into a new one.');
}

/** The triggers that keep a log and a finished set from being written are off for as long as this takes. */
async function fill(
	client: pg.Client,
	table: BackupHeader['tables'][number],
	reader: BackupReader
): Promise<void> {
	const name = quote(table.name);
	await client.query(`ALTER TABLE ${name} DISABLE TRIGGER USER`);
	const copy = client.query(from(`COPY ${name} (${columnsOf(table)}) FROM STDIN`));
	await pipeline(reader.rows(table.rows), copy);
	if (copy.rowCount !== table.rows)
		throw new BackupError(`${table.name} came back with ${copy.rowCount} rows.`);
	await client.query(`ALTER TABLE ${name} ENABLE TRIGGER USER`);
}

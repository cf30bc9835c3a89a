/** Looks a database over, while it is in use: every log replays, every set is what was signed off. */
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import { layerHash, setHash, type FinishedSet } from '../domain/finished-set.ts';
import { readAnnotation, readAnnotations, reactionsOf, type Doc } from '../ydoc/layer.ts';
import { clientsOf, replay } from '../ydoc/replay.ts';
import { openDatabase, Prisma, type Connection, type Database } from './database.ts';
import { sha256 } from './hash.ts';
import { toLogged } from './logged-value.ts';
import { appliedMigrations } from './migrate.ts';
import { loadRoom, type Snapshot, type StoredRoom } from './room-log.ts';
import { migrationNames } from './schema-engine.ts';
import { loadSet } from './set-rows.ts';
import { statesOf } from './thread-states.ts';

export interface Examined {
	rooms: number;
	sets: number;
	faults: number;
}

const PAGE = 200;
const SET_PATIENCE_MS = 60_000;

/** Reads one room or set at a time, each as it stands at one moment; each fault is told as one line. */
export async function examine(connection: Connection, tell: (fault: string) => void): Promise<Examined> {
	const examined: Examined = { rooms: 0, sets: 0, faults: 0 };
	const say = (where: string, faults: string[]) => {
		for (const fault of faults) tell(`${where}: ${fault}`);
		examined.faults += faults.length;
	};
	const client = new pg.Client({ ...connection });
	client.on('error', () => {});
	await client.connect();
	const db = openDatabase(connection);
	try {
		const faults = await schemaFaults(client);
		say('database', faults);
		// what is not of this version cannot be read
		if (faults.length > 0) return examined;
		say('database', await triggerFaults(client));
		for await (const room of pages(client, 'SELECT "name" AS key FROM "Room"', '"name"')) {
			examined.rooms++;
			say(`room ${room}`, await atOneMoment(client, () => roomFaults(client, room)));
			say(`room ${room}`, await atOneMoment(client, () => stateFaults(client, room)));
		}
		for await (const id of pages(client, 'SELECT "id" AS key FROM "FinishedSet"', '"id"')) {
			examined.sets++;
			say(`set ${id}`, await setFaults(db, id));
		}
		return examined;
	} finally {
		await db.$disconnect();
		await client.end();
	}
}

/** The keys of a table, a page at a time. */
async function* pages(client: pg.Client, select: string, key: string): AsyncGenerator<string> {
	let after: string | null = null;
	for (;;) {
		const where: string = after === null ? '' : `WHERE ${key} > $2`;
		const values: unknown[] = after === null ? [PAGE] : [PAGE, after];
		const page = await client.query<{ key: string }>(`${select} ${where} ORDER BY ${key} LIMIT $1`, values);
		for (const row of page.rows) yield row.key;
		if (page.rows.length < PAGE) return;
		after = page.rows.at(-1)!.key;
	}
}

async function atOneMoment<T>(client: pg.Client, read: () => Promise<T>): Promise<T> {
	await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
	try {
		return await read();
	} finally {
		await client.query('ROLLBACK');
	}
}

async function schemaFaults(client: pg.Client): Promise<string[]> {
	const applied = await appliedMigrations(async (sql) => (await client.query(sql)).rows);
	if (applied.size === 0) return ['there is no Galley in it'];
	const known = await migrationNames();
	return [
		...known.filter((name) => !applied.has(name)).map((name) => `the migration ${name} is not applied`),
		...[...applied]
			.filter((name) => !known.includes(name))
			.map((name) => `the migration ${name} is unknown here`)
	];
}

async function triggerFaults(client: pg.Client): Promise<string[]> {
	const { rows } = await client.query<{ trigger: string; table: string }>(`
		SELECT tgname AS trigger, relname AS table FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
		WHERE relnamespace = 'public'::regnamespace AND tgenabled = 'D' ORDER BY relname, tgname`);
	return rows.map(({ trigger, table }) => `the trigger ${trigger} of ${table} is switched off`);
}

async function roomFaults(client: pg.Client, room: string): Promise<string[]> {
	const stored = await loadRoom(client, room);
	if (!stored) return [];
	const missing = await missingUpdates(client, room, stored);
	// what comes after a hole hangs in the air
	if (missing.length > 0) return missing;
	const state = stored.snapshot && inflate(stored.snapshot.state);
	if (stored.snapshot && !state) return ['the snapshot cannot be decompressed'];
	const { doc, faults } = replay(stored.snapshot && { ...stored.snapshot, state: state! }, stored.tail);
	try {
		faults.push(...(await unknownClients(client, room, doc)));
		if (faults.length === 0) faults.push(...(await changeFaults(client, room, doc)));
		return faults;
	} finally {
		doc.destroy();
	}
}

function inflate(state: Uint8Array): Uint8Array | null {
	try {
		return gunzipSync(state);
	} catch {
		return null;
	}
}

/** Numbers follow each other; and the log goes on for as long as the named changes do. */
async function missingUpdates(
	client: pg.Client,
	room: string,
	{ number, snapshot, tail }: StoredRoom<Snapshot>
): Promise<string[]> {
	const missing: [first: number, last: number][] = [];
	let next = (snapshot?.number ?? 0) + 1;
	// what was a snapshot in an older version is the first update, whatever its number
	if (!snapshot && tail[0] && (await isByServer(client, room, tail[0].number))) next = tail[0].number;
	for (const { number } of tail) {
		if (number > next) missing.push([next, number - 1]);
		next = number + 1;
	}
	const { rows } = await client.query<{ last: number | null }>(
		'SELECT max("number") AS last FROM "RoomChange" WHERE "room" = $1',
		[room]
	);
	const last = rows[0]!.last ?? 0;
	if (last > number) missing.push([number + 1, last]);
	return missing.map(([first, last]) =>
		first === last ? `update ${first} is missing` : `updates ${first} to ${last} are missing`
	);
}

async function isByServer(client: pg.Client, room: string, number: number): Promise<boolean> {
	const { rowCount } = await client.query(
		'SELECT FROM "RoomUpdate" WHERE "room" = $1 AND "number" = $2 AND "byServer"',
		[room, number]
	);
	return rowCount === 1;
}

/** Everybody's clientID is known to be theirs [G10]. */
async function unknownClients(client: pg.Client, room: string, doc: Doc): Promise<string[]> {
	const { rows } = await client.query<{ id: string }>(
		'SELECT "clientId" AS id FROM "RoomClient" WHERE "room" = $1',
		[room]
	);
	const known = new Set(rows.map(({ id }) => Number(id)));
	return clientsOf(doc)
		.filter((id) => !known.has(id))
		.map((id) => `nobody is known to have written as client ${id}`);
}

interface LastChange {
	annotation: string;
	key: string;
	after: unknown;
}

const ADDED = 'annotation';
const REACTIONS = 'reactions ';

/** The named changes and the bytes beside them tell the same [S5]: a byte that has flipped in somebody's words shows here. */
async function changeFaults(client: pg.Client, room: string, doc: Doc): Promise<string[]> {
	const { rows } = await client.query<LastChange>(
		`SELECT "annotation", "key", "after" FROM (
			SELECT DISTINCT ON ("annotation", "key") * FROM "RoomChange" WHERE "room" = $1 AND "annotation" IS NOT NULL
			ORDER BY "annotation", "key", "number" DESC, "index" DESC
		) AS last ORDER BY "number", "index"`,
		[room]
	);
	const faults: string[] = [];
	const told = Map.groupBy(rows, ({ annotation }) => annotation);
	for (const { id } of readAnnotations(doc))
		if (!told.get(id)?.some(({ key }) => key === ADDED))
			faults.push(`no change has brought annotation ${id}`);
	for (const [id, changes] of told) {
		const differing = differences(doc, id, changes);
		if (differing.length > 0)
			faults.push(`annotation ${id} is not what its changes say: ${differing.join(', ')}`);
	}
	return faults;
}

/** The keys of which the document says something else than the last changes. */
function differences(doc: Doc, id: string, changes: LastChange[]): string[] {
	const said = new Map<string, unknown>();
	for (const { key, after } of changes)
		if (key === ADDED) for (const [name, value] of Object.entries(after ?? {})) said.set(name, value);
		else said.set(key, after);
	const annotation = readAnnotation(doc, id) as Record<string, unknown> | undefined;
	if (changes.some(({ key }) => key === ADDED))
		for (const key of Object.keys(annotation ?? {})) if (!said.has(key)) said.set(key, null);
	const found = (key: string) =>
		key.startsWith(REACTIONS)
			? reactionsOf(doc).get(`${id} ${key.slice(REACTIONS.length)}`)
			: annotation?.[key];
	const asLogged = (value: unknown) => JSON.parse(toLogged(value) ?? 'null') as unknown;
	return [...said]
		.filter(([key, value]) => !isDeepStrictEqual(asLogged(found(key)), value))
		.map(([key]) => key);
}

/** What is kept of threads for the list of articles is what the log says, unless the log has grown since. */
async function stateFaults(client: pg.Client, room: string): Promise<string[]> {
	const kept = Prisma.sql`SELECT ${STATE} FROM "ThreadState" WHERE "room" = ${room}`;
	const said = Prisma.sql`SELECT ${STATE} FROM (${statesOf(Prisma.sql`ARRAY[${room}]`)}) AS s`;
	const { rows } = await client.query<{ thread: string }>(Prisma.sql`
		SELECT DISTINCT "thread" FROM (
			(${kept} EXCEPT ${said}) UNION ALL (${said} EXCEPT ${kept})
		) AS differing
		WHERE (SELECT "number" FROM "CountedLayer" WHERE "room" = ${room})
			= (SELECT max("number") FROM "RoomChange" WHERE "room" = ${room})
		ORDER BY "thread"`);
	return rows.map(
		({ thread }) => `what is kept of thread ${thread} for the list of articles is not what the log says`
	);
}

const STATE = Prisma.sql`"thread", "isOpen", "assignee", "news", "newsBy", "newsBefore", "mentions"`;

async function setFaults(db: Database, id: string): Promise<string[]> {
	const set = await db.$transaction((tx) => loadSet(tx, id), {
		isolationLevel: 'RepeatableRead',
		timeout: SET_PATIENCE_MS
	});
	return set ? hashFaults(set) : [];
}

function hashFaults({ hash, ...set }: FinishedSet): string[] {
	const faults = set.layers
		.filter((layer) => layerHash(layer, sha256) !== layer.hash)
		.map(({ layer }) => `the annotations of layer ${layer} are not those that were signed off`);
	if (sha256(set.text) !== set.textSha256) faults.push('the text is not the one that was signed off');
	if (setHash(set, sha256) !== hash) faults.push('the set is not what was signed off');
	return faults;
}

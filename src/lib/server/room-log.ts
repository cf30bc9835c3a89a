/**
 * The log of rooms as SQL: append, load, read on, compact [S5, S7, C2]. Group commit stands on it in server/log.ts. It goes
 * to the driver itself: each frame of each person passes here, and Prisma's way to it would cost more than all the rest.
 */
import pg from 'pg';
import { copyRow } from './copy-row.ts';
import type { Connection } from './database.ts';

export type LogPool = pg.Pool;

const POOL = 6;
// an append that is still under way after this long counts as failed; compaction relies on it
const STATEMENT_TIMEOUT_MS = 20_000;

export function openLog(connection: Connection): LogPool {
	const pool = new pg.Pool({ ...connection, max: POOL, statement_timeout: STATEMENT_TIMEOUT_MS });
	// a connection that breaks while it is idle is replaced by the next query; without a listener it would end the process
	pool.on('error', () => {});
	return pool;
}

/** One commit of one room. `number` is the one after the last that its process has read. */
export interface Commit {
	room: string;
	number: number;
	update: Uint8Array;
	/** nothing in it comes from a person */
	byServer: boolean;
	changes: LoggedChange[];
	/** clientIDs that are new in the room, with whose they are [G10] */
	clients: { clientId: number; principal: string }[];
}

export interface LoggedChange {
	principal: string;
	annotation: string | null;
	key: string;
	/** JSON text; null: no value */
	before: string | null;
	after: string | null;
}

/** What has to be known of a snapshot without decoding it. */
export interface SnapshotHead {
	number: number;
	/** of the update before compression */
	bytes: number;
	stateVector: Uint8Array;
	/** an update without structs: all that is deleted */
	deletes: Uint8Array;
}

export interface Snapshot extends SnapshotHead {
	/** gzip of one update */
	state: Uint8Array;
}

export interface LoggedUpdate {
	number: number;
	update: Uint8Array;
}

/** What the log holds of a room: a snapshot, if any, and the updates after it. */
export interface StoredRoom<S extends SnapshotHead = SnapshotHead> {
	/** of the last update; 0 before the first */
	number: number;
	snapshot: S | null;
	tail: LoggedUpdate[];
}

const APPEND = `
	WITH input AS MATERIALIZED (
		SELECT * FROM json_to_recordset($1::json) AS t (room text, number int, start int, length int, server bool)
	), updates AS (
		INSERT INTO "RoomUpdate" ("room", "number", "update", "byServer")
		SELECT room, number, substr($2::bytea, start, length), server FROM input
		WHERE NOT EXISTS (SELECT FROM "RoomSnapshot" s WHERE s."room" = input.room AND s."number" >= input.number)
		ON CONFLICT DO NOTHING
		RETURNING "room", "number"
	), changes AS (
		INSERT INTO "RoomChange" ("room", "number", "index", "principal", "annotation", "key", "before", "after")
		SELECT c.room, c.number, c.index, c.principal, c.annotation, c.key, c.before::jsonb, c.after::jsonb
		FROM json_to_recordset($3::json) AS c (
			room text, number int, index int, principal text, annotation text, key text, before text, after text
		) JOIN updates u ON u."room" = c.room AND u."number" = c.number
	), clients AS (
		INSERT INTO "RoomClient" ("room", "clientId", "principal")
		SELECT c.room, c.client, c.principal
		FROM json_to_recordset($4::json) AS c (room text, number int, client bigint, principal text)
		JOIN updates u ON u."room" = c.room AND u."number" = c.number
	)
	SELECT "room" FROM updates`;

/**
 * Stores the commits of any number of rooms in one statement. Answers the rooms whose commits are on disk: for the
 * others another process has appended first.
 * @throws unique violation: a clientID has been registered meanwhile · GA409: an article is finished · 55P03: one is being
 *   finished. Nothing is stored then.
 */
export async function appendCommits(pool: LogPool, commits: Commit[]): Promise<Set<string>> {
	let start = 1;
	const rows = commits.map(({ room, number, update, byServer }) => {
		const row = { room, number, start, length: update.length, server: byServer };
		start += update.length;
		return row;
	});
	const changes = commits.flatMap(({ room, number, changes }) =>
		changes.map((change, index) => ({ room, number, index, ...change }))
	);
	const clients = commits.flatMap(({ room, number, clients }) =>
		clients.map(({ clientId, principal }) => ({ room, number, client: clientId, principal }))
	);
	const values = [
		JSON.stringify(rows),
		commits.length === 1 ? bufferOf(commits[0]!.update) : Buffer.concat(commits.map(({ update }) => update)),
		JSON.stringify(changes),
		JSON.stringify(clients)
	];
	// prepared once a connection: planning it anew costs more than running it
	const { rows: stored } = await pool.query<{ room: string }>({ name: 'append', text: APPEND, values });
	return new Set(stored.map(({ room }) => room));
}

// one statement, so that a compaction shows whole or not at all
const LOAD = `
	SELECT 0 AS kind, s."number", s."bytes", s."stateVector" AS a, s."deletes" AS b,
		CASE WHEN $2::bool THEN s."state" END AS state
	FROM "Room" r LEFT JOIN "RoomSnapshot" s ON s."room" = r."name" WHERE r."name" = $1::text
	UNION ALL
	SELECT 1, u."number", NULL, u."update", NULL, NULL FROM "RoomUpdate" u
	WHERE u."room" = $1::text AND u."number" > COALESCE((SELECT "number" FROM "RoomSnapshot" WHERE "room" = $1::text), 0)
	ORDER BY kind, "number"`;

interface LoadRow {
	kind: number;
	number: number | null;
	bytes: number | null;
	a: Uint8Array | null;
	b: Uint8Array | null;
	state: Uint8Array | null;
}

type Queryable = Pick<LogPool, 'query'>;

/** What is stored of a room, its snapshot undecoded and left where it is; null when there is no such room. */
export const loadHead = (pool: Queryable, room: string): Promise<StoredRoom | null> =>
	load(pool, room, false) as Promise<StoredRoom | null>;

/** Everything stored of a room; null when there is no such room. */
export const loadRoom = (pool: Queryable, room: string): Promise<StoredRoom<Snapshot> | null> =>
	load(pool, room, true) as Promise<StoredRoom<Snapshot> | null>;

async function load(
	pool: Queryable,
	room: string,
	whole: boolean
): Promise<StoredRoom<SnapshotHead | Snapshot> | null> {
	const { rows } = await pool.query<LoadRow>({ name: 'load', text: LOAD, values: [room, whole] });
	const [first, ...rest] = rows;
	if (!first) return null;
	const tail = rest.map(({ number, a }) => ({ number: number!, update: a! }));
	const snapshot =
		first.number === null
			? null
			: {
					number: first.number,
					bytes: first.bytes!,
					stateVector: first.a!,
					deletes: first.b!,
					...(whole && { state: first.state! })
				};
	return { number: tail.at(-1)?.number ?? snapshot?.number ?? 0, snapshot, tail };
}

/** The number of the room's snapshot, its bytes left where they are; 0: it has none yet, null: there is no such room. */
export async function snapshotNumber(pool: LogPool, room: string): Promise<number | null> {
	const { rows } = await pool.query<{ number: number }>({
		name: 'snapshot-number',
		text: `SELECT COALESCE(s."number", 0) AS number
			FROM "Room" r LEFT JOIN "RoomSnapshot" s ON s."room" = r."name" WHERE r."name" = $1`,
		values: [room]
	});
	return rows[0]?.number ?? null;
}

/** The snapshot as it stands; null: there is none (yet). */
export async function loadSnapshot(
	pool: LogPool,
	room: string
): Promise<Pick<Snapshot, 'number' | 'bytes' | 'state'> | null> {
	const row = await copyRow(
		pool,
		`SELECT "number", "bytes", "state" FROM "RoomSnapshot" WHERE "room" = ${pg.escapeLiteral(room)}`
	);
	if (!row) return null;
	const [number, bytes, state] = row;
	return { number: number!.readInt32BE(), bytes: bytes!.readInt32BE(), state: state! };
}

/** An update that another process appended, with the annotations whose changes it holds (null: the text). */
export interface ForeignUpdate extends LoggedUpdate {
	room: string;
	annotations: (string | null)[];
}

/** The updates of several rooms after the numbers given, in order. */
export async function readOn(
	pool: LogPool,
	after: { room: string; number: number }[]
): Promise<ForeignUpdate[]> {
	const { rows } = await pool.query<ForeignUpdate>({
		name: 'read-on',
		text: `
			SELECT u."room", u."number", u."update", ARRAY(
				SELECT DISTINCT c."annotation" FROM "RoomChange" c WHERE c."room" = u."room" AND c."number" = u."number"
			) AS annotations
			FROM unnest($1::text[], $2::int[]) AS t (room, number)
			JOIN "RoomUpdate" u ON u."room" = t.room AND u."number" > t.number
			ORDER BY u."room", u."number"`,
		values: [after.map(({ room }) => room), after.map(({ number }) => number)]
	});
	return rows;
}

/** Of these rooms, those whose log is longer than the number given, with its length, also where the updates themselves have been compacted away. */
export async function listGrown(
	pool: LogPool,
	known: { room: string; number: number }[]
): Promise<{ room: string; number: number }[]> {
	const { rows } = await pool.query<{ room: string; number: number }>({
		name: 'grown',
		text: `
			SELECT room, number FROM (
				SELECT t.room, t.number AS known, GREATEST(
					(SELECT max(u."number") FROM "RoomUpdate" u WHERE u."room" = t.room),
					(SELECT s."number" FROM "RoomSnapshot" s WHERE s."room" = t.room)
				) AS number
				FROM unnest($1::text[], $2::int[]) AS t (room, number)
			) AS heads
			WHERE number > known`,
		values: [known.map(({ room }) => room), known.map(({ number }) => number)]
	});
	return rows;
}

/** clientID → principal, of everybody who has ever written in the room. */
export async function loadClients(pool: LogPool, room: string): Promise<Map<number, string>> {
	const { rows } = await pool.query<{ clientId: string; principal: string }>({
		name: 'clients',
		text: 'SELECT "clientId", "principal" FROM "RoomClient" WHERE "room" = $1',
		values: [room]
	});
	return new Map(rows.map(({ clientId, principal }) => [Number(clientId), principal]));
}

/**
 * Writes the snapshot, then removes the updates that went into it. It may be interrupted anywhere. The updates of the last
 * minute stay: a process that has fallen behind and appends in this moment must find its number taken [C2].
 */
export async function compactRoom(pool: Queryable, room: string, snapshot: Snapshot): Promise<void> {
	const { number, bytes, state, stateVector, deletes } = snapshot;
	await pool.query(
		`INSERT INTO "RoomSnapshot" ("room", "number", "bytes", "state", "stateVector", "deletes")
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT ("room") DO UPDATE SET "number" = excluded."number", "bytes" = excluded."bytes",
			"state" = excluded."state", "stateVector" = excluded."stateVector", "deletes" = excluded."deletes"
		WHERE "RoomSnapshot"."number" < excluded."number"`,
		[room, number, bytes, bufferOf(state), bufferOf(stateVector), bufferOf(deletes)]
	);
	await pool.query(
		`DELETE FROM "RoomUpdate" WHERE "room" = $1 AND "number" <= $2 AND "at" < now() - interval '1 minute'`,
		[room, number]
	);
}

/** Whether PostgreSQL refused an append because the article is finished [G12]. */
export const isFinishedError = (error: unknown): boolean => codeOf(error) === 'GA409';

/** Whether a row is there already: of an append, a clientID that somebody has registered meanwhile. */
export const isTakenError = (error: unknown): boolean => codeOf(error) === '23505';

/** Whether an article is being changed at this moment: an append to it may come again at once. */
export const isBusyError = (error: unknown): boolean => codeOf(error) === '55P03';

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;

/** The driver takes a Buffer for bytes and anything else for text. */
const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

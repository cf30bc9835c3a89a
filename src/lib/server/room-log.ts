/** The log of rooms as SQL: append, load, compact [S5, S7, C2]. Group commit stands on it in server/log.ts. */
import { Prisma, type Database, type Transaction } from './database.ts';

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

/** What the log holds of a room: a snapshot, if any, and the updates after it. */
export interface StoredRoom {
	/** of the last update */
	number: number;
	updates: Uint8Array[];
	/** of the snapshot, 0 without one; of the updates after it */
	snapshotBytes: number;
	tailBytes: number;
}

/**
 * Stores the commits of any number of rooms in one statement: all or none.
 * @throws unique violation: another process has appended to one of the rooms · GA409: an article is finished
 */
export async function appendCommits(db: Database | Transaction, commits: Commit[]): Promise<void> {
	const changes = commits.flatMap(({ room, number, changes }) =>
		changes.map((change, index) => ({ room, number, index, ...change }))
	);
	const clients = commits.flatMap(({ room, clients }) => clients.map((client) => ({ room, ...client })));
	await db.$executeRaw`
		WITH updates AS (
			INSERT INTO "RoomUpdate" ("room", "number", "update", "byServer")
			SELECT * FROM unnest(
				${commits.map((c) => c.room)}::text[],
				${commits.map((c) => c.number)}::int[],
				${commits.map((c) => Buffer.from(c.update))}::bytea[],
				${commits.map((c) => c.byServer)}::bool[]
			)
		), clients AS (
			INSERT INTO "RoomClient" ("room", "clientId", "principal")
			SELECT * FROM unnest(
				${clients.map((c) => c.room)}::text[],
				${clients.map((c) => BigInt(c.clientId))}::bigint[],
				${clients.map((c) => c.principal)}::text[]
			)
		)
		INSERT INTO "RoomChange" ("room", "number", "index", "principal", "annotation", "key", "before", "after")
		SELECT room, number, index, principal, annotation, key, before::jsonb, after::jsonb FROM unnest(
			${changes.map((c) => c.room)}::text[],
			${changes.map((c) => c.number)}::int[],
			${changes.map((c) => c.index)}::int[],
			${changes.map((c) => c.principal)}::text[],
			${changes.map((c) => c.annotation)}::text[],
			${changes.map((c) => c.key)}::text[],
			${changes.map((c) => c.before)}::text[],
			${changes.map((c) => c.after)}::text[]
		) AS t (room, number, index, principal, annotation, key, before, after)`;
}

/** Everything stored of a room, or null when there is no such room. */
export async function loadRoom(db: Database | Transaction, room: string): Promise<StoredRoom | null> {
	// in this order: a compaction that comes between the two leaves a snapshot that holds what it removed
	const updates = await db.roomUpdate.findMany({
		where: { room },
		orderBy: { number: 'asc' },
		select: { number: true, update: true }
	});
	const found = await db.room.findUnique({ where: { name: room }, select: { snapshot: true } });
	if (!found) return null;
	const { snapshot } = found;
	// an interrupted compaction may leave updates that the snapshot holds already
	const tail = updates.filter(({ number }) => number > (snapshot?.number ?? 0));
	return {
		number: tail.at(-1)?.number ?? snapshot?.number ?? 0,
		updates: [...(snapshot ? [snapshot.state] : []), ...tail.map(({ update }) => update)],
		snapshotBytes: snapshot?.state.length ?? 0,
		tailBytes: tail.reduce((sum, { update }) => sum + update.length, 0)
	};
}

/** clientID → principal, of everybody who has ever written in the room. */
export async function loadClients(db: Database, room: string): Promise<Map<number, string>> {
	const rows = await db.roomClient.findMany({ where: { room } });
	return new Map(rows.map(({ clientId, principal }) => [Number(clientId), principal]));
}

/** Writes the snapshot up to `number`, then removes the updates that went into it. It may be interrupted anywhere. */
export async function compactRoom(
	db: Database,
	room: string,
	number: number,
	state: Uint8Array
): Promise<void> {
	const bytes = Buffer.from(state);
	await db.$executeRaw`
		INSERT INTO "RoomSnapshot" ("room", "number", "state") VALUES (${room}, ${number}, ${bytes})
		ON CONFLICT ("room") DO UPDATE SET "number" = excluded."number", "state" = excluded."state"
		WHERE "RoomSnapshot"."number" < excluded."number"`;
	await db.$executeRaw`DELETE FROM "RoomUpdate" WHERE "room" = ${room} AND "number" <= ${number}`;
}

/** Whether PostgreSQL refused an append because the article is finished [G12]. */
export const isFinishedError = (error: unknown): boolean =>
	error instanceof Prisma.PrismaClientKnownRequestError && JSON.stringify(error.meta ?? {}).includes('GA409');

/** What is new to somebody in an article, and what they have read. It is told by the log, so it is the same on all their devices. */
import type { Actor } from '../domain/policy.ts';
import { layerRoom } from '../domain/room.ts';
import { openLayers, requireArticle } from './access.ts';
import { Prisma, type Database } from './database.ts';
import { newsTo, readBy, statesOf } from './thread-states.ts';

export interface UnreadThread {
	/** of its root */
	id: string;
	/** something new in it mentions me */
	mentions: boolean;
}

const roomsOf = (actor: Actor, articleId: string): Prisma.Sql =>
	Prisma.sql`${openLayers(actor, articleId).map((layer) => layerRoom(articleId, layer))}::text[]`;

/** The threads with something new by others, in the layers that the actor may open. @throws {AppError} not found */
export async function listUnread(db: Database, actor: Actor, articleId: string): Promise<UnreadThread[]> {
	await requireArticle(db, actor, articleId);
	const rooms = roomsOf(actor, articleId);
	const rows = await db.$queryRaw<{ thread: string; mentionsMe: boolean }[]>`
		SELECT "thread", "mentionsMe" FROM (${readBy(actor.principal, statesOf(rooms))}) AS t WHERE "unread"`;
	return rows.map(({ thread, mentionsMe }) => ({ id: thread, mentions: mentionsMe }));
}

/** Marks threads as read up to then (null: now); those that are not there are passed over. @throws {AppError} not found */
export async function markRead(
	db: Database,
	actor: Actor,
	articleId: string,
	threads: string[],
	at: Date | null
): Promise<void> {
	await requireArticle(db, actor, articleId);
	const rooms = roomsOf(actor, articleId);
	await db.$executeRaw`
		INSERT INTO "ThreadRead" ("principal", "room", "thread", "number")
		SELECT DISTINCT ${actor.principal}, c."room", c."annotation", last."number"
		FROM "RoomChange" c JOIN (${lastNumbers(rooms, at)}) AS last ON last."room" = c."room"
		WHERE c."room" = ANY (${rooms}) AND c."annotation" = ANY(${threads}) AND c."key" = 'annotation'
			AND c."after" ->> 'replyTo' IS NULL
		ORDER BY c."room", c."annotation" -- two tabs of one person lock rows in one order
		ON CONFLICT ("principal", "room", "thread")
			DO UPDATE SET "number" = greatest("ThreadRead"."number", excluded."number")`;
}

/** What others did last in these threads is unread again; where nobody else did anything, nothing is. @throws {AppError} not found */
export async function markUnread(
	db: Database,
	actor: Actor,
	articleId: string,
	threads: string[]
): Promise<void> {
	await requireArticle(db, actor, articleId);
	const me = actor.principal;
	// what is unread from before may be more
	await db.$executeRaw`
		INSERT INTO "ThreadRead" ("principal", "room", "thread", "number")
		SELECT ${me}, s."room", s."thread", ${newsTo(me)} - 1
		FROM (${readBy(me, statesOf(roomsOf(actor, articleId)))}) AS s
		WHERE s."thread" = ANY (${threads}) AND NOT s."unread" AND ${newsTo(me)} IS NOT NULL
		ORDER BY s."room", s."thread"
		ON CONFLICT ("principal", "room", "thread") DO UPDATE SET "number" = excluded."number"`;
}

/** Marks all that was there then (null: now) as read. @throws {AppError} not found */
export async function markAllRead(
	db: Database,
	actor: Actor,
	articleId: string,
	at: Date | null
): Promise<void> {
	await requireArticle(db, actor, articleId);
	const rooms = roomsOf(actor, articleId);
	await db.$transaction([
		db.$executeRaw`
			INSERT INTO "RoomRead" ("principal", "room", "number")
			SELECT ${actor.principal}, last."room", last."number" FROM (${lastNumbers(rooms, at)}) AS last
			ON CONFLICT ("principal", "room") DO UPDATE SET "number" = greatest("RoomRead"."number", excluded."number")`,
		// they say less now
		db.$executeRaw`
			DELETE FROM "ThreadRead" t USING (${lastNumbers(rooms, at)}) AS last
			WHERE t."principal" = ${actor.principal} AND t."room" = last."room" AND t."number" <= last."number"`
	]);
}

const lastNumbers = (rooms: Prisma.Sql, at: Date | null) => Prisma.sql`
	SELECT "room", max("number") AS "number" FROM "RoomChange"
	WHERE "room" = ANY (${rooms}) AND (${at}::timestamptz IS NULL OR "at" <= ${at}) GROUP BY "room"`;

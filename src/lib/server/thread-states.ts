/** What the logs of layers say of threads, as SQL; and kept as rows, so that a list of all articles need not read all logs. */
import { Prisma, type Database } from './database.ts';

/** What others do that one wants to know of. */
const NEWS = Prisma.sql`('annotation', 'body', 'status', 'assignee', 'decision')`;

/** The value that the key has now: as it was set last, or as it came with the annotation. */
const now = (key: string) => Prisma.sql`COALESCE((array_agg(
	CASE c."key" WHEN 'annotation' THEN c."after" ->> ${key} ELSE c."after" #>> '{}' END
	ORDER BY c."number" DESC, c."index" DESC
) FILTER (WHERE c."key" IN ('annotation', ${key})))[1], '')`;

/** A value that never changes. */
const always = (key: string) => Prisma.sql`max(c."after" ->> ${key}) FILTER (WHERE c."key" = 'annotation')`;

/** What each annotation of the layers says now, but for the deleted ones: a deleted root's replies are there. */
const entriesOf = (rooms: Prisma.Sql) => Prisma.sql`
	SELECT *, "annotation" = "thread" AS "isRoot" FROM (
		SELECT c."room", c."annotation", COALESCE(${always('replyTo')}, c."annotation") AS "thread",
			${always('creator')} AS "creator", ${always('motivation')} AS "motivation",
			${now('body')} AS "body", ${now('status')} AS "status", ${now('assignee')} AS "assignee",
			max(c."number") FILTER (WHERE c."key" IN ('annotation', 'body')) AS "worded",
			(array_agg(
				c."key" = 'purged' OR c."after" IS NOT NULL ORDER BY c."number" DESC, c."index" DESC
			) FILTER (WHERE c."key" IN ('deleted', 'purged')))[1] AS "deleted"
		FROM "RoomChange" c WHERE c."room" = ANY (${rooms}) AND c."annotation" IS NOT NULL
		GROUP BY c."room", c."annotation"
	) AS said WHERE "deleted" IS NOT TRUE`;

/** A query with the rows of ThreadState as the logs of these layers have them now. */
export const statesOf = (rooms: Prisma.Sql) => Prisma.sql`
	WITH "entries" AS MATERIALIZED (${entriesOf(rooms)}),
	"said" AS (
		SELECT e."room", e."thread",
			bool_or(e."isRoot" AND e."status" <> 'resolved') AS "asks",
			bool_or(e."isRoot" AND (e."motivation" <> 'highlighting' OR e."body" <> '')) AS "says",
			bool_or(NOT e."isRoot") AS "answered",
			NULLIF(max(e."assignee") FILTER (WHERE e."isRoot"), '') AS "assignee"
		FROM "entries" e GROUP BY e."room", e."thread"
	), "done" AS (
		SELECT "room", "thread", array_agg("number" ORDER BY "number" DESC, "principal") AS "numbers",
			array_agg("principal" ORDER BY "number" DESC, "principal") AS "who"
		FROM (
			SELECT e."room", e."thread", c."principal", max(c."number") AS "number"
			FROM "entries" e JOIN "RoomChange" c ON c."room" = e."room" AND c."annotation" = e."annotation"
			WHERE c."key" IN ${NEWS} GROUP BY e."room", e."thread", c."principal"
		) AS each GROUP BY "room", "thread"
	), "mentioned" AS (
		SELECT "room", "thread", jsonb_object_agg("who", "worded") AS "mentions" FROM (
			SELECT e."room", e."thread", named[1] AS "who", max(e."worded") AS "worded"
			FROM "entries" e, regexp_matches(e."body", '\\]\\(((?:user|guest):[\\w-]+)\\)', 'g') AS named
			WHERE strpos(e."body", '](') > 0 AND named[1] <> e."creator" GROUP BY e."room", e."thread", named[1]
		) AS each GROUP BY "room", "thread"
	)
	SELECT s."room", s."thread", s."asks" AND (s."says" OR s."answered") AS "isOpen", s."assignee",
		d."numbers"[1] AS "news", d."who"[1] AS "newsBy", d."numbers"[2] AS "newsBefore", m."mentions"
	FROM "said" s JOIN "done" d USING ("room", "thread") LEFT JOIN "mentioned" m USING ("room", "thread")`;

/** What others did last in a thread, of a row of ThreadState; null: nothing. */
export const newsTo = (me: string) =>
	Prisma.sql`CASE s."newsBy" WHEN ${me} THEN s."newsBefore" ELSE s."news" END`;

/**
 * A query: those states, and whether each thread is `unread` by me and something new in it `mentionsMe`. What is kept of the
 * thread itself comes first: it is newer than what is kept of the room, and may be less.
 */
export const readBy = (me: string, states: Prisma.Sql) => Prisma.sql`
	SELECT s.*,
		COALESCE(${newsTo(me)} > r."upTo", false) AS "unread",
		COALESCE((s."mentions" ->> ${me})::int > r."upTo", false) AS "mentionsMe"
	FROM (${states}) AS s
	LEFT JOIN "RoomRead" f ON f."principal" = ${me} AND f."room" = s."room"
	LEFT JOIN "ThreadRead" t ON t."principal" = ${me} AND t."room" = s."room" AND t."thread" = s."thread"
	CROSS JOIN LATERAL (SELECT COALESCE(t."number", f."number", 0) AS "upTo") AS r`;

/** Layers in one statement: what it has counted stays, whatever becomes of the next. */
const AT_ONCE = 20;

/** Brings ThreadState up to what the logs of the newsroom's layers of these names say. */
export async function countThreads(db: Database, newsroomId: string, layers: string[]): Promise<void> {
	const grown = await db.$queryRaw<{ room: string; number: number }[]>`
		SELECT r."name" AS "room", last."number" FROM "Article" a
		CROSS JOIN unnest(${layers}::text[]) AS layer JOIN "Room" r ON r."name" = a."id" || '/layers/' || layer
		LEFT JOIN "CountedLayer" k ON k."room" = r."name"
		CROSS JOIN LATERAL (
			SELECT c."number" FROM "RoomChange" c WHERE c."room" = r."name" ORDER BY c."number" DESC LIMIT 1
		) AS last
		WHERE a."newsroomId" = ${newsroomId}::uuid AND last."number" > COALESCE(k."number", 0) ORDER BY r."name"`;
	for (let i = 0; i < grown.length; i += AT_ONCE) await countAnew(db, grown.slice(i, i + AT_ONCE));
}

/**
 * Whoever counts the same layer at the same moment waits at its row, and then has nothing to do. What comes in meanwhile is
 * counted the next time. Only threads that have changed are written. One statement: a transaction of Prisma's would end after
 * five seconds, and never get through a large newsroom.
 */
async function countAnew(db: Database, grown: { room: string; number: number }[]): Promise<void> {
	const rooms = grown.map(({ room }) => room);
	const numbers = grown.map(({ number }) => number);
	const mine = Prisma.sql`ARRAY(SELECT "room" FROM "mine")`;
	await db.$executeRaw`
		WITH "mine" AS MATERIALIZED (
			INSERT INTO "CountedLayer" AS k ("room", "number") SELECT * FROM unnest(${rooms}::text[], ${numbers}::int[])
			ON CONFLICT ("room") DO UPDATE SET "number" = excluded."number" WHERE k."number" < excluded."number"
			RETURNING "room"
		), "fresh" AS MATERIALIZED (${statesOf(mine)}), "gone" AS (
			DELETE FROM "ThreadState" k WHERE k."room" = ANY (${mine})
				AND NOT EXISTS (SELECT FROM "fresh" f WHERE f."room" = k."room" AND f."thread" = k."thread")
		)
		INSERT INTO "ThreadState" AS k (
			"room", "thread", "isOpen", "assignee", "news", "newsBy", "newsBefore", "mentions"
		)
		SELECT * FROM "fresh"
		ON CONFLICT ("room", "thread") DO UPDATE SET "isOpen" = excluded."isOpen", "assignee" = excluded."assignee",
			"news" = excluded."news", "newsBy" = excluded."newsBy", "newsBefore" = excluded."newsBefore",
			"mentions" = excluded."mentions"
		WHERE k IS DISTINCT FROM excluded`;
}

/** What the logs of layers say of threads, as SQL: what is in them now, and what is new to somebody. */
import { Prisma } from './database.ts';

/** What others do that one wants to know of. */
const NEWS = Prisma.sql`('annotation', 'body', 'status', 'assignee', 'decision')`;

/** The value that the key has now: as it was set last, or as it came with the annotation. */
const now = (key: string) => Prisma.sql`COALESCE((array_agg(
	CASE c."key" WHEN 'annotation' THEN c."after" ->> ${key} ELSE c."after" #>> '{}' END
	ORDER BY c."number" DESC, c."index" DESC
) FILTER (WHERE c."key" IN ('annotation', ${key})))[1], '')`;

/** A value that never changes. */
const always = (key: string) => Prisma.sql`max(c."after" ->> ${key}) FILTER (WHERE c."key" = 'annotation')`;

/**
 * A query with a row for each annotation of the layers that is there, with what it says now. `thread` is the id of its root;
 * `news` and `wordsNews` are the numbers of the last change, and of the last change of its words, that somebody else made;
 * `mentions` is whether its words mention me. A deleted root is not there; its replies are. `rooms`: an array or a query.
 */
export const entriesOf = (rooms: Prisma.Sql, me: string) => Prisma.sql`
	SELECT *, "annotation" = "thread" AS "isRoot", strpos("body", ${`](${me})`}) > 0 AS "mentions" FROM (
		SELECT c."room", c."annotation", COALESCE(${always('replyTo')}, c."annotation") AS "thread",
			${always('creator')} AS "creator", ${always('motivation')} AS "motivation", min(c."at") AS "made",
			${now('body')} AS "body", ${now('status')} AS "status", ${now('assignee')} AS "assignee",
			max(c."number") FILTER (WHERE c."principal" <> ${me} AND c."key" IN ${NEWS}) AS "news",
			max(c."number") FILTER (WHERE c."principal" <> ${me} AND c."key" IN ('annotation', 'body')) AS "wordsNews",
			(array_agg(
				c."key" = 'purged' OR c."after" IS NOT NULL ORDER BY c."number" DESC, c."index" DESC
			) FILTER (WHERE c."key" IN ('deleted', 'purged')))[1] AS "deleted"
		FROM "RoomChange" c WHERE c."room" = ANY (${rooms}) AND c."annotation" IS NOT NULL
		GROUP BY c."room", c."annotation"
	) AS said WHERE "deleted" IS NOT TRUE`;

/**
 * A query with a row for each thread of "entries": `isOpen` as domain/thread.ts has it, its `assignee`, whether it is
 * `unread` by me, and whether what is new in it `mentions` me.
 */
export const threadsOfEntries = (me: string) => Prisma.sql`
	SELECT "room", "thread", "asks" AND ("says" OR "answered") AS "isOpen", "assignee", "unread", "mentions" FROM (
		SELECT e."room", e."thread",
			bool_or(e."isRoot" AND e."status" <> 'resolved') AS "asks",
			bool_or(e."isRoot" AND (e."motivation" <> 'highlighting' OR e."body" <> '')) AS "says",
			bool_or(NOT e."isRoot") AS "answered",
			max(e."assignee") FILTER (WHERE e."isRoot") AS "assignee",
			COALESCE(bool_or(e."news" > r."upTo"), false) AS "unread",
			COALESCE(bool_or(e."mentions" AND e."wordsNews" > r."upTo"), false) AS "mentions"
		FROM "entries" e
		LEFT JOIN "RoomRead" f ON f."principal" = ${me} AND f."room" = e."room"
		LEFT JOIN "ThreadRead" t ON t."principal" = ${me} AND t."room" = e."room" AND t."thread" = e."thread"
		CROSS JOIN LATERAL (SELECT GREATEST(f."number", t."number", 0) AS "upTo") AS r
		GROUP BY e."room", e."thread"
	) AS threads`;

/** What the logs of layers say of threads, as SQL: what is in them now, and what is new to somebody. */
import { Prisma } from './database.ts';

/** What others do that one wants to know of. */
const NEWS = Prisma.sql`('annotation', 'body', 'status', 'assignee', 'decision')`;

/**
 * A query with a row for each annotation of the layers that is there: `room`, `annotation`, `thread` (id of its root),
 * `news` and `words`: numbers of the last change, and of the last change of its words, that somebody else made;
 * `mentions`: whether its words now mention me. A deleted root is not there; its replies are. `rooms`: an array or a query.
 */
export const entriesOf = (rooms: Prisma.Sql, me: string) => Prisma.sql`
	SELECT * FROM (
		SELECT c."room", c."annotation",
			COALESCE(max(c."after" ->> 'replyTo') FILTER (WHERE c."key" = 'annotation'), c."annotation") AS "thread",
			max(c."number") FILTER (WHERE c."principal" <> ${me} AND c."key" IN ${NEWS}) AS "news",
			max(c."number") FILTER (WHERE c."principal" <> ${me} AND c."key" IN ('annotation', 'body')) AS "words",
			strpos((array_agg(
				CASE c."key" WHEN 'body' THEN c."after" #>> '{}' ELSE c."after" ->> 'body' END
				ORDER BY c."number" DESC, c."index" DESC
			) FILTER (WHERE c."key" IN ('annotation', 'body')))[1], ${`](${me})`}) > 0 AS "mentions",
			(array_agg(
				CASE c."key" WHEN 'deleted' THEN c."after" IS NOT NULL ELSE true END ORDER BY c."number" DESC, c."index" DESC
			) FILTER (WHERE c."key" IN ('deleted', 'purged')))[1] AS "deleted"
		FROM "RoomChange" c WHERE c."room" = ANY (${rooms}) AND c."annotation" IS NOT NULL
		GROUP BY c."room", c."annotation"
	) AS said WHERE "deleted" IS NOT TRUE`;

/** A query with a row for each thread that has something new for me: `room`, `thread` and whether that `mentions` me. */
export const unreadThreads = (rooms: Prisma.Sql, me: string) => Prisma.sql`
	SELECT e."room", e."thread", bool_or(e."mentions" AND e."words" > r."upTo") AS "mentions"
	FROM (${entriesOf(rooms, me)}) AS e
	LEFT JOIN "RoomRead" f ON f."principal" = ${me} AND f."room" = e."room"
	LEFT JOIN "ThreadRead" t ON t."principal" = ${me} AND t."room" = e."room" AND t."thread" = e."thread"
	CROSS JOIN LATERAL (SELECT GREATEST(f."number", t."number", 0) AS "upTo") AS r
	WHERE e."news" > r."upTo"
	GROUP BY e."room", e."thread"`;

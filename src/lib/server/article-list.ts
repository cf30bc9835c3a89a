/** The list of articles: what is going on in each, sorted and filtered, a page at a time. */
import { isStorable, isUuid } from '../domain/annotation.ts';
import { may, type Actor } from '../domain/policy.ts';
import { openLayers } from './access.ts';
import { articleItem, type ArticleItem } from './articles.ts';
import { Prisma, type Database } from './database.ts';
import { forbidden, invalid } from './errors.ts';
import { namesOf } from './names.ts';
import { instantOf, type Page, type PageRequest } from './paging.ts';
import { countThreads, readBy } from './thread-states.ts';

export interface ListedArticle extends ArticleItem {
	/** threads that still ask something, in the layers that one may open */
	open: number;
	/** threads with something new by others, those of them that mention me, and the open ones that are mine to do */
	unread: number;
	mentions: number;
	assigned: number;
	/** who wrote, latest first; at most 8 of `peopleCount` */
	people: { principal: string; name: string }[];
	peopleCount: number;
	/** ISO 8601: the last change of its text, of a layer that one may open, or a finish */
	activity: string;
}

export const ARTICLE_SORTS = ['created', 'activity', 'title', 'open', 'unread'] as const;
export type ArticleSort = (typeof ARTICLE_SORTS)[number];

export interface ArticleQuery extends PageRequest {
	sort: ArticleSort;
	status?: 'open' | 'finished';
	/** only those with unread threads */
	unread?: boolean;
	/** only those with unread threads in which something new mentions me */
	mentioned?: boolean;
	/** only those with open threads that are assigned to me */
	assigned?: boolean;
	/** words that title, outlet or byline have, all of them */
	text?: string;
}

interface Order {
	/** of the article `a` or its counts `n` */
	key: Prisma.Sql;
	type: Prisma.Sql;
	isCount: boolean;
	descending: boolean;
}

const order = (key: Prisma.Sql, type: Prisma.Sql, { isCount = false, descending = true } = {}): Order => ({
	key,
	type,
	isCount,
	descending
});

/** Each in its natural direction; of equals the order of ids. */
const ORDERS: Record<ArticleSort, Order> = {
	created: order(Prisma.sql`a."created"`, Prisma.sql`timestamptz`),
	activity: order(Prisma.sql`a."activity"`, Prisma.sql`timestamptz`),
	title: order(Prisma.sql`a."title" COLLATE "words"`, Prisma.sql`text`, { descending: false }),
	open: order(Prisma.sql`n."open"`, Prisma.sql`int`, { isCount: true }),
	unread: order(Prisma.sql`n."unread"`, Prisma.sql`int`, { isCount: true })
};

const MOST_PEOPLE = 8;

interface Row extends Prisma.ArticleGetPayload<object> {
	createdByName: string;
	sets: number;
	open: number;
	unread: number;
	mentions: number;
	assigned: number;
	activity: Date;
	people: string[];
	peopleCount: number;
	/** what the cursor of this row says */
	key: string | number;
}

/** The newsroom's articles. @throws {AppError} forbidden: a guest · invalid: the cursor */
export async function listArticles(
	db: Database,
	actor: Actor,
	newsroomId: string,
	query: ArticleQuery
): Promise<Page<ListedArticle>> {
	if (!may(actor, 'list articles')) throw forbidden('A review link opens its article alone.');
	await countThreads(db, newsroomId, openLayers(actor));
	const rows = await db.$queryRaw<Row[]>(select(actor, newsroomId, query));
	const given = rows.slice(0, query.limit);
	const last = given.at(-1);
	const names = await namesOf(
		db,
		given.flatMap(({ people }) => people)
	);
	return {
		items: given.map((row) => show(row, actor, names)),
		next: rows.length > query.limit && last ? encodeCursor(query.sort, last) : null
	};
}

function show(row: Row, actor: Actor, names: Record<string, string>): ListedArticle {
	const { open, unread, mentions, assigned, activity, people, peopleCount } = row;
	return {
		...articleItem({ ...row, createdBy: { name: row.createdByName }, _count: { sets: row.sets } }, actor),
		...{ open, unread, mentions, assigned },
		people: people.map((principal) => ({ principal, name: names[principal] ?? principal })),
		peopleCount,
		activity: activity.toISOString()
	};
}

/**
 * One statement: the articles → (where nothing asks for counts, the page of them) → their threads → counts → the page →
 * who wrote.
 */
function select(actor: Actor, newsroomId: string, query: ArticleQuery): Prisma.Sql {
	const me = actor.principal;
	const { key, isCount, descending } = ORDERS[query.sort];
	const direction = descending ? Prisma.sql`DESC` : Prisma.sql`ASC`;
	const page = Prisma.sql`ORDER BY ${key} ${direction}, a."id" ${direction} LIMIT ${query.limit + 1}`;
	const after = afterCursor(query);
	const onPage = query.sort === 'title' ? key : Prisma.sql`a."key"`;
	const countsAll = isCount || query.unread || query.mentioned || query.assigned;
	const early = countsAll ? Prisma.empty : Prisma.sql`WHERE ${after} ${page}`;
	return Prisma.sql`
		WITH "articles" AS MATERIALIZED (
			SELECT * FROM (${withActivity(actor, newsroomId, query)}) AS a ${early}
		), "rooms" AS MATERIALIZED (
			SELECT a."id", a."id" || '/layers/' || layer AS "room" FROM "articles" a, unnest(${openLayers(actor)}::text[]) AS layer
		), "threads" AS MATERIALIZED (
			${readBy(me, Prisma.sql`SELECT * FROM "ThreadState" WHERE "room" = ANY (ARRAY(SELECT "room" FROM "rooms"))`)}
		), "counts" AS (
			SELECT r."id", count(*) FILTER (WHERE t."isOpen")::int AS "open", count(*) FILTER (WHERE t."unread")::int AS "unread",
				count(*) FILTER (WHERE t."mentionsMe")::int AS "mentions",
				count(*) FILTER (WHERE t."isOpen" AND t."assignee" = ${me})::int AS "assigned"
			FROM "rooms" r LEFT JOIN "threads" t ON t."room" = r."room" GROUP BY r."id"
		), "page" AS MATERIALIZED (
			SELECT a.*, n."open", n."unread", n."mentions", n."assigned", ${key} AS "key"
			FROM "articles" a JOIN "counts" n ON n."id" = a."id"
			WHERE ${after}
				AND ${query.unread ? Prisma.sql`n."unread" > 0` : Prisma.sql`true`}
				AND ${query.mentioned ? Prisma.sql`n."mentions" > 0` : Prisma.sql`true`}
				AND ${query.assigned ? Prisma.sql`n."assigned" > 0` : Prisma.sql`true`}
			${page}
		), "writers" AS (
			SELECT "id", array_agg("principal" ORDER BY "last" DESC) AS "people" FROM (
				SELECT r."id", c."principal", max(c."at") AS "last"
				FROM "page" p JOIN "rooms" r ON r."id" = p."id" JOIN "RoomChange" c ON c."room" = r."room"
				WHERE c."key" = 'annotation' GROUP BY r."id", c."principal"
			) AS each GROUP BY "id"
		)
		SELECT a.*, u."name" AS "createdByName",
			(SELECT count(*)::int FROM "FinishedSet" s WHERE s."articleId" = a."id") AS "sets",
			COALESCE(w."people"[:${MOST_PEOPLE}::int], '{}') AS "people", COALESCE(cardinality(w."people"), 0) AS "peopleCount"
		FROM "page" a JOIN "User" u ON u."id" = a."createdById" LEFT JOIN "writers" w ON w."id" = a."id"
		ORDER BY ${onPage} ${direction}, a."id" ${direction}`;
}

/** The articles that the query means, each with when something last happened. */
function withActivity(actor: Actor, newsroomId: string, { status, text = '' }: ArticleQuery): Prisma.Sql {
	const parts = ['/text', ...openLayers(actor).map((layer) => `/layers/${layer}`)];
	const words = text.split(/\s+/).filter(Boolean);
	return Prisma.sql`
		SELECT a.*, GREATEST(
			a."created",
			(SELECT max(last."at") FROM unnest(${parts}::text[]) AS part, LATERAL (
				SELECT c."at" FROM "RoomChange" c WHERE c."room" = a."id" || part ORDER BY c."number" DESC LIMIT 1
			) AS last),
			(SELECT max(s."finishedAt") FROM "FinishedSet" s WHERE s."articleId" = a."id")
		) AS "activity"
		FROM "Article" a
		WHERE a."newsroomId" = ${newsroomId}::uuid
			AND ${status ? Prisma.sql`a."status" = ${status}` : Prisma.sql`true`}
			AND NOT EXISTS (
				SELECT FROM unnest(${words}::text[]) AS word
				WHERE strpos(
					lower(concat_ws(' ', a."title", a."outlet", a."byline") COLLATE "words"), lower(word COLLATE "words")
				) = 0
			)`;
}

function afterCursor({ cursor, sort }: ArticleQuery): Prisma.Sql {
	if (cursor === undefined) return Prisma.sql`true`;
	const { value, id } = decodeCursor(cursor, sort);
	const { key, type, descending } = ORDERS[sort];
	const row = Prisma.sql`(${value}::${type}, ${id}::uuid)`;
	return descending ? Prisma.sql`(${key}, a."id") < ${row}` : Prisma.sql`(${key}, a."id") > ${row}`;
}

/** A cursor names the last row that was given and what it was sorted by. */
function encodeCursor(sort: ArticleSort, { key, id }: Row): string {
	return Buffer.from(JSON.stringify([sort, key, id])).toString('base64url');
}

function decodeCursor(cursor: string, sort: ArticleSort): { value: Date | string | number; id: string } {
	const wrong = () => invalid('cursor', 'This is not a cursor of this list in this order.');
	let said: unknown;
	try {
		said = JSON.parse(Buffer.from(cursor, 'base64url').toString());
	} catch {
		throw wrong();
	}
	if (!Array.isArray(said) || said[0] !== sort || !isUuid(said[2])) throw wrong();
	const value = READ[ORDERS[sort].type.sql as keyof typeof READ](said[1]);
	if (value === null) throw wrong();
	return { value, id: said[2] };
}

/** What a cursor may say of each type; null: nothing that could stand in that column. */
const READ = {
	timestamptz: instantOf,
	text: (said: unknown) => (typeof said === 'string' && isStorable(said) ? said : null),
	int: (said: unknown) =>
		Number.isInteger(said) && Math.abs(said as number) < 2 ** 31 ? (said as number) : null
};

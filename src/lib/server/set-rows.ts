/** Finished sets as rows, and back: what is read is what was written, byte for byte. */
import type { Motivation, Resolution, Stamp, Status } from '../domain/annotation.ts';
import { isUuid } from '../domain/annotation.ts';
import type { FinishedSet, SealedSet, SetAnnotation } from '../domain/finished-set.ts';
import { may, mayOpenLayer, type Actor } from '../domain/policy.ts';
import { requireArticle } from './access.ts';
import type { Database, Prisma, Transaction } from './database.ts';
import { notFound } from './errors.ts';
import { namesOf } from './names.ts';
import { afterCursor, pageOf, type Page, type PageRequest } from './paging.ts';
import type { DescribedLayer } from './runtime.ts';

/** Writes the set, and what its one layer says. */
export async function insertSet(
	tx: Transaction,
	set: SealedSet,
	{ layer, annotations }: DescribedLayer
): Promise<void> {
	const { article, people, layers, ...facts } = set;
	const { source, ...rest } = article;
	await tx.finishedSet.create({
		data: {
			...facts,
			...rest,
			...source,
			layers: { create: layers.map(({ layer, hash }) => ({ layer, hash })) },
			people: { create: Object.entries(people).map(([principal, { name }]) => ({ principal, name })) }
		}
	});
	// hundreds of rows as one parameter: one by one Prisma would take a second for every thousand
	for (const rows of annotations)
		await tx.$executeRaw`
		INSERT INTO "SetAnnotation" ("setId", "layer", "index", "id", "creator", "created", "modified", "motivation",
			"body", "label", "status", "resolution", "replyTo", "assignee", "tags", "deleted", "importedFrom",
			"exact", "prefix", "suffix", "start", "end", "reactions")
		SELECT ${set.id}::uuid, ${layer}, * FROM json_to_recordset(${rows}::json) AS row ("index" int,
			"id" text, "creator" text, "created" text, "modified" text, "motivation" text,
			"body" text, "label" text, "status" text, "resolution" jsonb, "replyTo" text, "assignee" text,
			"tags" text[], "deleted" jsonb, "importedFrom" text,
			"exact" text, "prefix" text, "suffix" text, "start" int, "end" int, "reactions" jsonb)`;
}

const WITH = { people: true, layers: { orderBy: { layer: 'asc' } } } satisfies Prisma.FinishedSetInclude;
type Row = Prisma.FinishedSetGetPayload<{ include: typeof WITH }>;

/** A set, with the layers that the actor may open. @throws {AppError} not found */
export async function getSet(db: Database, actor: Actor, setId: string): Promise<FinishedSet> {
	const set = isUuid(setId) ? await loadSet(db, setId) : null;
	if (!set || !may(actor, 'read article', set.articleId)) throw notFound('set');
	return { ...set, layers: set.layers.filter(({ layer }) => mayOpenLayer(actor, set.articleId, layer)) };
}

/** A set as it is stored, whole; null when there is no such set. */
export async function loadSet(db: Database | Transaction, setId: string): Promise<FinishedSet | null> {
	const row = await db.finishedSet.findUnique({ where: { id: setId }, include: WITH });
	if (!row) return null;
	const layers = [];
	for (const { layer, hash } of row.layers)
		layers.push({ layer, hash, annotations: await loadAnnotations(db, setId, layer) });
	return { ...factsOf(row), layers };
}

const AT_ONCE = 1000;

/** In parts, so that the event loop turns in between [R5]. */
async function loadAnnotations(
	db: Database | Transaction,
	setId: string,
	layer: string
): Promise<SetAnnotation[]> {
	const found: SetAnnotation[] = [];
	for (let last = -1; ;) {
		const rows = await db.setAnnotation.findMany({
			where: { setId, layer, index: { gt: last } },
			orderBy: { index: 'asc' },
			take: AT_ONCE
		});
		found.push(...rows.map(annotationOf));
		if (rows.length < AT_ONCE) return found;
		last = rows.at(-1)!.index;
	}
}

/** The article of a set. @throws {AppError} not found */
export async function articleOfSet(db: Database, setId: string): Promise<string> {
	const row = isUuid(setId)
		? await db.finishedSet.findUnique({ where: { id: setId }, select: { articleId: true } })
		: null;
	if (!row) throw notFound('set');
	return row.articleId;
}

function factsOf(row: Row): Omit<FinishedSet, 'layers'> {
	const { title, outlet, url, byline, publishedAt, language, version, layers, people, finishedAt, ...facts } =
		row;
	return {
		...facts,
		finishedAt: finishedAt.toISOString(),
		article: { title, source: { outlet, url, byline, publishedAt }, language, version },
		people: Object.fromEntries(people.map(({ principal, name }) => [principal, { name }]))
	};
}

type AnnotationRow = Prisma.SetAnnotationGetPayload<object>;

/** What is written to the rows was checked on its way into the room. */
const annotationOf = ({ setId, layer, index, ...row }: AnnotationRow): SetAnnotation => ({
	...row,
	motivation: row.motivation as Motivation,
	status: row.status as Status | null,
	resolution: row.resolution as Resolution | null,
	deleted: row.deleted as Stamp | null,
	reactions: row.reactions as SetAnnotation['reactions']
});

export interface SetItem {
	id: string;
	number: number;
	note: string | null;
	finishedAt: string;
	finishedBy: { principal: string; name: string };
	hash: string;
	/** roots */
	annotations: number;
	replies: number;
}

/** The article's sets, newest first. @throws {AppError} not found */
export async function listSets(
	db: Database,
	actor: Actor,
	articleId: string,
	page: PageRequest
): Promise<Page<SetItem>> {
	await requireArticle(db, actor, articleId);
	const rows = await db.finishedSet.findMany({
		where: { articleId, ...afterCursor(page, 'finishedAt') },
		select: { id: true, number: true, note: true, finishedAt: true, finishedBy: true, hash: true },
		orderBy: [{ finishedAt: 'desc' }, { id: 'desc' }],
		take: page.limit + 1
	});
	const setId = { in: rows.map(({ id }) => id) };
	const counts = await db.setAnnotation.groupBy({
		by: ['setId'],
		where: { setId },
		_count: { _all: true, replyTo: true }
	});
	const names = await namesOf(
		db,
		rows.map(({ finishedBy }) => finishedBy)
	);
	return pageOf(
		rows,
		page,
		({ finishedAt, id }) => [finishedAt, id],
		(row): SetItem => {
			const count = counts.find(({ setId }) => setId === row.id)?._count;
			const replies = count?.replyTo ?? 0;
			return {
				...row,
				finishedAt: row.finishedAt.toISOString(),
				finishedBy: { principal: row.finishedBy, name: names[row.finishedBy] ?? row.finishedBy },
				annotations: (count?._all ?? 0) - replies,
				replies
			};
		}
	);
}

/** An article with what was said of it, as a file. */
import type { Actor } from '../domain/policy.ts';
import { exportedLive, exportedSet, formatOf, nameOfFile, type Exported } from '../domain/export/index.ts';
import { SHARED } from '../domain/room.ts';
import { requireArticle } from './access.ts';
import type { Database } from './database.ts';
import { notFound } from './errors.ts';
import { labelsEver } from './labels.ts';
import { openLayer, type Live } from './live-layer.ts';
import { namesOf, principalsIn } from './names.ts';
import { getSet } from './set-rows.ts';
import { joinSlowly } from './steps.ts';

export interface ExportedFile {
	fileName: string;
	mediaType: string;
	body: string;
}

/** What to export into, and the address under which people reach us. */
export interface ExportRequest {
	format: string;
	/** scheme://host[:port] */
	origin: string;
}

/** The article as it is now. @throws {AppError} not found: no such article, layer or format */
export async function exportArticle(
	runtime: Live,
	actor: Actor,
	articleId: string,
	{ format, origin }: ExportRequest,
	now: Date
): Promise<ExportedFile> {
	const { article, text, live } = await openLayer(runtime, actor, articleId, SHARED);
	const { title, outlet, url, byline, publishedAt, language, version } = article;
	const facts = { title, source: { outlet, url, byline, publishedAt }, language, version };
	const names = await namesOf(runtime.db, principalsIn(live));
	const labels = await labelsEver(runtime.db, article.newsroomId);
	return fileOf(
		exportedLive({ origin, articleId, article: facts, text, labels, layers: [live], names }),
		format,
		now
	);
}

/** A finished set. @throws {AppError} not found: no such set or format */
export async function exportSet(
	db: Database,
	actor: Actor,
	setId: string,
	{ format, origin }: ExportRequest,
	now: Date
): Promise<ExportedFile> {
	const set = await getSet(db, actor, setId);
	const { newsroomId } = await requireArticle(db, actor, set.articleId);
	return fileOf(exportedSet(set, origin, await labelsEver(db, newsroomId)), format, now);
}

async function fileOf(exported: Exported, name: string, now: Date): Promise<ExportedFile> {
	const format = formatOf(name);
	if (!format) throw notFound('export format');
	return {
		fileName: nameOfFile(exported, format, now.toISOString()),
		mediaType: format.mediaType,
		body: await joinSlowly(format.pieces(exported))
	};
}

/** Articles: bring in, read, change. */
import type { Label } from '../domain/labels.ts';
import { may, type Actor } from '../domain/policy.ts';
import { paragraphsOf, titleFrom, tooLarge, whatIsWrong } from '../domain/plain-text.ts';
import { requireArticle } from './access.ts';
import type { Database, Prisma, Transaction } from './database.ts';
import { AppError, finished, forbidden, invalid } from './errors.ts';
import { labelsKnown } from './labels.ts';
import { insertArticle, type Source } from './new-article.ts';
import type { Runtime } from './runtime.ts';

export interface ArticleItem {
	id: string;
	title: string;
	status: 'open' | 'finished';
	version: number;
	textLocked: boolean;
	source: { outlet: string | null; url: string | null; byline: string | null; publishedAt: string | null };
	language: string | null;
	created: string;
	createdBy: { principal: string; name: string };
	/** the role of the member, or the access of the guest */
	access: string;
	/** how many finished sets it has */
	sets: number;
}

/** One article, with all that its page needs to know. */
export interface ArticleWhole extends ArticleItem {
	/** what its annotations may be labelled with */
	labels: Label[];
	/** what was taken away from those, and some of its annotations may still have */
	pastLabels: Label[];
}

const WITH = {
	createdBy: { select: { name: true } },
	_count: { select: { sets: true } }
} satisfies Prisma.ArticleInclude;
type Row = Prisma.ArticleGetPayload<{ include: typeof WITH }>;

/** A row of the table as the outside sees it. */
export const articleItem = (row: Row, actor: Actor): ArticleItem => ({
	id: row.id,
	title: row.title,
	status: row.status === 'finished' ? 'finished' : 'open',
	version: row.version,
	textLocked: row.textLocked,
	source: { outlet: row.outlet, url: row.url, byline: row.byline, publishedAt: row.publishedAt },
	language: row.language,
	created: row.created.toISOString(),
	createdBy: { principal: `user:${row.createdById}`, name: row.createdBy.name },
	access: actor.kind === 'member' ? actor.role : actor.access,
	sets: row._count.sets
});

export interface NewArticle {
	title?: string;
	text: string;
	source?: Source;
	language?: string | null;
}

/**
 * Brings articles in, all or none; each non-blank line is a paragraph.
 * @throws {AppError} forbidden · invalid: no text · too large
 */
export async function createArticles(
	db: Database,
	actor: Actor,
	articles: NewArticle[],
	now: Date
): Promise<ArticleWhole[]> {
	if (actor.kind !== 'member' || !may(actor, 'import article'))
		throw forbidden('You may not bring articles in.');
	const words = articles.map(wordsOf);
	const userId = actor.principal.slice('user:'.length);
	return db.$transaction(async (tx) => {
		const made: ArticleWhole[] = [];
		for (const [index, article] of words.entries()) {
			// newest first is the order of every list: the first of them stays first
			const id = await insertArticle(tx, userId, article, new Date(now.getTime() - index));
			made.push(await showWhole(tx, actor, id));
		}
		return made;
	});
}

function wordsOf({ title, text, source, language }: NewArticle) {
	const limit = tooLarge(Buffer.byteLength(text));
	if (limit) throw new AppError('too large', limit, { field: 'text' });
	const wrong = whatIsWrong(text);
	if (wrong) throw invalid('text', wrong);
	const paragraphs = paragraphsOf(text);
	return { title: title ?? titleFrom(paragraphs), paragraphs, source, language };
}

/** @throws {AppError} not found */
export async function getArticle(db: Database, actor: Actor, id: string): Promise<ArticleWhole> {
	await requireArticle(db, actor, id);
	return showWhole(db, actor, id);
}

async function showWhole(db: Database | Transaction, actor: Actor, id: string): Promise<ArticleWhole> {
	const row = await db.article.findUniqueOrThrow({ where: { id }, include: WITH });
	return { ...articleItem(row, actor), ...(await labelsKnown(db, row.newsroomId)) };
}

/** The plain text. @throws {AppError} not found */
export async function getText(
	{ db, rooms }: Pick<Runtime, 'db' | 'rooms'>,
	actor: Actor,
	id: string
): Promise<string> {
	await requireArticle(db, actor, id);
	return rooms.readText(id);
}

export interface ArticleChange {
	title?: string;
	source?: Source;
	textLocked?: boolean;
	language?: string | null;
}

/** Changes what is given. @throws {AppError} not found · forbidden · finished */
export async function changeArticle(
	{ db, rooms }: Pick<Runtime, 'db' | 'rooms'>,
	actor: Actor,
	id: string,
	{ title, source, textLocked, language }: ArticleChange
): Promise<ArticleWhole> {
	await requireArticle(db, actor, id);
	if (!may(actor, 'change article', id))
		throw forbidden('Only editors change what is said about an article.');
	const changed = await db.article.updateMany({
		where: { id, status: 'open' },
		data: { title, ...source, textLocked, language }
	});
	if (changed.count === 0) throw finished();
	await rooms.articleChanged(id);
	return getArticle(db, actor, id);
}

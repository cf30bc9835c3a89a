/** What one may open: everything else is not there. */
import { isUuid } from '../domain/annotation.ts';
import { may, mayOpenLayer, type Actor } from '../domain/policy.ts';
import { SHARED } from '../domain/room.ts';
import type { Database } from './database.ts';
import { notFound } from './errors.ts';

/** The article's row. @throws {AppError} not found: there is none, or it is not the actor's to know */
export async function requireArticle(db: Database, actor: Actor | null, id: string) {
	const readable = isUuid(id) && may(actor, 'read article', id);
	const row = readable ? await db.article.findUnique({ where: { id } }) : null;
	if (!row) throw notFound('article');
	return row;
}

/** @throws {AppError} not found: the layer is not there, or not the actor's to know */
export function requireLayer(actor: Actor | null, articleId: string, layer: string): void {
	if (!mayOpenLayer(actor, articleId, layer)) throw notFound('layer');
}

/** The layers of the article that the actor may open; of any article, where none is named. */
export const openLayers = (actor: Actor, articleId = ''): string[] =>
	[SHARED].filter((layer) => mayOpenLayer(actor, articleId, layer));

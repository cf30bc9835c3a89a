/** How far people have read an article's text. */
import { may, type Actor } from '../domain/policy.ts';
import { requireArticle } from './access.ts';
import type { Database } from './database.ts';
import { forbidden } from './errors.ts';
import { namesOf } from './names.ts';

export interface ReadingItem {
	principal: string;
	name: string;
	/** 0 to 1 */
	to: number;
	/** ISO 8601: when they got there */
	at: string;
}

/** Keeps how far the actor has read, 0 to 1; it only grows. @throws {AppError} not found */
export async function keepReading(
	db: Database,
	actor: Actor,
	articleId: string,
	to: number,
	now: Date
): Promise<void> {
	await requireArticle(db, actor, articleId);
	await db.$executeRaw`
		INSERT INTO "Reading" AS r ("articleId", "principal", "to", "at")
		VALUES (${articleId}::uuid, ${actor.principal}, ${to}, ${now})
		ON CONFLICT ("articleId", "principal") DO UPDATE SET "to" = excluded."to", "at" = excluded."at"
		WHERE r."to" < excluded."to"`;
}

/** Everybody who has read in it, the latest first. @throws {AppError} not found · forbidden: a guest */
export async function listReaders(db: Database, actor: Actor, articleId: string): Promise<ReadingItem[]> {
	await requireArticle(db, actor, articleId);
	if (!may(actor, 'see readers', articleId)) throw forbidden('Only the newsroom sees who has read how far.');
	const rows = await db.reading.findMany({
		where: { articleId },
		orderBy: [{ at: 'desc' }, { principal: 'asc' }]
	});
	const names = await namesOf(
		db,
		rows.map(({ principal }) => principal)
	);
	return rows.map(({ principal, to, at }) => ({
		principal,
		name: names[principal] ?? principal,
		to,
		at: at.toISOString()
	}));
}

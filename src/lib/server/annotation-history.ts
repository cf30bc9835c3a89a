/** What has happened to one annotation, as the log tells it by name [S5]. */
import { isUuid } from '../domain/annotation.ts';
import type { Actor } from '../domain/policy.ts';
import { layerRoom } from '../domain/room.ts';
import { requireArticle, requireLayer } from './access.ts';
import type { Database, Prisma } from './database.ts';
import { notFound } from './errors.ts';
import { namesOf } from './names.ts';

export interface HistoryEntry {
	/** ISO 8601 */
	at: string;
	by: { principal: string; name: string };
	/** `annotation` when it was made, a key of it, or `reactions <principal> <emoji>` */
	key: string;
	/** JSON; null is no value */
	before: unknown;
	after: unknown;
}

const MOST = 1000;
/** Where it stands follows the text, and `modified` the words: neither is something that somebody did to it. */
const UNTOLD = ['start', 'end', 'from', 'to', 'prefix', 'suffix', 'modified', 'purged'];
const WORDS = ['body', 'replacement', 'check', 'tags', 'resolution'];

/**
 * Its changes, oldest first, the last thousand at most. Of one that is deleted everything but its words.
 * @throws {AppError} not found
 */
export async function listHistory(
	db: Database,
	actor: Actor,
	{ articleId, layer }: { articleId: string; layer: string },
	annotation: string
): Promise<HistoryEntry[]> {
	await requireArticle(db, actor, articleId);
	requireLayer(actor, articleId, layer);
	if (!isUuid(annotation)) throw notFound('annotation');
	const rows = await db.roomChange.findMany({
		where: { room: layerRoom(articleId, layer), annotation, key: { notIn: UNTOLD } },
		orderBy: [{ number: 'desc' }, { index: 'desc' }],
		take: MOST
	});
	if (rows.length === 0) throw notFound('annotation');
	const isDeleted = (rows.find(({ key }) => key === 'deleted')?.after ?? null) !== null;
	const names = await namesOf(
		db,
		rows.map(({ principal }) => principal)
	);
	return rows.reverse().map(({ at, principal, key, before, after }) => ({
		at: at.toISOString(),
		by: { principal, name: names[principal] ?? principal },
		key,
		before: told(key, before, isDeleted),
		after: told(key, after, isDeleted)
	}));
}

/** A value as the outside may see it. */
function told(key: string, value: Prisma.JsonValue, isDeleted: boolean): unknown {
	if (isDeleted && WORDS.includes(key)) return null;
	if (key !== 'annotation' || value === null) return value;
	const kept = Object.entries(value as Record<string, unknown>).filter(
		([part]) => !UNTOLD.includes(part) && !(isDeleted && WORDS.includes(part))
	);
	return Object.fromEntries(kept);
}

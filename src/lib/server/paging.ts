/** Lists come in pages, newest first; a cursor names the last row that was given. */
import { isUtc, isUuid } from '../domain/annotation.ts';
import { invalid } from './errors.ts';

export interface PageRequest {
	cursor?: string;
	limit: number;
}

export interface Page<T> {
	items: T[];
	/** the cursor of the next page, or null */
	next: string | null;
}

/** The `where` of what comes after the cursor, by `key` and then id, both descending. */
export function afterCursor({ cursor }: PageRequest, key: 'created' | 'createdAt' | 'finishedAt') {
	if (cursor === undefined) return {};
	const [at, id] = decodeCursor(cursor);
	return { OR: [{ [key]: { lt: at } }, { [key]: at, id: { lt: id } }] };
}

/** The page of `rows`, of which one more than the limit was read. */
export function pageOf<Row, Item>(
	rows: Row[],
	{ limit }: PageRequest,
	keyOf: (row: Row) => [Date, string],
	show: (row: Row) => Item
): Page<Item> {
	const given = rows.slice(0, limit);
	const last = given.at(-1);
	return { items: given.map(show), next: rows.length > limit && last ? encodeCursor(keyOf(last)) : null };
}

const encodeCursor = ([at, id]: [Date, string]) =>
	Buffer.from(`${at.toISOString()} ${id}`).toString('base64url');

function decodeCursor(cursor: string): [Date, string] {
	const [said, id] = Buffer.from(cursor, 'base64url').toString().split(' ');
	const at = instantOf(said);
	if (!at || !isUuid(id)) throw invalid('cursor', 'This is not a cursor of this list.');
	return [at, id];
}

/** A moment that a cursor names, as PostgreSQL can hold it: it knows no year 0, and no 31st of February. */
export const instantOf = (said: unknown): Date | null =>
	isUtc(said) && !said.startsWith('0000') ? new Date(said) : null;

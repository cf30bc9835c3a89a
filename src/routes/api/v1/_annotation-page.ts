/** Pages of a live layer. A cursor names the last annotation that was given, and its place in case it is gone. */
import type { Filter } from '#lib/domain/thread.ts';
import { annotationPage } from '#lib/domain/w3c.ts';
import type { Place, Shown } from '#lib/server/annotations.ts';
import { invalid } from '#lib/server/errors.ts';

export function pageOfAnnotations(
	all: Shown[],
	{ articleId, layer, origin }: Place,
	filter: Filter,
	{ cursor, limit }: { cursor?: string; limit: number },
): Record<string, unknown> {
	const startIndex = cursor === undefined ? 0 : indexAfter(cursor, all);
	const given = all.slice(startIndex, startIndex + limit);
	const end = startIndex + given.length;
	const address = (more: Record<string, string>) => {
		const known = Object.entries({ layer, ...filter, ...more }).filter(([, value]) => value !== undefined);
		return `${origin}/api/v1/articles/${articleId}/annotations?${new URLSearchParams(known)}`;
	};
	const paged: Record<string, string> = { limit: String(limit), ...(cursor !== undefined && { cursor }) };
	return annotationPage({
		id: address(paged),
		collection: { id: address({}), label: `Annotations, layer ${layer}`, total: all.length },
		startIndex,
		items: given.map(({ json }) => json),
		next:
			end < all.length
				? address({ limit: String(limit), cursor: `${end - 1}.${given.at(-1)!.id}` })
				: undefined,
	});
}

function indexAfter(cursor: string, all: Shown[]): number {
	const match = /^(\d{1,9})\.([0-9a-f-]{36})$/.exec(cursor);
	if (!match) throw invalid('cursor', 'This is not a cursor of this list.');
	const found = all.findIndex(({ id }) => id === match[2]);
	return found === -1 ? Number(match[1]) : found + 1;
}

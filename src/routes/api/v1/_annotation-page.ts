/** Pages of a live layer, as the W3C's model has them. */
import type { Filter } from '#lib/domain/thread.ts';
import { annotationPage } from '#lib/domain/w3c.ts';
import type { Place, ShownPage } from '#lib/server/annotations.ts';

export function pageOfAnnotations(
	{ total, startIndex, items, next }: ShownPage,
	{ articleId, layer, origin }: Place,
	filter: Filter,
	{ cursor, limit }: { cursor?: string; limit: number }
): Record<string, unknown> {
	const address = (more: Record<string, string | undefined>) => {
		const known = Object.entries({ layer, ...filter, ...more }).filter(
			(pair): pair is [string, string] => !!pair[1]
		);
		return `${origin}/api/v1/articles/${articleId}/annotations?${new URLSearchParams(known)}`;
	};
	return annotationPage({
		id: address({ limit: String(limit), cursor }),
		collection: { id: address({}), label: `Annotations, layer ${layer}`, total },
		startIndex,
		items,
		next: next === null ? undefined : address({ limit: String(limit), cursor: next })
	});
}

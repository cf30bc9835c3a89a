import type { ArticleItemJson, Page } from '#lib/live/api.ts';
import { callFor, type ListQuery } from '#lib/components/articles/list-query.ts';

export interface Listed {
	items: ArticleItemJson[];
	/** whether there are more than were asked for */
	more: boolean;
}

/** As many as the address asks for, so that coming back finds the same place again. */
export async function listed(
	query: ListQuery,
	ask: (path: string) => Promise<Page<ArticleItemJson>>
): Promise<Listed> {
	const items: ArticleItemJson[] = [];
	let next: string | null = null;
	do {
		const page: Page<ArticleItemJson> = await ask(callFor(query, items.length, next));
		items.push(...page.items);
		next = page.next;
	} while (next && items.length < query.shown);
	return { items, more: next !== null };
}

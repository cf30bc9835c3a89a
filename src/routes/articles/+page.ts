import type { ArticleItemJson, Page } from '#lib/live/api.ts';
import { callFor, parseListQuery } from '#lib/components/articles/list-query.ts';
import { loadJson } from '../load.ts';
import type { PageLoad } from './$types';

/** As many as the address asks for, so that coming back finds the same place again. */
export const load: PageLoad = async (event) => {
	event.depends('galley:articles');
	const query = parseListQuery(event.url.searchParams);
	const items: ArticleItemJson[] = [];
	let next: string | null = null;
	do {
		const page: Page<ArticleItemJson> = await loadJson(event, callFor(query, items.length, next));
		items.push(...page.items);
		next = page.next;
	} while (next && items.length < query.shown);
	return { query, items, more: next !== null };
};

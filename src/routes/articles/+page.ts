import { parseListQuery } from '#lib/components/articles/list-query.ts';
import { loadJson } from '../load.ts';
import { listed } from './list.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async (event) => {
	event.depends('galley:articles');
	const query = parseListQuery(event.url.searchParams);
	return { query, list: await listed(query, (path) => loadJson(event, path)) };
};

import type { ArticleJson, Page } from '#lib/live/api.ts';
import { loadJson } from '../load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async (event) => ({
	articles: await loadJson<Page<ArticleJson>>(event, '/articles?limit=30')
});

import type { ArticleItemJson, Page } from '#lib/live/api.ts';
import { loadJson } from '../load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async (event) => ({
	articles: await loadJson<Page<ArticleItemJson>>(event, '/articles?limit=30')
});

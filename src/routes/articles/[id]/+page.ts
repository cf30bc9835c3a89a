import { redirect } from '@sveltejs/kit';
import type { ArticleJson } from '#lib/live/api.ts';
import { fetchText } from '#lib/live/article-text.ts';
import { loadJson } from '../../load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async (event) => {
	const { id } = event.params;
	const [article, text, { session }] = await Promise.all([
		loadJson<ArticleJson>(event, `/articles/${id}`),
		fetchText(event.fetch, id, null),
		event.parent()
	]);
	// a guest's cookie opens the article by its link alone
	if (!session) redirect(303, `/sign-in?next=${encodeURIComponent(event.url.pathname + event.url.search)}`);
	return { article, text, session };
};

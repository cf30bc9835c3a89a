import { error } from '@sveltejs/kit';
import { api, asProblem, type ArticleJson, type ReviewJson } from '#lib/live/api.ts';
import { fetchText } from '#lib/live/article-text.ts';
import type { PageLoad } from './$types';

/** What the link allows; once its guest has given a name, the article too. */
export const load: PageLoad = async ({ fetch, params, depends }) => {
	depends('galley:review');
	const review = await ask<ReviewJson>(fetch, `/review/${encodeURIComponent(params.token)}`);
	if (!review.guest) return { review, opened: null };
	const as = review.guest.principal;
	const [article, text] = await Promise.all([
		ask<ArticleJson>(fetch, `/articles/${review.articleId}?as=${encodeURIComponent(as)}`),
		fetchText(fetch, review.articleId, as)
	]);
	return { review, opened: { article, text } };
};

async function ask<T>(fetchFn: typeof fetch, path: string): Promise<T> {
	try {
		return await api<T>(fetchFn, 'GET', path);
	} catch (thrown) {
		const { status, detail, details } = asProblem(thrown);
		error(status || 503, { message: detail, ended: details.ended as App.Error['ended'] });
	}
}

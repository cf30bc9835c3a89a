import type { FinishedSet } from '#lib/domain/finished-set.ts';
import type { ArticleJson, Page, SetSummary } from '#lib/live/api.ts';
import { loadJson } from '../../load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async (event) => {
	const set = await loadJson<FinishedSet>(event, `/sets/${event.params.id}`);
	const [sets, { labels, pastLabels }] = await Promise.all([
		loadJson<Page<SetSummary>>(event, `/articles/${set.articleId}/sets?limit=100`),
		loadJson<ArticleJson>(event, `/articles/${set.articleId}`)
	]);
	return { set, labels: [...labels, ...pastLabels], others: sets.items.filter(({ id }) => id !== set.id) };
};

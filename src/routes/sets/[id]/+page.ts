import type { FinishedSet } from '#lib/domain/finished-set.ts';
import type { Page, SetSummary } from '#lib/live/api.ts';
import { FIRST_LABELS } from '#lib/domain/labels.ts';
import { loadJson } from '../../load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async (event) => {
	const set = await loadJson<FinishedSet>(event, `/sets/${event.params.id}`);
	const sets = await loadJson<Page<SetSummary>>(event, `/articles/${set.articleId}/sets?limit=100`);
	return { set, labels: FIRST_LABELS, others: sets.items.filter(({ id }) => id !== set.id) };
};

import type { Page, PersonJson } from '#lib/live/api.ts';
import { loadJson } from '../load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async (event) => ({
	people: await loadJson<Page<PersonJson>>(event, '/people?limit=50')
});

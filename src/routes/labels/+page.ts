import type { Label } from '#lib/domain/labels.ts';
import { taggedApi } from '#lib/live/api.ts';
import { orErrorPage } from '../load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async (event) => ({
	labels: await orErrorPage(event, taggedApi<{ items: Label[] }>(event.fetch, 'GET', '/labels'))
});

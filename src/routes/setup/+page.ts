import { loadJson } from '../load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async (event) => ({
	...(await loadJson<{ needed: boolean }>(event, '/setup')),
	token: event.url.searchParams.get('token') ?? ''
});

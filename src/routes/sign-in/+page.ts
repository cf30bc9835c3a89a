import { redirect } from '@sveltejs/kit';
import { safeNext } from '#lib/components/next.ts';
import { api } from '#lib/live/api.ts';
import { loadJson } from '../load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async (event) => {
	const next = safeNext(event.url.searchParams.get('next'));
	// asked anew: what the layout knows may be from before the session was ended in another tab
	const session = await api(event.fetch, 'GET', '/session').catch(() => null);
	if (session) redirect(303, next);
	const { needed } = await loadJson<{ needed: boolean }>(event, '/setup');
	return { next, setupNeeded: needed };
};

import { redirect } from '@sveltejs/kit';
import { safeNext } from '#lib/components/next.ts';
import { loadJson } from '../load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async (event) => {
	const next = safeNext(event.url.searchParams.get('next'));
	if ((await event.parent()).session) redirect(303, next);
	const { needed } = await loadJson<{ needed: boolean }>(event, '/setup');
	return { next, setupNeeded: needed };
};

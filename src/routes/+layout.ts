import { api, type SessionJson } from '#lib/live/api.ts';
import type { LayoutLoad } from './$types';

/** Who is signed in; null when nobody is. */
export const load: LayoutLoad = async ({ fetch }) => ({
	session: await api<SessionJson>(fetch, 'GET', '/session').catch(() => null)
});

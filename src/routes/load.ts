import { error, redirect, type LoadEvent } from '@sveltejs/kit';
import { api, asProblem } from '#lib/live/api.ts';

/**
 * What a page needs from the API, for load functions.
 * @throws the way to sign in where nobody is known; the error page otherwise
 */
export async function loadJson<T>(
	{ fetch, url }: Pick<LoadEvent, 'fetch' | 'url'>,
	path: string
): Promise<T> {
	try {
		return await api<T>(fetch, 'GET', path);
	} catch (thrown) {
		const { status, detail } = asProblem(thrown);
		if (status === 401) redirect(303, `/sign-in?next=${encodeURIComponent(url.pathname + url.search)}`);
		error(status || 503, detail);
	}
}

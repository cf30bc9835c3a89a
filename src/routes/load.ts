import { error, redirect, type LoadEvent } from '@sveltejs/kit';
import { api, asProblem } from '#lib/live/api.ts';

/** What a page needs from the API, for load functions; throws as `orErrorPage` does. */
export const loadJson = <T>(event: Pick<LoadEvent, 'fetch' | 'url'>, path: string): Promise<T> =>
	orErrorPage(event, api<T>(event.fetch, 'GET', path));

/**
 * What the API answers, for load functions.
 * @throws the way to sign in where nobody is known; the error page otherwise
 */
export async function orErrorPage<T>({ url }: Pick<LoadEvent, 'url'>, answer: Promise<T>): Promise<T> {
	try {
		return await answer;
	} catch (thrown) {
		const { status, detail } = asProblem(thrown);
		if (status === 401) redirect(303, `/sign-in?next=${encodeURIComponent(url.pathname + url.search)}`);
		error(status || 503, detail);
	}
}

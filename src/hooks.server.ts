import type { Handle } from '@sveltejs/kit';

/** What every answer says to the browser: no guessing of types, and no address of ours to other sites. Load functions see ETags. */
export const handle: Handle = async ({ event, resolve }) => {
	const response = await resolve(event, { filterSerializedResponseHeaders: (name) => name === 'etag' });
	response.headers.set('x-content-type-options', 'nosniff');
	response.headers.set('referrer-policy', 'same-origin');
	return response;
};

/** Where to go after signing in. */

const HERE = 'http://galley.invalid';

/** @returns `next` when it is a path of this site, else the list of articles */
export function safeNext(next: string | null): string {
	if (!next?.startsWith('/') || !URL.canParse(next, HERE)) return '/articles';
	const url = new URL(next, HERE);
	return url.origin === HERE ? url.pathname + url.search + url.hash : '/articles';
}

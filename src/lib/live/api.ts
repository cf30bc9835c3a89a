/** The browser's side of the HTTP API. */
import type { Actor } from '#lib/domain/policy.ts';
import { heedClock } from './clock.ts';
import type { SessionJson } from './api-types.ts';

export type * from './api-types.ts';

/** An error of the API (RFC 9457); status 0 means that no answer came. `details` is everything else it said. */
export class Problem extends Error {
	readonly status: number;
	readonly title: string;
	readonly detail: string;
	readonly field: string | undefined;
	readonly details: Record<string, unknown>;
	constructor(
		said: { status: number; title: string; detail: string; field?: string } & Record<string, unknown>
	) {
		super(said.detail);
		this.name = 'Problem';
		const { status, title, detail, field, ...details } = said;
		this.status = status;
		this.title = title;
		this.detail = detail;
		this.field = field;
		this.details = details;
	}
}

const unreachable = () =>
	new Problem({
		status: 0,
		title: 'No answer',
		detail: 'Galley does not answer just now. Nothing you wrote is lost: try again in a moment.'
	});

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * One call.
 * @param path below /api/v1, with its leading slash: `/articles?limit=20`
 * @returns the JSON answered; undefined for 204
 * @throws {Problem} whatever went wrong, in words that may be shown
 */
export async function api<T>(
	fetchFn: typeof fetch,
	method: Method,
	path: string,
	body?: unknown
): Promise<T> {
	return (await exchange(fetchFn, method, path, body)).said as T;
}

/** What is changed as a whole, with its ETag: reading and writing go by it. */
export interface Tagged<T> {
	value: T;
	tag: string;
}

/**
 * One call about a thing that has an ETag.
 * @param tag writes only over what has this one (If-Match)
 * @throws {Problem} 412 where somebody else was first
 */
export async function taggedApi<T>(
	fetchFn: typeof fetch,
	method: 'GET' | 'PUT',
	path: string,
	body?: unknown,
	tag?: string
): Promise<Tagged<T>> {
	const { said, response } = await exchange(fetchFn, method, path, body, tag ? { 'if-match': tag } : {});
	return { value: said as T, tag: response.headers.get('etag') ?? '' };
}

async function exchange(
	fetchFn: typeof fetch,
	method: Method,
	path: string,
	body: unknown,
	more: Record<string, string> = {}
) {
	const init: RequestInit = { method, headers: { accept: 'application/json', ...more } };
	if (body !== undefined) {
		init.headers = { ...init.headers, 'content-type': 'application/json' };
		init.body = JSON.stringify(body);
	}
	const response = await fetchFn(`/api/v1${path}`, init).catch(() => {
		throw unreachable();
	});
	// an answer to a change comes from no cache
	if (method !== 'GET') heedClock(response);
	if (response.status === 204) return { said: undefined, response };
	const said: unknown = await response.json().catch(() => undefined);
	if (response.ok && said !== undefined) return { said, response };
	throw problemOf(response.status, said);
}

function problemOf(status: number, said: unknown): Problem {
	const given = typeof said === 'object' && said !== null ? said : {};
	return new Problem({
		title: 'Something went wrong',
		detail: 'Galley could not do this. Nothing you wrote is lost: try again in a moment.',
		...given,
		status
	});
}

/** Whatever was thrown, as a problem that can be shown. */
export const asProblem = (thrown: unknown): Problem =>
	thrown instanceof Problem ? thrown : problemOf(0, thrown);

/** A member as policy knows one. */
export const memberOf = (session: SessionJson): Actor => ({
	kind: 'member',
	principal: session.principal,
	name: session.name,
	role: session.role
});

/** Errors as RFC 9457 problem+json. */
import { STATUS_CODES } from 'node:http';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ZodError } from 'zod';
import { isAway } from '#lib/server/database.ts';
import { isAppError, type ErrorCode } from '#lib/server/errors.ts';
import { getRuntime } from '#lib/server/runtime.ts';

const STATUS: Record<ErrorCode, number> = {
	invalid: 422,
	'unknown person': 401,
	forbidden: 403,
	refused: 403,
	'not found': 404,
	conflict: 409,
	finished: 409,
	stale: 412,
	'too large': 413,
	'too many': 429
};

interface Problem {
	status: number;
	detail: string;
	field?: string;
	[more: string]: unknown;
}

export function problem({ status, detail, ...more }: Problem, headers: HeadersInit = {}): Response {
	const body = { type: 'about:blank', title: STATUS_CODES[status], status, detail, ...more };
	const response = new Response(JSON.stringify(body), { status, headers });
	response.headers.set('Content-Type', 'application/problem+json');
	response.headers.set('Cache-Control', 'no-store');
	if (status === 401) response.headers.set('WWW-Authenticate', 'Bearer realm="Galley"');
	return response;
}

/** What was thrown, as the outside may see it. */
export function problemOf(error: unknown, c: Context): Response {
	if (isAppError(error)) {
		const { code, message: detail, field, details } = error;
		const wait = details?.retryAfter;
		const headers = new Headers(typeof wait === 'number' ? { 'Retry-After': String(wait) } : {});
		// the rest of the body may be unread still
		if (code === 'too large') headers.set('Connection', 'close');
		return problem({ status: STATUS[code], detail, code, field, ...details }, headers);
	}
	if (error instanceof HTTPException) {
		const { detail, field } = WRONG_BODY[error.status] ?? { detail: error.message };
		return problem({ status: error.status, detail, code: 'invalid', field });
	}
	getRuntime().log.error({ err: error, method: c.req.method, path: c.req.path }, 'a request failed');
	if (isAway(error)) return problem({ status: 503, detail: AWAY }, { 'Retry-After': '5' });
	return problem({ status: 500, detail: 'Something went wrong here. It has been written to the log.' });
}

const AWAY = 'Galley’s database does not answer just now. Nothing you wrote is lost: try again in a moment.';

const WRONG_BODY: Record<number, { detail: string; field: string }> = {
	400: { detail: 'The body is not JSON.', field: 'body' },
	415: { detail: 'Send application/json or application/ld+json.', field: 'Content-Type' }
};

/** What the schema found wrong; `field` names the first. */
export function problemOfInput(error: ZodError, target: string): Response {
	const errors = error.issues.map(({ path, message }) => ({
		field: path.join('.') || (target === 'json' ? 'body' : target),
		detail: message
	}));
	const { field, detail } = errors[0]!;
	return problem({ status: 422, code: 'invalid', detail: `${field}: ${detail}`, field, errors });
}

/** Every error that the outside may see, named once. The API turns them into problem+json. */
import type { Refusal } from '../domain/policy.ts';

/** `code` marks errors across the two copies of this module; never use instanceof on them. */
export type ErrorCode =
	/** what was sent cannot be read or is not allowed there; `field` says where (422) */
	| 'invalid'
	/** nobody is known (401) */
	| 'unknown person'
	/** known, may open it, may not do this (403) */
	| 'forbidden'
	/** no such thing, or not yours to know (404) */
	| 'not found'
	/** it has changed since, or the state does not allow it (409) */
	| 'conflict'
	/** If-Match does not hold (412) */
	| 'stale'
	/** over the size limit (413) */
	| 'too large'
	/** too many tries (429) */
	| 'too many'
	/** policy refused a change (403) */
	| 'refused'
	/** the article is finished: closed to changes (409) */
	| 'finished';

export class AppError extends Error {
	readonly code: ErrorCode;
	readonly field?: string;
	readonly details?: Record<string, unknown>;
	constructor(
		code: ErrorCode,
		message: string,
		more: { field?: string; details?: Record<string, unknown> } = {}
	) {
		super(message);
		this.name = 'AppError';
		this.code = code;
		this.field = more.field;
		this.details = more.details;
	}
}

export const isAppError = (error: unknown, code?: ErrorCode): error is AppError =>
	error instanceof Error &&
	error.name === 'AppError' &&
	(code === undefined || (error as AppError).code === code);

export const invalid = (field: string, message: string) => new AppError('invalid', message, { field });
export const notFound = (what: string) => new AppError('not found', `There is no such ${what}.`);
export const forbidden = (message: string) => new AppError('forbidden', message);
export const unknownPerson = () => new AppError('unknown person', 'Sign in first.');
export const finished = () =>
	new AppError('finished', 'The article is finished: it is closed to changes until it is reopened.');

export const stale = (what = 'annotation') =>
	new AppError('stale', `The ${what} has changed since you read it.`, { field: 'If-Match' });

export const refused = (refusal: Refusal) =>
	new AppError('refused', refusal.message, {
		field: refusal.key,
		details: { rule: refusal.rule, annotation: refusal.annotation }
	});

/** What an annotation is: its keys, their types and sizes (DESIGN.md, "The documents"). */
import { isPrincipal, type Principal } from './principal.ts';

/** W3C Web Annotation motivations that Galley writes. @see https://www.w3.org/TR/annotation-model/#motivation-and-purpose */
export const MOTIVATIONS = [
	'assessing',
	'bookmarking',
	'classifying',
	'commenting',
	'describing',
	'editing',
	'highlighting',
	'identifying',
	'linking',
	'moderating',
	'questioning',
	'replying',
	'tagging'
] as const;
export type Motivation = (typeof MOTIVATIONS)[number];

export type Status = 'open' | 'resolved';

/** Who did something to an annotation and when (ISO 8601 UTC). */
export interface Stamp {
	by: Principal;
	at: string;
}
export interface Resolution extends Stamp {
	reason?: string;
}

/** One annotation as plain data; offsets are UTF-16 units in the article's plain text. */
export interface Annotation {
	id: string;
	creator: Principal;
	created: string;
	motivation: Motivation;
	body?: string;
	modified?: string;
	label?: string;
	/** encoded Y.RelativePosition into the text room's `content` */
	start?: Uint8Array;
	end?: Uint8Array;
	exact?: string;
	prefix?: string;
	suffix?: string;
	from?: number;
	to?: number;
	replyTo?: string;
	status?: Status;
	resolution?: Resolution;
	assignee?: Principal;
	replacement?: string;
	decision?: 'accepted' | 'rejected';
	deleted?: Stamp;
	tags?: string[];
	importedFrom?: string;
	check?: Record<string, unknown>;
}
export type AnnotationKey = keyof Annotation;

/** Lengths are in UTF-16 units. */
export const LIMITS = {
	body: 10_000,
	exact: 20_000,
	context: 64,
	position: 256,
	word: 200,
	reason: 2_000,
	tags: 50,
	json: 10_000
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/;

export const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);
export const isUtc = (value: unknown): value is string =>
	typeof value === 'string' && UTC.test(value) && !Number.isNaN(Date.parse(value));

/** PostgreSQL holds neither NUL nor half a surrogate pair, and one refused string would fail a whole commit. */
export const isStorable = (value: string) => value.isWellFormed() && !value.includes('\0');
const text = (max: number) => (value: unknown) =>
	typeof value === 'string' && value.length <= max && isStorable(value);
const offset = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
const bytes = (value: unknown) => value instanceof Uint8Array && value.length <= LIMITS.position;
/** A plain object; one that inherits from what a client sent would hide keys from those who list them. */
const record = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
const only = (value: Record<string, unknown>, keys: string[]) =>
	Object.keys(value).every((key) => keys.includes(key));
/** Whether JSON can say it: Yjs maps also hold bytes, big integers and numbers that are none. */
const isJson = (value: unknown, depth = 0): boolean => {
	if (typeof value === 'string') return isStorable(value);
	if (typeof value === 'number') return Number.isFinite(value);
	if (Array.isArray(value)) return depth < 20 && value.every((part) => isJson(part, depth + 1));
	if (!record(value)) return value === null || typeof value === 'boolean';
	return depth < 20 && Object.entries(value).every((part) => part.every((half) => isJson(half, depth + 1)));
};
const stamp = (value: unknown, more: string[] = []) =>
	record(value) && only(value, ['by', 'at', ...more]) && isPrincipal(value.by) && isUtc(value.at);

/** What each key may hold. A key that is not listed here does not exist [G1]. */
const CHECKS: Record<AnnotationKey, (value: unknown) => boolean> = {
	id: isUuid,
	creator: isPrincipal,
	created: isUtc,
	motivation: (value) => MOTIVATIONS.includes(value as Motivation),
	body: text(LIMITS.body),
	modified: isUtc,
	label: text(LIMITS.word),
	start: bytes,
	end: bytes,
	exact: (value) => text(LIMITS.exact)(value) && value !== '',
	prefix: text(LIMITS.context),
	suffix: text(LIMITS.context),
	from: offset,
	to: offset,
	replyTo: isUuid,
	status: (value) => value === 'open' || value === 'resolved',
	resolution: (value) =>
		stamp(value, ['reason']) &&
		((value as Resolution).reason === undefined || text(LIMITS.reason)((value as Resolution).reason)),
	assignee: isPrincipal,
	replacement: text(LIMITS.exact),
	decision: (value) => value === 'accepted' || value === 'rejected',
	deleted: (value) => stamp(value),
	tags: (value) => Array.isArray(value) && value.length <= LIMITS.tags && value.every(text(LIMITS.word)),
	importedFrom: text(LIMITS.reason),
	check: (value) => record(value) && isJson(value) && JSON.stringify(value).length <= LIMITS.json
};

export const isAnnotationKey = (key: string): key is AnnotationKey => Object.hasOwn(CHECKS, key);

/** Whether `value` may stand under `key`; undefined (no value) is not asked here. */
export const isValid = (key: AnnotationKey, value: unknown): boolean => CHECKS[key](value);

export const isReply = (annotation: Annotation): boolean => annotation.replyTo !== undefined;

/** Whether it marks a passage: a reply and a note on the whole article do not. */
export const hasQuote = (
	annotation: Annotation
): annotation is Annotation & { exact: string; from: number; to: number } => annotation.exact !== undefined;

/**
 * What is wrong with a whole new annotation, or null: the key at fault.
 * A reply has no anchor of its own; a passage has its quote and both offsets.
 */
export function invalidKey(annotation: Annotation): AnnotationKey | null {
	for (const key of ['id', 'creator', 'created', 'motivation'] as const)
		if (!isValid(key, annotation[key])) return key;
	for (const [key, value] of Object.entries(annotation))
		if (value !== undefined && (!isAnnotationKey(key) || !isValid(key, value))) return key as AnnotationKey;
	const anchored = (['exact', 'from', 'to'] as const).filter((key) => annotation[key] !== undefined);
	if (isReply(annotation)) {
		if (annotation.motivation !== 'replying') return 'motivation';
		if (anchored.length > 0 || annotation.start || annotation.end) return 'exact';
		return null;
	}
	if (annotation.motivation === 'replying') return 'replyTo';
	if (anchored.length > 0 && anchored.length < 3) return 'exact';
	// other programs may count otherwise: the quote decides, the offsets are only a hint
	if (anchored.length === 3 && annotation.to! < annotation.from!) return 'to';
	if (anchored.length === 0 && (annotation.start || annotation.end)) return 'start';
	return null;
}

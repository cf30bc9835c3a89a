/** Annotations of the live layer, read and written as W3C Web Annotations. */
import { randomUUID } from 'node:crypto';
import { invalidKey, isUuid, isValid, type Annotation } from '../domain/annotation.ts';
import type { Change } from '../domain/change.ts';
import { canonicalJson, peopleOf } from '../domain/finished-set.ts';
import { may, type Actor } from '../domain/policy.ts';
import type { Filter } from '../domain/thread.ts';
import { fromW3c, toW3c, type Incoming } from '../domain/w3c.ts';
import { changesTo } from './annotation-changes.ts';
import { finished, forbidden, invalid, notFound, stale } from './errors.ts';
import { sha256 } from './hash.ts';
import { describeAll, openLayer, openText, visible, type Live, type OpenedLayer } from './live-layer.ts';
import { locate } from './locate.ts';
import type { PageRequest } from './paging.ts';

/** Where an annotation is, and the address under which people reach us. */
export interface Place {
	articleId: string;
	layer: string;
	/** scheme://host[:port] */
	origin: string;
}
/** A W3C Annotation. */
export type Json = Record<string, unknown>;

export interface Shown {
	json: Json;
	/** strong, in its quotation marks */
	etag: string;
}

export interface ShownPage {
	/** how many the filter lets through */
	total: number;
	/** the place of the first item, from 0 */
	startIndex: number;
	items: Json[];
	/** the cursor of the next page, or null */
	next: string | null;
}

/** A page of the annotations that can be seen, as the article goes. @throws {AppError} not found · invalid: the cursor */
export async function listAnnotations(
	runtime: Live,
	actor: Actor,
	place: Place,
	filter: Filter,
	{ cursor, limit }: PageRequest
): Promise<ShownPage> {
	const opened = await openLayer(runtime, actor, place.articleId, place.layer);
	const all = visible(opened, filter);
	const startIndex = cursor === undefined ? 0 : indexAfter(cursor, all);
	const end = Math.min(startIndex + limit, all.length);
	const items = await show(runtime, opened, all.slice(startIndex, end), place);
	const next = end < all.length ? `${end - 1}.${all[end - 1]!.id}` : null;
	return { total: all.length, startIndex, items, next };
}

/** A cursor names the last annotation that was given, and its place in case it is gone. */
function indexAfter(cursor: string, all: Annotation[]): number {
	const [index, last] = cursor.split('.');
	if (!/^\d{1,9}$/.test(index!) || !isUuid(last))
		throw invalid('cursor', 'This is not a cursor of this list.');
	const found = all.findIndex(({ id }) => id === last);
	return Math.min(found === -1 ? Number(index) : found + 1, all.length);
}

/** @throws {AppError} not found */
export async function getAnnotation(runtime: Live, actor: Actor, place: Place, id: string): Promise<Shown> {
	const opened = await openLayer(runtime, actor, place.articleId, place.layer);
	return showOne(runtime, opened, find(opened, id), place);
}

/**
 * Writes a W3C Annotation under the actor's own name.
 * @throws {AppError} not found · forbidden · finished · invalid: not an annotation, or its passage is not found
 */
export async function createAnnotation(
	runtime: Live,
	actor: Actor,
	place: Place,
	json: unknown,
	now: Date
): Promise<Shown> {
	const { articleId, layer } = place;
	const opened = await openText(runtime, actor, articleId, layer);
	if (!may(actor, 'reply', articleId)) throw forbidden('You may read this article, not annotate it.');
	if (opened.article.status === 'finished') throw finished();
	const incoming = read(json);
	const isReply = incoming.replyTo !== undefined;
	if (!isReply && !may(actor, 'mark', articleId)) throw forbidden('You may reply, not mark passages.');
	const about = isReply
		? { replyTo: rootOf(await openLayer(runtime, actor, articleId, layer), incoming.replyTo!) }
		: { status: 'open' as const, ...(await passageOf(runtime, opened, incoming)) };
	const annotation: Annotation = {
		id: randomUUID(),
		creator: actor.principal,
		created: now.toISOString(),
		motivation: incoming.motivation,
		body: incoming.body,
		label: incoming.label,
		...about
	};
	const wrong = invalidKey(annotation);
	if (wrong) throw invalid(FIELDS[wrong] ?? wrong, 'It is missing, of the wrong type or too long.');
	await runtime.rooms.change(articleId, layer, actor, [
		{ kind: 'add', annotation: annotation.id, after: annotation }
	]);
	return showOne(runtime, opened, annotation, place);
}

const FIELDS: Partial<Record<keyof Annotation, string>> = { exact: 'target.selector', label: 'body' };

/**
 * Replaces what may be replaced: body, label, status and the reason of its resolution.
 * `ifMatch`: only if the annotation is still the one with this ETag.
 * @throws {AppError} not found · stale · refused · finished · invalid
 */
export async function replaceAnnotation(
	runtime: Live,
	actor: Actor,
	place: Place,
	id: string,
	{ json, ifMatch }: { json: unknown; ifMatch?: string },
	now: Date
): Promise<Shown> {
	const current = await unchanged(runtime, actor, place, id, ifMatch);
	const changes = changesTo(current, read(json), json as Json, {
		by: actor.principal,
		at: now.toISOString()
	});
	await change(runtime, actor, place, changes);
	return getAnnotation(runtime, actor, place, id);
}

/** @throws {AppError} not found · stale · refused · finished */
export async function deleteAnnotation(
	runtime: Live,
	actor: Actor,
	place: Place,
	id: string,
	ifMatch: string | undefined,
	now: Date
): Promise<void> {
	await unchanged(runtime, actor, place, id, ifMatch);
	const after = { by: actor.principal, at: now.toISOString() };
	await change(runtime, actor, place, [
		{ kind: 'set', annotation: id, key: 'deleted', before: undefined, after }
	]);
}

async function change(
	{ rooms }: Live,
	actor: Actor,
	{ articleId, layer }: Place,
	changes: Change[]
): Promise<void> {
	for (const item of changes)
		if (item.kind === 'set' && item.after !== undefined && !isValid(item.key, item.after))
			throw invalid(FIELDS[item.key] ?? item.key, 'It is of the wrong type or too long.');
	if (changes.length > 0) await rooms.change(articleId, layer, actor, changes);
}

async function unchanged(
	runtime: Live,
	actor: Actor,
	place: Place,
	id: string,
	ifMatch?: string
): Promise<Annotation> {
	const opened = await openLayer(runtime, actor, place.articleId, place.layer);
	const annotation = find(opened, id);
	// a removed root keeps its place only: there is nothing to replace, or to delete again
	if (annotation.deleted) throw notFound('annotation');
	const { etag } = await showOne(runtime, opened, annotation, place);
	const expected = ifMatch?.split(',').map((tag) => tag.trim());
	if (expected && !expected.includes('*') && !expected.includes(etag)) throw stale();
	return annotation;
}

function read(json: unknown): Incoming {
	try {
		return fromW3c(json);
	} catch (error) {
		if (error instanceof Error && 'field' in error) throw invalid(String(error.field), error.message);
		throw error;
	}
}

function find(opened: OpenedLayer, id: string): Annotation {
	const annotation = visible(opened).find((one) => one.id === id);
	if (!annotation) throw notFound('annotation');
	return annotation;
}

/** A reply to a reply joins its thread. */
function rootOf(opened: OpenedLayer, id: string): string {
	const target = visible(opened).find((one) => one.id === id);
	if (!target) throw invalid('target', 'There is no such annotation in this layer.');
	return target.replyTo ?? target.id;
}

async function passageOf({ rooms }: Live, { article, text }: OpenedLayer, { selector }: Incoming) {
	if (!selector) return {};
	const passage = locate(text, selector);
	return { ...passage, ...(await rooms.anchor(article.id, { from: passage.from, to: passage.to })) };
}

async function show(
	runtime: Live,
	opened: OpenedLayer,
	annotations: Annotation[],
	place: Place
): Promise<Json[]> {
	const { described, names } = await describeAll(runtime, opened, annotations);
	const at = { ...place, people: peopleOf(Object.keys(names), names) };
	return described.map((annotation) => toW3c(annotation, place.layer, at));
}

async function showOne(
	runtime: Live,
	opened: OpenedLayer,
	annotation: Annotation,
	place: Place
): Promise<Shown> {
	const [json] = await show(runtime, opened, [annotation], place);
	return { json: json!, etag: `"${sha256(canonicalJson(json))}"` };
}

/**
 * Annotations as W3C Web Annotation JSON-LD, out and in. What the model has no word for stands under `galley:` (an
 * absolute IRI to a JSON-LD processor, so `@context` stays the one string that every reader knows).
 * @see https://www.w3.org/TR/annotation-model/
 */
import { isUuid, MOTIVATIONS, type Motivation } from './annotation.ts';
import type { SetAnnotation } from './finished-set.ts';

export const ANNO_CONTEXT = 'http://www.w3.org/ns/anno.jsonld';

type Json = Record<string, unknown>;

/** Where annotations are addressed, and by what names people go. */
export interface Addresses {
	/** scheme://host[:port] */
	origin: string;
	articleId: string;
	people: Record<string, { name: string }>;
}

export const articleIri = ({ origin, articleId }: Addresses): string => `${origin}/articles/${articleId}`;
export const annotationIri = ({ origin, articleId }: Addresses, id: string): string =>
	`${origin}/api/v1/articles/${articleId}/annotations/${id}`;

/** An annotation in the W3C's model; offsets in Unicode code points. `layer` says in which layer it is. */
export function toW3c(annotation: SetAnnotation, layer: string, at: Addresses): Json {
	const person = (principal: string) => ({
		id: `urn:galley:${principal}`,
		type: 'Person',
		name: at.people[principal]?.name ?? principal
	});
	const { resolution, deleted } = annotation;
	return present({
		'@context': ANNO_CONTEXT,
		id: annotationIri(at, annotation.id),
		type: 'Annotation',
		motivation: annotation.motivation,
		creator: person(annotation.creator),
		created: annotation.created,
		modified: annotation.modified,
		body: oneOrMore(bodiesOf(annotation)),
		target: targetOf(annotation, at),
		'galley:layer': layer,
		'galley:status': annotation.status,
		'galley:resolvedBy': resolution && person(resolution.by),
		'galley:resolvedAt': resolution?.at,
		'galley:resolution': resolution?.reason,
		'galley:assignee': annotation.assignee && person(annotation.assignee),
		'galley:deletedBy': deleted && person(deleted.by),
		'galley:deletedAt': deleted?.at,
		'galley:importedFrom': annotation.importedFrom,
		'galley:reactions': oneOrMore(
			Object.entries(annotation.reactions ?? {}).flatMap(([emoji, who]) =>
				who.map((principal) => ({ type: 'galley:Reaction', value: emoji, creator: person(principal) }))
			)
		)
	});
}

function bodiesOf({ body, motivation, label, tags }: SetAnnotation): Json[] {
	const bodies: Json[] = [];
	const purpose = motivation === 'highlighting' ? 'commenting' : motivation;
	if (body) bodies.push({ type: 'TextualBody', value: body, format: 'text/markdown', purpose });
	if (label) bodies.push({ type: 'TextualBody', value: label, purpose: 'classifying' });
	for (const tag of tags) bodies.push({ type: 'TextualBody', value: tag, purpose: 'tagging' });
	return bodies;
}

function targetOf(annotation: SetAnnotation, at: Addresses): string | Json {
	const { replyTo, exact, prefix, suffix, start, end } = annotation;
	if (replyTo !== null) return annotationIri(at, replyTo);
	if (exact === null) return articleIri(at);
	const selector: Json[] = [present({ type: 'TextQuoteSelector', exact, prefix, suffix })];
	if (start !== null) selector.push({ type: 'TextPositionSelector', start, end });
	return { type: 'SpecificResource', source: articleIri(at), selector };
}

const present = (value: Json): Json =>
	Object.fromEntries(Object.entries(value).filter(([, part]) => part != null));

/** One value stands alone and none is left out, as JSON-LD compaction does. */
const oneOrMore = (values: Json[]): Json | Json[] | undefined => (values.length > 1 ? values : values[0]);

/** A page, and the collection that it is part of. IRIs; `startIndex` is the place of its first item, from 0. */
export interface Page {
	id: string;
	collection: { id: string; label: string; total: number };
	startIndex: number;
	items: Json[];
	next?: string;
}

/** @see https://www.w3.org/TR/annotation-model/#annotation-page */
export const annotationPage = (page: Page): Json => ({ '@context': ANNO_CONTEXT, ...embeddedPage(page) });

const embeddedPage = ({ id, collection, startIndex, items, next }: Page): Json =>
	present({
		id,
		type: 'AnnotationPage',
		partOf: {
			id: collection.id,
			type: 'AnnotationCollection',
			label: collection.label,
			total: collection.total
		},
		next,
		startIndex,
		items
	});

/**
 * A whole collection with its one page inside; `total` is said where the items are left out.
 * @see https://www.w3.org/TR/annotation-model/#annotation-collection
 */
export function annotationCollection(id: string, label: string, items: Json[], total = items.length): Json {
	const collection = { id, label, total };
	const first = embeddedPage({ id: `${id}#page`, collection, startIndex: 0, items });
	return { '@context': ANNO_CONTEXT, id, type: 'AnnotationCollection', label, total, first };
}

/** What somebody sent is no annotation that Galley can take; `field` says where, as a path. */
export class W3cError extends Error {
	readonly field: string;
	constructor(field: string, message: string) {
		super(`${field}: ${message}`);
		this.name = 'W3cError';
		this.field = field;
	}
}

/** Code-point offsets (`start`, `end`), a quote, or both. */
export interface Selector {
	exact?: string;
	prefix?: string;
	suffix?: string;
	start?: number;
	end?: number;
}
export interface Incoming {
	motivation: Motivation;
	body?: string;
	label?: string;
	/** none on a reply and on a note on the whole article */
	selector?: Selector;
	/** the id of the annotation that it answers */
	replyTo?: string;
}

/** Reads an annotation that somebody sent. @throws {W3cError} that names the field */
export function fromW3c(json: unknown): Incoming {
	if (!isObject(json)) throw new W3cError('body', 'An annotation is a JSON object.');
	if (!many(json.type).includes('Annotation')) throw new W3cError('type', 'The type is "Annotation".');
	const { body, label } = readBodies(json);
	const { replyTo, selector } = readTarget(json.target);
	const motivation = readMotivation(json.motivation, replyTo !== undefined, body !== undefined);
	return {
		motivation,
		...(body !== undefined && { body }),
		...(label !== undefined && { label }),
		...(selector && { selector }),
		...(replyTo !== undefined && { replyTo })
	};
}

const isObject = (value: unknown): value is Json =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
const many = (value: unknown): unknown[] =>
	value === undefined ? [] : Array.isArray(value) ? value : [value];

function readMotivation(value: unknown, isReply: boolean, hasBody: boolean): Motivation {
	if (isReply) return 'replying';
	const names = many(value).map((name) => String(name).replace(/^(oa:|http:\/\/www\.w3\.org\/ns\/oa#)/, ''));
	if (names.length === 0) return hasBody ? 'commenting' : 'highlighting';
	const known = MOTIVATIONS.find((motivation) => names.includes(motivation));
	if (!known) throw new W3cError('motivation', `It is one of ${MOTIVATIONS.join(', ')}.`);
	if (known === 'replying') throw new W3cError('target', 'A reply targets the annotation that it answers.');
	return known;
}

function readBodies(json: Json): { body?: string; label?: string } {
	if (json.bodyValue !== undefined) {
		if (json.body !== undefined) throw new W3cError('bodyValue', 'There is a body already.');
		if (typeof json.bodyValue !== 'string') throw new W3cError('bodyValue', 'It is a string.');
		return { body: json.bodyValue };
	}
	const words: string[] = [];
	const labels: Record<string, string> = {};
	for (const [index, body] of many(json.body).entries()) {
		const field = Array.isArray(json.body) ? `body[${index}]` : 'body';
		const value = readBody(body, field);
		const purposes = isObject(body) ? many(body.purpose) : [];
		const purpose = ['classifying', 'tagging'].find((purpose) => purposes.includes(purpose));
		if (purpose) labels[purpose] ??= value;
		else words.push(value);
	}
	return {
		...(words.length > 0 && { body: words.join('\n\n') }),
		label: labels.classifying ?? labels.tagging
	};
}

/** The words of a body; one that stands elsewhere is its address. */
function readBody(body: unknown, field: string): string {
	if (typeof body === 'string') return body;
	if (!isObject(body)) throw new W3cError(field, 'It is a TextualBody or an IRI.');
	if (many(body.format).includes('text/html'))
		throw new W3cError(`${field}.format`, 'Send Markdown or plain text.');
	const words = body.value ?? body.id ?? body.source;
	if (typeof words !== 'string') throw new W3cError(`${field}.value`, 'It is a string.');
	return words;
}

function readTarget(target: unknown): { replyTo?: string; selector?: Selector } {
	const targets = many(target);
	if (targets.length !== 1) throw new W3cError('target', 'There is exactly one target.');
	const resource = targets[0];
	if (typeof resource === 'string') return fromIri(resource);
	if (!isObject(resource)) throw new W3cError('target', 'It is a SpecificResource or an IRI.');
	const source = isObject(resource.source) ? resource.source.id : (resource.source ?? resource.id);
	// the address that it is sent to names the article: a selector alone says enough
	if (resource.selector !== undefined && source === undefined)
		return { selector: readSelectors(resource.selector) };
	if (typeof source !== 'string') throw new W3cError('target.source', 'It is an IRI.');
	return resource.selector === undefined ? fromIri(source) : { selector: readSelectors(resource.selector) };
}

/** The target of a reply is an annotation; any other address is the article. */
function fromIri(iri: string): { replyTo?: string } {
	const id = /(?:\/annotations\/|^urn:uuid:)([^/?#]+)$/.exec(iri)?.[1];
	return isUuid(id) ? { replyTo: id } : {};
}

function readSelectors(value: unknown): Selector {
	const selector: Selector = {};
	for (const [index, part] of many(value).entries()) {
		const field = Array.isArray(value) ? `target.selector[${index}]` : 'target.selector';
		if (!isObject(part)) throw new W3cError(field, 'It is an object.');
		if (part.type === 'TextQuoteSelector') Object.assign(selector, readQuote(part, field));
		else if (part.type === 'TextPositionSelector') Object.assign(selector, readPosition(part, field));
	}
	if (selector.exact === undefined && selector.start === undefined)
		throw new W3cError('target.selector', 'It is a TextQuoteSelector or a TextPositionSelector.');
	return selector;
}

function readQuote(part: Json, field: string): Selector {
	const quote: Selector = {};
	for (const key of ['exact', 'prefix', 'suffix'] as const) {
		const words = part[key];
		if (words === undefined && key !== 'exact') continue;
		if (typeof words !== 'string' || (key === 'exact' && words === ''))
			throw new W3cError(`${field}.${key}`, 'It is a string of the article.');
		quote[key] = words;
	}
	return quote;
}

function readPosition({ start, end }: Json, field: string): Selector {
	const isOffset = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
	if (!isOffset(start)) throw new W3cError(`${field}.start`, 'It is a number of code points from 0.');
	if (!isOffset(end) || end <= start) throw new W3cError(`${field}.end`, 'It is greater than start.');
	return { start, end };
}

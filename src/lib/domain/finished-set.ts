/**
 * Finished sets: what a desk signed off, as plain data, and the hashes by which a reader can verify it. Every key is
 * always there (null: nothing), so that a set read back from its rows is the same byte for byte.
 */
import canonicalize from 'canonicalize';
import type { Annotation, Motivation, Resolution, Stamp, Status } from './annotation.ts';
import { isStorable } from './annotation.ts';
import type { Range } from './selector.ts';
import { toCodePoints, type CodePoints } from './selector.ts';
import { askedOnce, buildThreads, listed, sortInText, type RangeOf } from './thread.ts';

/** An annotation as the outside gets it, from a finished set or from the live layer. */
export interface SetAnnotation {
	id: string;
	creator: string;
	created: string;
	modified: string | null;
	motivation: Motivation;
	body: string | null;
	label: string | null;
	status: Status | null;
	resolution: Resolution | null;
	replyTo: string | null;
	assignee: string | null;
	tags: string[];
	deleted: Stamp | null;
	importedFrom: string | null;
	exact: string | null;
	prefix: string | null;
	suffix: string | null;
	/** Unicode code points of the text; null for orphans, replies and notes on the whole article */
	start: number | null;
	end: number | null;
	/** emoji → principals */
	reactions: Reactions | null;
}
type Reactions = Record<string, string[]>;

/** Roots in text order, each followed by its replies. */
export interface SetLayer {
	layer: string;
	annotations: SetAnnotation[];
}

export interface Source {
	outlet: string | null;
	url: string | null;
	byline: string | null;
	publishedAt: string | null;
}
export interface ArticleFacts {
	title: string;
	source: Source;
	language: string | null;
	version: number;
}

export interface FinishedSet {
	id: string;
	articleId: string;
	number: number;
	note: string | null;
	override: string | null;
	/** ISO 8601 UTC with milliseconds */
	finishedAt: string;
	/** principal; its name is in `people` */
	finishedBy: string;
	article: ArticleFacts;
	text: string;
	textSha256: string;
	people: Record<string, { name: string }>;
	layers: (SetLayer & { hash: string })[];
	hash: string;
}

/** The hash of a text's UTF-8 bytes, in lower-case hexadecimal digits. */
export type Sha256 = (text: string) => string;

/** A layer as it is live. */
export interface LiveLayer {
	layer: string;
	annotations: Annotation[];
	/** annotation id → emoji → principals */
	reactions: Record<string, Reactions>;
	rangeOf: RangeOf;
}

/** What is finished: all but what follows from it. `names` may say more people than occur. */
export type SetFacts = Omit<FinishedSet, 'textSha256' | 'people' | 'layers' | 'hash'> & {
	layers: LiveLayer[];
	names: Record<string, string>;
};

/** A set without what its layers say. */
export type SealedSet = Omit<FinishedSet, 'layers'> & { layers: { layer: string; hash: string }[] };

export function describeSet({ layers: live, ...facts }: SetFacts, sha256: Sha256): FinishedSet {
	const layers = live
		.map((layer) => describeLayer(layer, facts.text))
		.sort((a, b) => (a.layer < b.layer ? -1 : 1))
		.map((layer) => ({ ...layer, hash: layerHash(layer, sha256) }));
	return { ...sealSet({ ...facts, layers, principals: layers.flatMap(principalsOf) }, sha256), layers };
}

/** The same of layers that are described elsewhere: their hashes and whom they name is all that it takes. */
export function sealSet(
	{
		layers,
		principals,
		names,
		...facts
	}: Omit<SetFacts, 'layers'> & { layers: SealedSet['layers']; principals: string[] },
	sha256: Sha256
): SealedSet {
	const text = storable(facts.text);
	const people = peopleOf([facts.finishedBy, ...principals], names);
	const set = { ...storable(facts), text, textSha256: sha256(text), people, layers };
	return { ...set, hash: setHash(set, sha256) };
}

/** A live layer as the outside gets it: threads in text order, offsets in code points. */
export function describeLayer({ layer, annotations, reactions, ...live }: LiveLayer, text: string): SetLayer {
	const points = toCodePoints(text);
	const rangeOf = askedOnce(live.rangeOf);
	const threads = sortInText(buildThreads(annotations), rangeOf);
	return {
		layer,
		annotations: listed(threads).map((annotation) =>
			describeAnnotation(annotation, rangeOf(annotation), points, reactions[annotation.id])
		)
	};
}

/** One live annotation as the outside gets it. */
export function describeAnnotation(
	annotation: Annotation,
	range: Range | null,
	points: CodePoints,
	reactions: Reactions = {}
): SetAnnotation {
	return storable({
		id: annotation.id,
		creator: annotation.creator,
		created: annotation.created,
		modified: annotation.modified ?? null,
		motivation: annotation.motivation,
		body: annotation.body ?? null,
		label: annotation.label ?? null,
		status: annotation.status ?? null,
		resolution: annotation.resolution ?? null,
		replyTo: annotation.replyTo ?? null,
		assignee: annotation.assignee ?? null,
		tags: annotation.tags ?? [],
		deleted: annotation.deleted ?? null,
		importedFrom: annotation.importedFrom ?? null,
		exact: annotation.exact ?? null,
		prefix: annotation.prefix ?? null,
		suffix: annotation.suffix ?? null,
		start: range && points.fromUtf16(range.from),
		end: range && points.fromUtf16(range.to),
		reactions: Object.keys(reactions).length > 0 ? inOrder(reactions) : null
	});
}

/** Rooms keep no order among who reacted; a set has one. */
const inOrder = (reactions: Reactions): Reactions =>
	Object.fromEntries(Object.entries(reactions).map(([emoji, who]) => [emoji, [...who].sort()]));

/** Everybody whom the annotations of a layer name. */
export const principalsOf = ({ annotations }: SetLayer): string[] =>
	annotations.flatMap(({ creator, assignee, resolution, deleted, reactions }) =>
		[creator, assignee, resolution?.by, deleted?.by, ...Object.values(reactions ?? {}).flat()].filter(
			(principal) => principal != null
		)
	);

/** The names of these principals; who has none is called by the principal. */
export const peopleOf = (principals: string[], names: Record<string, string>): FinishedSet['people'] =>
	Object.fromEntries(
		[...new Set(principals)].sort().map((who) => [who, { name: storable(names[who] ?? who) }])
	);

/** RFC 8785. @throws on lone surrogates, NaN and what JSON does not know */
export function canonicalJson(value: unknown): string {
	const json = canonicalize(value);
	if (json === undefined) throw new TypeError('This is no JSON value.');
	return json;
}

/** The canonical JSON of a set in pieces, at least one for each annotation: to write all of it takes a while. */
export const canonicalPieces = (set: FinishedSet): Generator<string> => piecesOf(set, 4);

/** `depth`: how far objects and arrays are taken apart */
function* piecesOf(value: unknown, depth: number): Generator<string> {
	if (depth === 0 || typeof value !== 'object' || value === null) return yield canonicalJson(value);
	const isList = Array.isArray(value);
	const entries = Object.entries(value);
	if (!isList) entries.sort(([a], [b]) => (a < b ? -1 : 1));
	let before = isList ? '[' : '{';
	for (const [key, part] of entries) {
		yield isList ? before : `${before}${canonicalJson(key)}:`;
		yield* piecesOf(part, depth - 1);
		before = ',';
	}
	yield `${entries.length > 0 ? '' : before}${isList ? ']' : '}'}`;
}

export const layerHash = ({ layer, annotations }: SetLayer, sha256: Sha256): string =>
	sha256(canonicalJson({ layer, annotations }));

/** Covers all of a set but `hash` itself; of each layer its name and hash, so that it holds for who may not open them all. */
export const setHash = (set: Omit<SealedSet, 'hash'>, sha256: Sha256): string => {
	const layers = set.layers.map(({ layer, hash }) => ({ layer, hash }));
	return sha256(canonicalJson({ ...set, hash: undefined, layers }));
};

/** Of most values nothing has to be replaced: to find that out is ten times as fast as to copy them. */
const storable = <T>(value: T): T => (isAllStorable(value) ? value : replaced(value));

function isAllStorable(value: unknown): boolean {
	if (typeof value === 'string') return isStorable(value);
	if (typeof value !== 'object' || value === null) return true;
	for (const key in value)
		if (!isStorable(key) || !isAllStorable((value as Record<string, unknown>)[key])) return false;
	return true;
}

/**
 * The same value with the characters replaced that neither PostgreSQL nor canonical JSON can hold: NUL and lone
 * surrogates, each by one other, so that offsets stay.
 */
function replaced<T>(value: T): T {
	if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '\uFFFD') as T;
	if (Array.isArray(value)) return value.map(replaced) as T;
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, part]) => [replaced(key), replaced(part)])) as T;
}

/** A live layer as the outside reads it. */
import type { Annotation } from '../domain/annotation.ts';
import {
	describeAnnotation,
	principalsOf,
	type LiveLayer,
	type SetAnnotation
} from '../domain/finished-set.ts';
import type { Actor } from '../domain/policy.ts';
import { resolveRange, toCodePoints } from '../domain/selector.ts';
import { buildThreads, listed, sortInText, type Filter } from '../domain/thread.ts';
import { requireArticle, requireLayer } from './access.ts';
import { namesOf } from './names.ts';
import type { Runtime } from './runtime.ts';

export type Live = Pick<Runtime, 'db' | 'rooms'>;

export interface OpenedLayer {
	article: Awaited<ReturnType<typeof requireArticle>>;
	text: string;
	live: LiveLayer;
}

/** Opens a layer for reading. @throws {AppError} not found */
export async function openLayer(
	runtime: Live,
	actor: Actor,
	articleId: string,
	layer: string
): Promise<OpenedLayer> {
	const article = await requireArticle(runtime.db, actor, articleId);
	requireLayer(actor, articleId, layer);
	const content = await runtime.rooms.readLayer(articleId, layer);
	const { text, places } = await runtime.rooms.readPlaces(articleId, content.annotations);
	const rangeOf = ({ id }: Annotation) => places.get(id) ?? null;
	return { article, text, live: { layer, ...content, rangeOf } };
}

/** The same without its annotations, for what needs only the text: a full layer takes a while to read. */
export async function openText(
	{ db, rooms }: Live,
	actor: Actor,
	articleId: string,
	layer: string
): Promise<OpenedLayer> {
	const article = await requireArticle(db, actor, articleId);
	requireLayer(actor, articleId, layer);
	const text = await rooms.readText(articleId);
	const rangeOf = (annotation: Annotation) => rangeIn(text, annotation);
	return { article, text, live: { layer, annotations: [], reactions: {}, rangeOf } };
}

/** Where one that was made a moment ago stands: where it was made, or where its quote is found. */
function rangeIn(text: string, annotation: Annotation) {
	const { from, to } = annotation;
	return resolveRange(text, annotation, from !== undefined && to !== undefined ? { from, to } : null);
}

/** The annotations that can be seen, as the article goes; a removed root keeps its place, not its words. */
export const visible = ({ live }: OpenedLayer, filter: Filter = {}): Annotation[] =>
	listed(sortInText(buildThreads(live.annotations), live.rangeOf), filter);

/** Annotations with their names, offsets in code points. */
export async function describeAll(
	{ db }: Pick<Live, 'db'>,
	{ text, live }: OpenedLayer,
	annotations: Annotation[]
): Promise<{ described: SetAnnotation[]; names: Record<string, string> }> {
	const points = toCodePoints(text);
	const described = annotations.map((annotation) =>
		describeAnnotation(annotation, live.rangeOf(annotation), points, live.reactions[annotation.id])
	);
	return { described, names: await namesOf(db, principalsOf({ layer: live.layer, annotations: described })) };
}

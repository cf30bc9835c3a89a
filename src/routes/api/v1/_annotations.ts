/** Annotations of the live layer, as W3C Web Annotations. */
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import {
	createAnnotation,
	deleteAnnotation,
	getAnnotation,
	listAnnotations,
	replaceAnnotation,
	type Shown
} from '#lib/server/annotations.ts';
import { getRuntime } from '#lib/server/runtime.ts';
import { pageOfAnnotations } from './_annotation-page.ts';
import { actorIn, api, originOf, route, type Env } from './_context.ts';
import { body, ById, IfMatch, InLayer } from './_schemas.ts';

const PROFILE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"';

const Annotation = z
	.record(z.string(), z.unknown())
	.openapi('Annotation', { description: 'a W3C Web Annotation', example: { type: 'Annotation' } });
const Page = z
	.record(z.string(), z.unknown())
	.openapi('AnnotationPage', { description: 'a W3C AnnotationPage' });

const ld = <T extends z.ZodType>(description: string, schema: T) => ({
	description,
	content: { 'application/ld+json': { schema } }
});

const List = InLayer.extend({
	status: z.enum(['open', 'resolved']).optional(),
	label: z.string().max(200).optional(),
	creator: z.string().max(200).optional(),
	cursor: z.string().max(200).optional(),
	limit: z.coerce.number().int().min(1).max(10_000).default(1000)
});
const Both = ById.extend({ annotationId: z.string() });

const placeOf = (c: Context<Env>, articleId: string, layer: string) => ({
	articleId,
	layer,
	origin: originOf(c)
});

const send = <S extends 200 | 201>(c: Context<Env>, { json, etag }: Shown, status: S) =>
	c.json(json, status, { 'Content-Type': PROFILE, ETag: etag });

export const annotations = api();

annotations.openapi(
	route({
		method: 'get',
		path: '/articles/{id}/annotations',
		summary: 'The annotations of a layer as the article goes, replies after their roots',
		request: { params: ById, query: List },
		responses: { 200: ld('a page of them', Page) }
	}),
	async (c) => {
		const { id } = c.req.valid('param');
		const { layer, cursor, limit, ...filter } = c.req.valid('query');
		const place = placeOf(c, id, layer);
		const shown = await listAnnotations(getRuntime(), actorIn(c, id), place, filter, { cursor, limit });
		const page = pageOfAnnotations(shown, place, filter, { cursor, limit });
		return c.json(page, 200, { 'Content-Type': PROFILE });
	}
);

annotations.openapi(
	route({
		method: 'post',
		path: '/articles/{id}/annotations',
		summary: 'Marks a passage, or replies; open editors show it at once',
		request: { params: ById, query: InLayer, body: body(Annotation) },
		responses: { 201: ld('the annotation', Annotation) }
	}),
	async (c) => {
		const { id } = c.req.valid('param');
		const place = placeOf(c, id, c.req.valid('query').layer);
		const made = await createAnnotation(getRuntime(), actorIn(c, id), place, c.req.valid('json'), new Date());
		c.header('Location', String(made.json.id));
		return send(c, made, 201);
	}
);

annotations.openapi(
	route({
		method: 'get',
		path: '/articles/{id}/annotations/{annotationId}',
		summary: 'One annotation',
		request: { params: Both, query: InLayer },
		responses: { 200: ld('the annotation', Annotation) }
	}),
	async (c) => {
		const { id, annotationId } = c.req.valid('param');
		const place = placeOf(c, id, c.req.valid('query').layer);
		return send(c, await getAnnotation(getRuntime(), actorIn(c, id), place, annotationId), 200);
	}
);

annotations.openapi(
	route({
		method: 'put',
		path: '/articles/{id}/annotations/{annotationId}',
		summary: 'Replaces body, label and `galley:status` with `galley:resolution`',
		request: { params: Both, query: InLayer, headers: IfMatch, body: body(Annotation) },
		responses: { 200: ld('the annotation', Annotation) }
	}),
	async (c) => {
		const { id, annotationId } = c.req.valid('param');
		const place = placeOf(c, id, c.req.valid('query').layer);
		const given = { json: c.req.valid('json'), ifMatch: c.req.valid('header')['if-match'] };
		const actor = actorIn(c, id);
		return send(c, await replaceAnnotation(getRuntime(), actor, place, annotationId, given, new Date()), 200);
	}
);

annotations.openapi(
	route({
		method: 'delete',
		path: '/articles/{id}/annotations/{annotationId}',
		summary: 'Deletes an annotation; replies to it stay',
		request: { params: Both, query: InLayer, headers: IfMatch },
		responses: { 204: { description: 'deleted' } }
	}),
	async (c) => {
		const { id, annotationId } = c.req.valid('param');
		const place = placeOf(c, id, c.req.valid('query').layer);
		const ifMatch = c.req.valid('header')['if-match'];
		await deleteAnnotation(getRuntime(), actorIn(c, id), place, annotationId, ifMatch, new Date());
		return c.body(null, 204);
	}
);

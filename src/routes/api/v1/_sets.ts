/** Finishing, reopening, and the finished sets. */
import { z } from '@hono/zod-openapi';
import { canonicalPieces, type FinishedSet as Whole } from '#lib/domain/finished-set.ts';
import { getRuntime } from '#lib/server/runtime.ts';
import { articleOfSet, getSet, listSets } from '#lib/server/set-rows.ts';
import { finish, reopen } from '#lib/server/sets.ts';
import { joinSlowly } from '#lib/server/steps.ts';
import { actorIn, api, route } from './_context.ts';
import { answer, Article, ById, PageQuery, pageOf, Principal, Somebody, time, words } from './_schemas.ts';

const Finish = z.object({
	note: words(10_000).nullish(),
	layers: z.array(z.string().max(40)).max(100).optional(),
	override: words(10_000).trim().min(1).nullish()
});

const SetItem = z
	.object({
		id: z.uuid(),
		number: z.int(),
		note: z.string().nullable(),
		finishedAt: time,
		finishedBy: Somebody,
		hash: z.string(),
		annotations: z.int(),
		replies: z.int()
	})
	.openapi('FinishedSetItem');

const FinishedSet = z
	.object({
		id: z.uuid(),
		articleId: z.uuid(),
		number: z.int(),
		note: z.string().nullable(),
		override: z.string().nullable(),
		finishedAt: time,
		finishedBy: Principal,
		article: z.record(z.string(), z.unknown()),
		text: z.string(),
		textSha256: z.string(),
		people: z.record(z.string(), z.object({ name: z.string() })),
		layers: z.array(
			z.object({
				layer: z.string(),
				hash: z.string(),
				annotations: z.array(z.record(z.string(), z.unknown()))
			})
		),
		hash: z
			.string()
			.openapi({ description: 'SHA-256 of the canonical JSON (RFC 8785), of each layer its hash alone' })
	})
	.openapi('FinishedSet');

// a plain string: the answer is the canonical text itself, not what c.json would make of the object
const JSON_TEXT: string = 'application/json';
const canonical = {
	description: 'the set, as canonical JSON',
	content: { [JSON_TEXT]: { schema: FinishedSet } }
};
const send = async (set: Whole, status: number, headers: HeadersInit = {}) =>
	new Response(await joinSlowly(canonicalPieces(set)), {
		status,
		headers: { 'Content-Type': JSON_TEXT, ...headers }
	});

export const sets = api();

sets.openapi(
	route({
		method: 'post',
		path: '/articles/{id}/finish',
		summary: 'Closes the article to changes and writes a finished set; 409 lists open threads',
		request: { params: ById, body: { content: { 'application/json': { schema: Finish } } } },
		responses: { 201: canonical }
	}),
	async (c) => {
		const { id } = c.req.valid('param');
		const set = await finish(getRuntime(), actorIn(c, id), id, c.req.valid('json'), new Date());
		return send(set, 201, { Location: `/api/v1/sets/${set.id}` });
	}
);

sets.openapi(
	route({
		method: 'post',
		path: '/articles/{id}/reopen',
		summary: 'Opens a finished article again; its sets stay as they are',
		request: { params: ById },
		responses: { 200: answer('the article', Article) }
	}),
	async (c) => {
		const { id } = c.req.valid('param');
		return c.json(await reopen(getRuntime(), actorIn(c, id), id), 200);
	}
);

sets.openapi(
	route({
		method: 'get',
		path: '/articles/{id}/sets',
		summary: 'Its finished sets, newest first',
		request: { params: ById, query: PageQuery },
		responses: { 200: answer('a page of them', pageOf(SetItem)) }
	}),
	async (c) => {
		const { id } = c.req.valid('param');
		return c.json(await listSets(getRuntime().db, actorIn(c, id), id, c.req.valid('query')), 200);
	}
);

sets.openapi(
	route({
		method: 'get',
		path: '/sets/{id}',
		summary: 'One finished set',
		request: { params: ById },
		responses: { 200: canonical }
	}),
	async (c) => {
		const { id } = c.req.valid('param');
		const { db } = getRuntime();
		const set = await getSet(db, actorIn(c, await articleOfSet(db, id)), id);
		return send(set, 200, { ETag: `"${set.hash}"` });
	}
);

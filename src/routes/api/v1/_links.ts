/** Review links: made and revoked by editors, opened by anybody who has one. */
import { z } from '@hono/zod-openapi';
import { setCookie } from 'hono/cookie';
import {
	createLink,
	linkUrl,
	listLinks,
	review,
	revokeLink,
	showLink,
	articleOfLink
} from '#lib/server/links.ts';
import { getRuntime } from '#lib/server/runtime.ts';
import { actorIn, api, openRoute, originOf, route } from './_context.ts';
import { limited } from './_limits.ts';
import {
	Access,
	answer,
	body,
	ById,
	line,
	PageQuery,
	pageOf,
	Password,
	Principal,
	Somebody,
	time
} from './_schemas.ts';

const NewLink = z.object({
	access: Access,
	label: line(200).nullish(),
	expiresAt: time.nullish(),
	password: z.string().min(1).max(1000).nullish(),
	layers: z.array(z.string().max(40)).max(100).optional()
});

const Link = z
	.object({
		id: z.uuid(),
		url: z.string(),
		access: z.string(),
		label: z.string().nullable(),
		layers: z.array(z.string()),
		expiresAt: time.nullable(),
		hasPassword: z.boolean(),
		created: time,
		createdBy: Somebody,
		revokedAt: time.nullable(),
		openings: z.array(z.object({ principal: Principal, name: z.string(), created: time }))
	})
	.openapi('ReviewLink');

export const links = api();

links.openapi(
	route({
		method: 'post',
		path: '/articles/{id}/links',
		summary: 'Makes a review link',
		request: { params: ById, body: body(NewLink) },
		responses: { 201: answer('made', z.object({ id: z.uuid(), url: z.string() })) }
	}),
	async (c) => {
		const { id } = c.req.valid('param');
		const made = await createLink(getRuntime().db, actorIn(c, id), id, c.req.valid('json'), new Date());
		c.header('Location', `/api/v1/links/${made.id}`);
		return c.json({ id: made.id, url: linkUrl(originOf(c), made.token) }, 201);
	}
);

links.openapi(
	route({
		method: 'get',
		path: '/articles/{id}/links',
		summary: 'Its review links, newest first, with who opened them',
		request: { params: ById, query: PageQuery },
		responses: { 200: answer('a page of them', pageOf(Link)) }
	}),
	async (c) => {
		const { id } = c.req.valid('param');
		const page = c.req.valid('query');
		return c.json(await listLinks(getRuntime().db, actorIn(c, id), id, page, originOf(c)), 200);
	}
);

links.openapi(
	route({
		method: 'delete',
		path: '/links/{id}',
		summary: 'Revokes a link; its guests are out at once',
		request: { params: ById },
		responses: { 204: { description: 'revoked' } }
	}),
	async (c) => {
		const { id } = c.req.valid('param');
		const articleId = await articleOfLink(getRuntime().db, id);
		await revokeLink(getRuntime(), actorIn(c, articleId), id, new Date());
		return c.body(null, 204);
	}
);

links.openapi(
	openRoute({
		method: 'get',
		path: '/review/{token}',
		summary: 'What a review link opens',
		request: { params: z.object({ token: z.string().max(200) }) },
		responses: {
			200: answer(
				'the article and the access; the guest that the cookie names, if any',
				z.object({
					newsroom: z.string(),
					title: z.string(),
					access: z.string(),
					passwordNeeded: z.boolean(),
					articleId: z.uuid(),
					guest: Somebody.nullable()
				})
			)
		}
	}),
	async (c) => {
		const { token } = c.req.valid('param');
		return c.json(await showLink(getRuntime().db, token, c.req.header('cookie') ?? '', new Date()), 200);
	}
);

links.openapi(
	openRoute({
		method: 'post',
		path: '/review',
		summary: 'Opens a review link under a name; the cookie is set',
		request: {
			body: body(z.object({ token: z.string().max(200), name: line(100), password: Password.optional() }))
		},
		responses: {
			201: answer('in', z.object({ articleId: z.uuid(), access: z.string(), principal: Principal }))
		}
	}),
	async (c) => {
		const input = c.req.valid('json');
		const { cookie, ...opened } = await limited(['review', c.env.address, input.token], () =>
			review(getRuntime().db, input, new Date())
		);
		setCookie(c, cookie.name, cookie.value, {
			httpOnly: true,
			sameSite: 'Lax',
			path: '/',
			secure: originOf(c).startsWith('https:'),
			maxAge: COOKIE_SECONDS
		});
		return c.json(opened, 201);
	}
);

/** A link without an end is asked for again after a year; browsers keep no cookie longer than 400 days. */
const COOKIE_SECONDS = 365 * 24 * 60 * 60;

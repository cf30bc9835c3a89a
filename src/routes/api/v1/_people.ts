/** The members of the newsroom, and who can see an article's layers. */
import { z } from '@hono/zod-openapi';
import { ROLES } from '#lib/domain/policy.ts';
import { listReadersOfLayer } from '#lib/server/article-people.ts';
import { createPerson, listPeople, setRole } from '#lib/server/people.ts';
import { getRuntime } from '#lib/server/runtime.ts';
import { actorIn, actorOf, api, newsroomOf, route } from './_context.ts';
import {
	answer,
	body,
	ById,
	Email,
	InLayer,
	line,
	PageQuery,
	pageOf,
	Password,
	Principal,
	Role,
	time
} from './_schemas.ts';

const Person = z
	.object({
		userId: z.string(),
		principal: Principal,
		name: z.string(),
		email: z.string(),
		role: z.string(),
		created: time
	})
	.openapi('Person');

export const people = api();

people.openapi(
	route({
		method: 'get',
		path: '/people',
		summary: 'The members of the newsroom (owner only)',
		request: { query: PageQuery },
		responses: { 200: answer('a page of them, newest first', pageOf(Person)) }
	}),
	async (c) => c.json(await listPeople(getRuntime().db, actorOf(c), newsroomOf(c), c.req.valid('query')), 200)
);

people.openapi(
	route({
		method: 'post',
		path: '/people',
		summary: 'Adds somebody to the newsroom (owner only)',
		request: { body: body(z.object({ name: line(200), email: Email, role: Role, password: Password })) },
		responses: { 201: answer('added', z.object({ userId: z.string(), apiToken: z.string() })) }
	}),
	async (c) => c.json(await createPerson(getRuntime(), actorOf(c), newsroomOf(c), c.req.valid('json')), 201)
);

people.openapi(
	route({
		method: 'patch',
		path: '/people/{userId}',
		summary: 'Gives somebody another role (owner only); what they have open follows at once',
		request: { params: z.object({ userId: z.string() }), body: body(z.object({ role: Role })) },
		responses: { 200: answer('changed', Person) }
	}),
	async (c) =>
		c.json(
			await setRole(
				getRuntime(),
				actorOf(c),
				newsroomOf(c),
				c.req.valid('param').userId,
				c.req.valid('json').role
			),
			200
		)
);

const ReaderOfLayer = z
	.object({ principal: Principal, name: z.string(), role: z.enum([...ROLES, 'guest']) })
	.openapi('ReaderOfLayer');

people.openapi(
	route({
		method: 'get',
		path: '/articles/{id}/people',
		summary: 'Who can see a layer of the article, for mentions and assigning',
		description:
			'The members who may open the layer and the guests of review links that still open it, by name. A guest is told of ' +
			'themself and of those who have written there only.',
		request: { params: ById, query: InLayer },
		responses: { 200: answer('all of them', z.object({ items: z.array(ReaderOfLayer) })) }
	}),
	async (c) => {
		const { id } = c.req.valid('param');
		const { layer } = c.req.valid('query');
		const items = await listReadersOfLayer(getRuntime().db, actorIn(c, id), id, layer, new Date());
		return c.json({ items }, 200);
	}
);

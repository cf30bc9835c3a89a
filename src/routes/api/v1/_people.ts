/** The members of the newsroom. */
import { z } from '@hono/zod-openapi';
import { createPerson, listPeople, setRole } from '#lib/server/people.ts';
import { getRuntime } from '#lib/server/runtime.ts';
import { actorOf, api, newsroomOf, route } from './_context.ts';
import { answer, body, Email, line, PageQuery, pageOf, Password, Principal, Role, time } from './_schemas.ts';

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

/** Signing in and out, and who one is. */
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { prolongSession, signIn, signOut } from '#lib/server/auth.ts';
import { unknownPerson } from '#lib/server/errors.ts';
import { identify, type Identity } from '#lib/server/identity.ts';
import { getRuntime } from '#lib/server/runtime.ts';
import { actorOf, api, newsroomOf, openRoute, route, setCookies, type Env } from './_context.ts';
import { limited } from './_limits.ts';
import { answer, body, Password, Principal, Role } from './_schemas.ts';

const Session = z
	.object({
		principal: Principal,
		userId: z.string().optional(),
		name: z.string(),
		email: z.string().optional(),
		role: Role.optional(),
		newsroom: z.object({ id: z.uuid(), name: z.string() })
	})
	.openapi('Session');

export const session = api();

session.openapi(
	route({
		method: 'get',
		path: '/session',
		summary: 'Who is asking',
		responses: { 200: answer('a member, or a guest of a review link', Session) }
	}),
	async (c) => {
		const identity = c.get('identity');
		if (identity?.kind === 'member' && identity.sessionId)
			setCookies(c, await prolongSession(getRuntime().auth, c.req.header('cookie')!));
		return c.json(await describe(c), 200);
	}
);

session.openapi(
	openRoute({
		method: 'post',
		path: '/session',
		summary: 'Signs in with e-mail and password',
		request: { body: body(z.object({ email: z.string().trim().max(254), password: Password })) },
		responses: { 200: answer('signed in; the cookie is set', Session) }
	}),
	async (c) => {
		const { email, password } = c.req.valid('json');
		const { auth } = getRuntime();
		const cookies = await limited(['session', c.env.address, email], () => signIn(auth, email, password));
		setCookies(c, cookies);
		const cookie = cookies.map((line) => line.split(';')[0]).join('; ');
		c.set('identity', await identify(getRuntime(), { headers: new Headers({ cookie }) }));
		return c.json(await describe(c), 200);
	}
);

session.openapi(
	route({
		method: 'delete',
		path: '/session',
		summary: 'Signs out; open connections of the session end',
		responses: { 204: { description: 'signed out' } }
	}),
	async (c) => {
		const { auth, rooms } = getRuntime();
		const sessionId = sessionOf(c.get('identity'));
		setCookies(c, await signOut(auth, c.req.header('cookie')!));
		await rooms.recheck({ sessionId });
		return c.body(null, 204);
	}
);

function sessionOf(identity: Identity | null): string {
	if (identity?.kind !== 'member' || !identity.sessionId) throw unknownPerson();
	return identity.sessionId;
}

async function describe(c: Context<Env>) {
	const actor = actorOf(c);
	const identity = c.get('identity');
	const id = newsroomOf(c);
	const { name } = await getRuntime().db.newsroom.findUniqueOrThrow({ where: { id } });
	const member =
		identity?.kind === 'member'
			? { userId: identity.userId, email: identity.email, role: identity.actor.role }
			: {};
	return { principal: actor.principal, name: actor.name, ...member, newsroom: { id, name } };
}

/** What every route knows: the runtime, who is asking, and how a route is declared. */
import { createRoute, OpenAPIHono, type RouteConfig } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Actor } from '#lib/domain/policy.ts';
import { forbidden, notFound, unknownPerson } from '#lib/server/errors.ts';
import { actorFor, bearerOf, checkOrigin, identify, type Identity } from '#lib/server/identity.ts';
import { getRuntime } from '#lib/server/runtime.ts';
import { problemOfInput } from './_problem.ts';

export interface Env {
	Bindings: {
		/** the client's, for limits */
		address: string;
	};
	Variables: {
		identity: Identity | null;
	};
}

/** One part of the API. */
export const api = () =>
	new OpenAPIHono<Env>({
		defaultHook: (result) => (result.success ? undefined : problemOfInput(result.error, result.target))
	});

/** The headers of the request, read as the services read them. */
export const headersOf = (c: Context) => ({ get: (name: string) => c.req.header(name) });

const SAFE = ['GET', 'HEAD', 'OPTIONS'];

/** Refuses what another site sends with a person's cookie. */
export const sameOrigin = createMiddleware<Env>(async (c, next) => {
	const headers = headersOf(c);
	const byCookie =
		bearerOf(headers) === null && c.req.header('cookie') !== undefined && !SAFE.includes(c.req.method);
	if (!checkOrigin(headers, getRuntime().origin, byCookie))
		throw forbidden('The Origin of this request is not the address of this newsroom.');
	await next();
});

/** Finds out who is asking. */
export const whoIsAsking = createMiddleware<Env>(async (c, next) => {
	c.set('identity', await identify(getRuntime(), { headers: headersOf(c), as: c.req.query('as') }));
	await next();
});

const someoneKnown = createMiddleware<Env>(async (c, next) => {
	if (!c.get('identity')) throw unknownPerson();
	await next();
});

/** A route for people who are known: the default. */
export const route = <P extends string, R extends Omit<RouteConfig, 'path'> & { path: P }>(config: R) =>
	createRoute<P, R & { middleware: typeof someoneKnown }>({ ...config, middleware: someoneKnown });

/** A route that anybody may call. */
export const openRoute = <P extends string, R extends Omit<RouteConfig, 'path'> & { path: P }>(config: R) =>
	createRoute<P, R>({ security: [], ...config });

/** Who is asking, in general. */
export function actorOf(c: Context<Env>): Actor {
	const actor = actorFor(c.get('identity'));
	if (!actor) throw unknownPerson();
	return actor;
}

/** Who is asking, in the article. A guest of another article does not know of this one. */
export function actorIn(c: Context<Env>, articleId: string): Actor {
	const actor = actorFor(c.get('identity'), articleId);
	if (!actor) throw notFound('article');
	return actor;
}

/** Scheme, host and port that people reach us at. A browser's Origin has been checked to be this host. */
export const originOf = (c: Context<Env>): string =>
	getRuntime().origin ?? c.req.header('origin') ?? `http://${c.req.header('host')}`;

/** The newsroom of who is asking. */
export function newsroomOf(c: Context<Env>): string {
	const identity = c.get('identity');
	if (!identity) throw unknownPerson();
	return identity.kind === 'member' ? identity.newsroomId : identity.guests[0]!.newsroomId;
}

export const setCookies = (c: Context, cookies: string[]): void => {
	for (const cookie of cookies) c.header('Set-Cookie', cookie, { append: true });
};

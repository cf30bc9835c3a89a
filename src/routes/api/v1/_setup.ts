/** The first run. */
import { isSetUp, setUp } from '#lib/server/setup.ts';
import { signIn } from '#lib/server/auth.ts';
import { getRuntime } from '#lib/server/runtime.ts';
import { z } from '@hono/zod-openapi';
import { api, openRoute, setCookies } from './_context.ts';
import { limited } from './_limits.ts';
import { answer, body, Email, line, Password } from './_schemas.ts';

const SetUp = z.object({
	token: z.string().max(200),
	newsroom: line(200),
	name: line(200),
	email: Email,
	password: Password
});

export const setup = api();

setup.openapi(
	openRoute({
		method: 'get',
		path: '/setup',
		summary: 'Whether the installation still waits for its newsroom',
		responses: { 200: answer('so or not', z.object({ needed: z.boolean() })) }
	}),
	async (c) => c.json({ needed: !(await isSetUp(getRuntime().db)) }, 200)
);

setup.openapi(
	openRoute({
		method: 'post',
		path: '/setup',
		summary: 'Makes the newsroom and its owner, once, and signs the owner in',
		request: { body: body(SetUp) },
		responses: {
			201: answer('made', z.object({ newsroomId: z.uuid(), userId: z.string(), apiToken: z.string() }))
		}
	}),
	async (c) => {
		const input = c.req.valid('json');
		const made = await limited(['setup', c.env.address], () => setUp(getRuntime(), input));
		setCookies(c, await signIn(getRuntime().auth, input.email, input.password));
		return c.json(made, 201);
	}
);

/** The OpenAPI 3.1 document of the API. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Env } from './_context.ts';
import { Problem } from './_schemas.ts';

/** Describes the routes; every one of them may answer with a problem. */
export function describeApi(app: OpenAPIHono<Env, {}, '/api/v1'>) {
	app.openAPIRegistry.register('Problem', Problem);
	const document = app.getOpenAPI31Document({
		openapi: '3.1.0',
		info: { title: 'Galley', version: '1', description: 'Where a newsroom reads an article together.' },
		security: [{ token: [] }, { session: [] }, { guest: [] }]
	});
	const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
	for (const path of Object.values(document.paths ?? {}))
		for (const operation of Object.values(path))
			if (typeof operation === 'object' && 'responses' in operation) {
				operation.responses.default = { description: 'a problem (RFC 9457)', content };
				const body = operation.requestBody?.content;
				if (body) body['application/ld+json'] = body['application/json'];
			}
	document.components = {
		...document.components,
		securitySchemes: {
			token: { type: 'http', scheme: 'bearer' },
			session: { type: 'apiKey', in: 'cookie', name: 'galley.session_token' },
			guest: { type: 'apiKey', in: 'cookie', name: 'galley_guest_<link>' }
		}
	};
	return document;
}

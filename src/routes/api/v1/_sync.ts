/** The snapshots of rooms. Described here; server/sync-http.ts answers before the API is asked. */
import { z } from '@hono/zod-openapi';
import { api, route } from './_context.ts';

const ETag = z.string().openapi({ description: 'the number of the snapshot, in quotes', example: '"4711"' });

const described = {
	method: 'get' as const,
	description:
		'One Yjs update (format 1) with all that the room held when it was last compacted. Whoever applies it first has only ' +
		'to ask the sync socket for what is newer. Closed to whoever may not open the room.',
	responses: {
		200: {
			description: 'the update; `Content-Encoding: gzip` for whoever accepts it',
			headers: z.object({ ETag }),
			content: { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) } }
		},
		204: { description: 'the room has no snapshot yet: the socket gives all of it' },
		304: { description: 'it is still the one of If-None-Match' }
	}
};
const request = {
	headers: z.object({ 'If-None-Match': z.string().optional() }),
	query: z.object({ as: z.string().optional().openapi({ description: 'guest:<id>: the guest who asks' }) })
};

export const sync = api();

sync.openAPIRegistry.registerPath(
	route({
		...described,
		path: '/sync/{id}/text',
		summary: 'The snapshot of the text room',
		request: { ...request, params: z.object({ id: z.uuid() }) }
	})
);

sync.openAPIRegistry.registerPath(
	route({
		...described,
		path: '/sync/{id}/layers/{layer}',
		summary: 'The snapshot of a layer',
		request: { ...request, params: z.object({ id: z.uuid(), layer: z.string() }) }
	})
);

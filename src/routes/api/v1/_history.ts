/** The history of an annotation. */
import { z } from '@hono/zod-openapi';
import { listHistory } from '#lib/server/annotation-history.ts';
import { getRuntime } from '#lib/server/runtime.ts';
import { actorIn, api, route } from './_context.ts';
import { answer, ById, InLayer, Somebody, time } from './_schemas.ts';

const Entry = z
	.object({
		at: time,
		by: Somebody,
		key: z.string().openapi({
			description: '`annotation` when it was made, a key of it, or `reactions <principal> <emoji>`',
			example: 'status'
		}),
		before: z.unknown().openapi({ description: 'the value before; null: none' }),
		after: z.unknown().openapi({ description: 'the value after; null: none' })
	})
	.openapi('HistoryEntry');

export const history = api();

history.openapi(
	route({
		method: 'get',
		path: '/articles/{id}/annotations/{annotationId}/history',
		summary: 'Who changed what in an annotation, and when, oldest first',
		description:
			'At most the last thousand changes. Where the annotation stands follows the text and is not told; of a deleted one its ' +
			'words are not told.',
		request: { params: ById.extend({ annotationId: z.string() }), query: InLayer },
		responses: { 200: answer('its changes', z.object({ items: z.array(Entry) })) }
	}),
	async (c) => {
		const { id, annotationId } = c.req.valid('param');
		const place = { articleId: id, layer: c.req.valid('query').layer };
		return c.json({ items: await listHistory(getRuntime().db, actorIn(c, id), place, annotationId) }, 200);
	}
);

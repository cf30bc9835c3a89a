/** What one has read: threads with something new, and how far in the text. */
import { z } from '@hono/zod-openapi';
import { isUuid } from '#lib/domain/annotation.ts';
import { keepReading, listReaders } from '#lib/server/reading.ts';
import { getRuntime } from '#lib/server/runtime.ts';
import { listUnread, markAllRead, markRead, markUnread } from '#lib/server/unread.ts';
import { actorIn, api, route } from './_context.ts';
import { answer, body, ById, Principal, time } from './_schemas.ts';

const MOST_THREADS = 10_000;

const Unread = z
	.object({
		id: z.uuid().openapi({ description: 'of the root of the thread' }),
		mentions: z.boolean().openapi({ description: 'something new in it mentions the one who asks' })
	})
	.openapi('UnreadThread');

const Threads = z
	.array(z.string().refine(isUuid, 'not the id of an annotation'))
	.max(MOST_THREADS)
	.openapi({ description: 'ids of roots' });

const Read = z
	.object({
		threads: Threads.optional(),
		all: z.literal(true).optional(),
		at: time
			.optional()
			.openapi({ description: 'when it was read, where that is told later; now unless said' })
	})
	.refine(({ threads, all }) => (threads === undefined) !== (all === undefined), {
		path: ['threads'],
		message: 'Say either which threads, or "all": true.'
	});

const Reader = z
	.object({
		principal: Principal,
		name: z.string(),
		to: z
			.number()
			.openapi({ description: '0 to 1: the furthest part of the text that they have had before them' }),
		at: time
	})
	.openapi('Reader');

export const reading = api();

reading.openapi(
	route({
		method: 'get',
		path: '/articles/{id}/unread',
		summary: 'The threads with something new by others since one has read them',
		description:
			'New is an annotation, or a change of words, status, assignee or decision, by somebody else, in the layers that one may ' +
			'open; what has been deleted since is not.',
		request: { params: ById },
		responses: { 200: answer('all of them', z.object({ threads: z.array(Unread) })) }
	}),
	async (c) => {
		const { id } = c.req.valid('param');
		return c.json({ threads: await listUnread(getRuntime().db, actorIn(c, id), id) }, 200);
	}
);

reading.openapi(
	route({
		method: 'post',
		path: '/articles/{id}/read',
		summary: 'Marks threads, or all that is there, as read up to now, or up to when it was read',
		request: { params: ById, body: body(Read) },
		responses: { 204: { description: 'marked; threads that are not there are passed over' } }
	}),
	async (c) => {
		const { id } = c.req.valid('param');
		const { threads, at } = c.req.valid('json');
		const { db } = getRuntime();
		const upTo = at ? new Date(at) : null;
		if (threads) await markRead(db, actorIn(c, id), id, threads, upTo);
		else await markAllRead(db, actorIn(c, id), id, upTo);
		return c.body(null, 204);
	}
);

reading.openapi(
	route({
		method: 'post',
		path: '/articles/{id}/unread',
		summary: 'Marks what others did last in threads as unread again',
		request: { params: ById, body: body(z.object({ threads: Threads })) },
		responses: { 204: { description: 'marked; threads in which nobody else did anything are passed over' } }
	}),
	async (c) => {
		const { id } = c.req.valid('param');
		await markUnread(getRuntime().db, actorIn(c, id), id, c.req.valid('json').threads);
		return c.body(null, 204);
	}
);

reading.openapi(
	route({
		method: 'put',
		path: '/articles/{id}/reading',
		summary: 'Keeps how far one has read the text; it only grows',
		request: { params: ById, body: body(z.object({ to: z.number().min(0).max(1) })) },
		responses: { 204: { description: 'kept' } }
	}),
	async (c) => {
		const { id } = c.req.valid('param');
		await keepReading(getRuntime().db, actorIn(c, id), id, c.req.valid('json').to, new Date());
		return c.body(null, 204);
	}
);

reading.openapi(
	route({
		method: 'get',
		path: '/articles/{id}/readers',
		summary: 'Who has read how far, the latest first (members only)',
		request: { params: ById },
		responses: { 200: answer('everybody who has read in it', z.object({ items: z.array(Reader) })) }
	}),
	async (c) => {
		const { id } = c.req.valid('param');
		return c.json({ items: await listReaders(getRuntime().db, actorIn(c, id), id) }, 200);
	}
);

/** The labels of the newsroom. */
import { z } from '@hono/zod-openapi';
import { LABEL_COLORS } from '#lib/domain/labels.ts';
import { listLabels, replaceLabels } from '#lib/server/labels.ts';
import { getRuntime } from '#lib/server/runtime.ts';
import { actorOf, api, newsroomOf, route } from './_context.ts';
import { answer, body, IfMatch, Label, line } from './_schemas.ts';

const MOST = 100;

const Wanted = z.object({
	id: z.string().max(200).optional().openapi({ description: 'of a label that there is; none: a new one' }),
	name: line(60),
	color: z.enum(LABEL_COLORS),
	key: z
		.string()
		.regex(/^[1-9]$/, 'a digit from 1 to 9')
		.nullish()
		.openapi({ description: 'the digit that marks selected words with it' }),
	description: z
		.preprocess(
			(value) => (typeof value === 'string' && value.trim() === '' ? null : value),
			line(300).nullish()
		)
		.openapi({ description: 'when to use it, in a sentence' })
});

const List = {
	...answer('all of them, in their order', z.object({ items: z.array(Label) })),
	headers: z.object({ ETag: z.string().openapi({ description: 'of the whole list' }) })
};

export const labels = api();

labels.openapi(
	route({
		method: 'get',
		path: '/labels',
		summary: 'What annotations may be labelled with (members only)',
		responses: { 200: List }
	}),
	async (c) => {
		const { items, etag } = await listLabels(getRuntime().db, actorOf(c), newsroomOf(c));
		return c.json({ items }, 200, { ETag: etag });
	}
);

labels.openapi(
	route({
		method: 'put',
		path: '/labels',
		summary: 'Replaces the list (owner only)',
		description:
			'The labels stand in the order given. One that is left out is taken away: annotations keep its id, which never comes ' +
			'to mean another label. It comes back by its id or its name.',
		request: { headers: IfMatch, body: body(z.object({ items: z.array(Wanted).max(MOST) })) },
		responses: { 200: List }
	}),
	async (c) => {
		const wanted = c.req
			.valid('json')
			.items.map(({ key = null, description = null, ...said }) => ({ ...said, key, description }));
		const given = { items: wanted, ifMatch: c.req.valid('header')['if-match'] };
		const { items, etag } = await replaceLabels(
			getRuntime().db,
			actorOf(c),
			newsroomOf(c),
			given,
			new Date()
		);
		return c.json({ items }, 200, { ETag: etag });
	}
);

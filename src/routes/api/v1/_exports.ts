/** Files to take away. */
import { z } from '@hono/zod-openapi';
import { FORMATS } from '#lib/domain/export/index.ts';
import { exportArticle, exportSet, type ExportedFile } from '#lib/server/exports.ts';
import { getRuntime } from '#lib/server/runtime.ts';
import { articleOfSet } from '#lib/server/set-rows.ts';
import { actorIn, api, originOf, route } from './_context.ts';
import { ById } from './_schemas.ts';

const Params = ById.extend({
	format: z.string().openapi({ description: 'one of them', enum: FORMATS.map(({ format }) => format) })
});
const file = { 200: { description: 'the file', content: { '*/*': { schema: z.string() } } } };

/** @see https://www.rfc-editor.org/rfc/rfc6266 */
const send = ({ fileName, mediaType, body }: ExportedFile) =>
	new Response(body, {
		headers: {
			'Content-Type': mediaType,
			'Content-Disposition': `attachment; filename="${fileName}"; filename*=UTF-8''${encodeURIComponent(fileName)}`
		}
	});

export const files = api();

files.openapi(
	route({
		method: 'get',
		path: '/articles/{id}/export/{format}',
		summary: 'The article with its live layer as a file',
		request: { params: Params },
		responses: file
	}),
	async (c) => {
		const { id, format } = c.req.valid('param');
		const request = { format, origin: originOf(c) };
		return send(await exportArticle(getRuntime(), actorIn(c, id), id, request, new Date()));
	}
);

files.openapi(
	route({
		method: 'get',
		path: '/sets/{id}/export/{format}',
		summary: 'A finished set as a file',
		request: { params: Params },
		responses: file
	}),
	async (c) => {
		const { id, format } = c.req.valid('param');
		const { db } = getRuntime();
		const actor = actorIn(c, await articleOfSet(db, id));
		return send(await exportSet(db, actor, id, { format, origin: originOf(c) }, new Date()));
	}
);

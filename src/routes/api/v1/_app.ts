/** The HTTP API: one Hono app, mounted at /api/v1. Validation, types and the OpenAPI document come from one schema. */
import { bodyLimit } from 'hono/body-limit';
import { MAX_ARTICLE_BYTES } from '#lib/domain/plain-text.ts';
import { AppError } from '#lib/server/errors.ts';
import { annotations } from './_annotations.ts';
import { articles } from './_articles.ts';
import { api, sameOrigin, whoIsAsking } from './_context.ts';
import { files } from './_exports.ts';
import { history } from './_history.ts';
import { labels } from './_labels.ts';
import { links } from './_links.ts';
import { describeApi } from './_openapi.ts';
import { people } from './_people.ts';
import { problem, problemOf } from './_problem.ts';
import { reading } from './_reading.ts';
import { session } from './_session.ts';
import { sets } from './_sets.ts';
import { setup } from './_setup.ts';
import { sync } from './_sync.ts';

const MB = 1024 * 1024;
// JSON writes some characters of a text with up to six bytes.
const MAX_ARTICLE_BODY = 6 * MAX_ARTICLE_BYTES;
const MAX_BODY = 1 * MB;

const limitBody = (maxSize: number, detail: string) =>
	bodyLimit({
		maxSize,
		onError: async (c) => {
			// what is left unread would stand before the next request on the connection
			await c.req.raw.body?.pipeTo(new WritableStream()).catch(() => {});
			throw new AppError('too large', detail, { field: 'body' });
		}
	});
const articleBody = limitBody(
	MAX_ARTICLE_BODY,
	`It is too large: an article may have ${MAX_ARTICLE_BYTES / MB} MB of text at most.`
);
const anyBody = limitBody(MAX_BODY, `It is too large: a request may have ${MAX_BODY / MB} MB at most.`);

export const app = api().basePath('/api/v1');

app.onError(problemOf);
app.notFound((c) =>
	problem({ status: 404, detail: `There is no ${c.req.method} ${c.req.path}.`, code: 'not found' })
);

app.use('*', async (c, next) => {
	await next();
	c.header('Cache-Control', 'no-store');
});
app.use('*', sameOrigin, whoIsAsking, (c, next) => {
	const bringsIn = c.get('identity') && c.req.path === '/api/v1/articles';
	return bringsIn ? articleBody(c, next) : anyBody(c, next);
});

for (const part of [
	setup,
	session,
	people,
	labels,
	articles,
	annotations,
	history,
	reading,
	sets,
	files,
	links,
	sync
])
	app.route('/', part);

app.get('/openapi.json', (c) => c.json(describeApi(app)));

/** Articles. */
import { z } from '@hono/zod-openapi';
import { changeArticle, createArticles, getArticle, getText, listArticles } from '#lib/server/articles.ts';
import { getRuntime } from '#lib/server/runtime.ts';
import { addSamples } from '#lib/server/samples.ts';
import { actorIn, actorOf, api, newsroomOf, route } from './_context.ts';
import {
	answer,
	Article,
	ArticleBase,
	body,
	ById,
	Language,
	line,
	PageQuery,
	pageOf,
	SourceInput
} from './_schemas.ts';

const later = z
	.unknown()
	.refine((value) => value === undefined, 'Only plain text can be brought in yet: send it as "text".')
	.optional()
	.openapi({ description: 'not yet: send "text"' });

const NewArticle = z.object({
	title: line(500).optional(),
	html: later,
	markdown: later,
	text: z.string(),
	source: SourceInput.optional(),
	language: Language.nullish()
});

const ArticleChange = z.object({
	title: line(500).optional(),
	source: SourceInput.optional(),
	textLocked: z.boolean().optional(),
	language: Language.nullish()
});

const url = (id: string) => `/api/v1/articles/${id}`;

export const articles = api();

articles.openapi(
	route({
		method: 'post',
		path: '/articles',
		summary: 'Brings an article in; each non-blank line of the text is a paragraph',
		request: { body: body(NewArticle) },
		responses: { 201: answer('brought in', Article) }
	}),
	async (c) => {
		const { title, text, source, language } = c.req.valid('json');
		const given = [{ title, text, source, language }];
		const [article] = await createArticles(getRuntime().db, actorOf(c), given, new Date());
		c.header('Location', url(article!.id));
		return c.json(article!, 201);
	}
);

articles.openapi(
	route({
		method: 'get',
		path: '/articles',
		summary: 'The articles of the newsroom, newest first',
		request: { query: PageQuery },
		responses: { 200: answer('a page of them', pageOf(ArticleBase.openapi('ArticleItem'))) }
	}),
	async (c) =>
		c.json(await listArticles(getRuntime().db, actorOf(c), newsroomOf(c), c.req.valid('query')), 200)
);

articles.openapi(
	route({
		method: 'get',
		path: '/articles/{id}',
		summary: 'One article',
		request: { params: ById },
		responses: { 200: answer('the article', Article) }
	}),
	async (c) => {
		const { id } = c.req.valid('param');
		return c.json(await getArticle(getRuntime().db, actorIn(c, id), id), 200);
	}
);

articles.openapi(
	route({
		method: 'get',
		path: '/articles/{id}/text',
		summary: 'Its plain text: the paragraphs joined by one line feed',
		request: { params: ById },
		responses: { 200: { description: 'the text', content: { 'text/plain': { schema: z.string() } } } }
	}),
	async (c) => {
		const { id } = c.req.valid('param');
		const text = await getText(getRuntime(), actorIn(c, id), id);
		return c.text(text, 200, { 'Content-Type': 'text/plain; charset=utf-8' });
	}
);

articles.openapi(
	route({
		method: 'patch',
		path: '/articles/{id}',
		summary: 'Changes what is given; null takes a detail away',
		request: { params: ById, body: body(ArticleChange) },
		responses: { 200: answer('the article', Article) }
	}),
	async (c) => {
		const { id } = c.req.valid('param');
		return c.json(await changeArticle(getRuntime(), actorIn(c, id), id, c.req.valid('json')), 200);
	}
);

articles.openapi(
	route({
		method: 'post',
		path: '/samples',
		summary: 'Adds a sample story of three articles',
		responses: { 201: answer('added', z.object({ items: z.array(Article) })) }
	}),
	async (c) => c.json({ items: await addSamples(getRuntime().db, actorOf(c), new Date()) }, 201)
);

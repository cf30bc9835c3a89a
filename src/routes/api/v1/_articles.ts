/** Articles. */
import { z } from '@hono/zod-openapi';
import { ARTICLE_SORTS, listArticles } from '#lib/server/article-list.ts';
import { changeArticle, createArticles, getArticle, getText } from '#lib/server/articles.ts';
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
	SourceInput,
	Somebody,
	time,
	words
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

const ListQuery = PageQuery.extend({
	// it says the title of an article
	cursor: z.string().max(4000).optional(),
	sort: z.enum(ARTICLE_SORTS).default('created'),
	status: z.enum(['open', 'finished']).optional(),
	unread: z.literal('true').optional().openapi({ description: 'only those with something new by others' }),
	mentions: z
		.literal('me')
		.optional()
		.openapi({ description: 'only those in which something new mentions me' }),
	assigned: z
		.literal('me')
		.optional()
		.openapi({ description: 'only those with open threads assigned to me' }),
	text: words(200).optional().openapi({ description: 'words that title, outlet or byline have, all of them' })
});

const ListedArticle = ArticleBase.extend({
	open: z.int().openapi({ description: 'threads that still ask something' }),
	unread: z.int().openapi({ description: 'threads with something new by others' }),
	mentions: z.int().openapi({ description: 'unread ones in which something new mentions me' }),
	assigned: z.int().openapi({ description: 'open ones that are assigned to me' }),
	people: z.array(Somebody).openapi({ description: 'who wrote, latest first, at most 8' }),
	peopleCount: z.int().openapi({ description: 'how many wrote' }),
	activity: time.openapi({ description: 'when something last happened' })
}).openapi('ListedArticle');

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
		summary: 'The articles of the newsroom, newest first, and what is going on in them',
		description:
			'Counts are of the layers that one may open. Newest, latest and most come first; titles go by the alphabet. A cursor ' +
			'belongs to its order.',
		request: { query: ListQuery },
		responses: { 200: answer('a page of them', pageOf(ListedArticle)) }
	}),
	async (c) => {
		const { unread, mentions, assigned, ...query } = c.req.valid('query');
		const asked = {
			...query,
			unread: unread === 'true',
			mentioned: mentions === 'me',
			assigned: assigned === 'me'
		};
		return c.json(await listArticles(getRuntime().db, actorOf(c), newsroomOf(c), asked), 200);
	}
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

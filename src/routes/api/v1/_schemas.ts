/** Shapes that several routes share. */
import { z } from '@hono/zod-openapi';
import { LABEL_COLORS } from '#lib/domain/labels.ts';
import { ACCESSES, ROLES } from '#lib/domain/policy.ts';
import { SHARED } from '#lib/domain/room.ts';

export const Problem = z
	.object({
		type: z.string(),
		title: z.string(),
		status: z.int(),
		detail: z.string(),
		code: z.string().optional(),
		field: z.string().optional().openapi({ description: 'the part of the request that is wrong' })
	})
	.catchall(z.unknown())
	.openapi('Problem', { description: 'RFC 9457' });

/** What PostgreSQL can keep, as text and as JSON. */
export const words = (max: number) =>
	z
		.string()
		.max(max)
		.refine((text) => text.isWellFormed() && !text.includes('\0'), 'holds characters that are no text');

/** Words of one line: trimmed, not empty. */
export const line = (max: number) =>
	words(max)
		.trim()
		.min(1)
		.refine((text) => !/\p{Cc}/u.test(text), 'holds control characters');
export const time = z.iso.datetime({ offset: true });
export const Role = z.enum(ROLES);
export const Access = z.enum(ACCESSES);
export const Principal = z.string().openapi({ example: 'user:4f6e…' });
export const Email = z.string().trim().max(254).pipe(z.email());
/** Its length is the business of the accounts. */
export const Password = z.string().max(1000);
export const Somebody = z.object({ principal: Principal, name: z.string() });

export const IfMatch = z.object({ 'if-match': z.string().max(1000).optional() });
export const ById = z.object({ id: z.string() });
/** Which layer of the article is meant. */
export const InLayer = z.object({ layer: z.string().max(40).default(SHARED) });
export const PageQuery = z.object({
	cursor: z.string().max(200).optional(),
	limit: z.coerce.number().int().min(1).max(100).default(50)
});

export const pageOf = <T extends z.ZodType>(item: T) =>
	z.object({
		items: z.array(item),
		next: z.string().nullable().openapi({ description: 'the cursor of the next page' })
	});

/** A JSON request body. */
export const body = <T extends z.ZodType>(schema: T) => ({
	required: true as const,
	content: { 'application/json': { schema } }
});

/** A JSON answer. */
export const answer = <T extends z.ZodType>(description: string, schema: T) => ({
	description,
	content: { 'application/json': { schema } }
});

const Source = {
	outlet: line(200),
	byline: line(500),
	url: z.url({ protocol: /^https?$/ }).max(2000),
	publishedAt: line(100)
};

/** An empty value and null both take a detail away. */
const detail = <T extends z.ZodType>(schema: T) =>
	z.preprocess(
		(value) => (typeof value === 'string' && value.trim() === '' ? null : value),
		schema.nullish()
	);

export const SourceInput = z.object({
	outlet: detail(Source.outlet),
	byline: detail(Source.byline),
	url: detail(Source.url),
	publishedAt: detail(Source.publishedAt)
});

/** BCP 47 */
export const Language = z
	.string()
	.max(35)
	.regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'not a language tag');

export const Label = z
	.object({
		id: z.string(),
		name: z.string(),
		color: z.enum(LABEL_COLORS),
		key: z.string().nullable().openapi({ description: 'the digit that marks selected words with it' }),
		description: z.string().nullable()
	})
	.openapi('Label');

export const ArticleBase = z.object({
	id: z.uuid(),
	title: z.string(),
	status: z.enum(['open', 'finished']),
	version: z.int(),
	textLocked: z.boolean(),
	source: z.object({
		outlet: z.string().nullable(),
		url: z.string().nullable(),
		byline: z.string().nullable(),
		publishedAt: z.string().nullable()
	}),
	language: z.string().nullable(),
	created: time,
	createdBy: Somebody,
	access: z.string().openapi({ description: 'the role of the member, or the access of the guest' }),
	sets: z.int()
});

export const Article = ArticleBase.extend({
	labels: z.array(Label).openapi({ description: 'what its annotations may be labelled with' }),
	pastLabels: z
		.array(Label)
		.openapi({ description: 'what was taken away from those; annotations may still have it' })
}).openapi('Article');

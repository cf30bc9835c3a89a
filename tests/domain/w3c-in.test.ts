import { describe, expect, test } from 'vitest';
import { fromW3c, W3cError } from '../../src/lib/domain/w3c.ts';
import { ARTICLE, uuid } from './make.ts';

describe('an annotation that comes in', () => {
	const article = `https://galley.example/articles/${ARTICLE}`;
	const quote = { type: 'TextQuoteSelector', exact: 'crosses' };
	const passage = { source: article, selector: quote };
	const annotation = (more: object) => ({ type: 'Annotation', target: passage, ...more });
	const selector = { exact: 'crosses' };

	test.each<[string, object, object]>([
		['no body and no motivation', {}, { motivation: 'highlighting', selector }],
		['a bodyValue', { bodyValue: 'x' }, { motivation: 'commenting', body: 'x', selector }],
		[
			'a string',
			{ body: 'https://example.org/a' },
			{ motivation: 'commenting', body: 'https://example.org/a', selector }
		],
		[
			'several bodies',
			{ body: [{ value: 'a' }, { type: 'TextualBody', value: 'b' }] },
			{ motivation: 'commenting', body: 'a\n\nb', selector }
		],
		[
			'a body elsewhere',
			{ body: { id: 'https://example.org/a', type: 'Image' } },
			{ motivation: 'commenting', body: 'https://example.org/a', selector }
		],
		[
			'a tag',
			{ body: { value: 'legal', purpose: 'tagging' } },
			{ motivation: 'highlighting', label: 'legal', selector }
		],
		[
			'a class before a tag',
			{
				body: [
					{ value: 't', purpose: 'tagging' },
					{ value: 'c', purpose: ['classifying'] }
				]
			},
			{ motivation: 'highlighting', label: 'c', selector }
		],
		['motivations', { motivation: ['x:liking', 'oa:questioning'] }, { motivation: 'questioning', selector }],
		['a type among others', { type: ['Annotation', 'x:Note'] }, { motivation: 'highlighting', selector }],
		['targets', { target: [passage] }, { motivation: 'highlighting', selector }],
		[
			'a source as an object',
			{ target: { source: { id: article }, selector: [quote] } },
			{ motivation: 'highlighting', selector }
		],
		[
			'a position',
			{ target: { source: article, selector: { type: 'TextPositionSelector', start: 0, end: 3 } } },
			{ motivation: 'highlighting', selector: { start: 0, end: 3 } }
		],
		[
			'a selector of another kind beside',
			{ target: { source: article, selector: [{ type: 'CssSelector', value: 'p' }, quote] } },
			{ motivation: 'highlighting', selector }
		],
		['the article', { target: article, bodyValue: 'x' }, { motivation: 'commenting', body: 'x' }],
		['the article, as a resource', { target: { id: article, type: 'Text' } }, { motivation: 'highlighting' }],
		[
			'an annotation',
			{
				target: `${article.replace('/articles', '/api/v1/articles')}/annotations/${uuid(1)}`,
				bodyValue: 'x'
			},
			{ motivation: 'replying', body: 'x', replyTo: uuid(1) }
		],
		[
			'an annotation as a source',
			{ target: { source: `urn:uuid:${uuid(1)}` } },
			{ motivation: 'replying', replyTo: uuid(1) }
		]
	])('%s', (_, given, expected) => expect(fromW3c(annotation(given))).toEqual(expected));

	test.each<[string, unknown]>([
		['body', 'text'],
		['body', null],
		['type', { target: article }],
		['type', { type: 'Note', target: article }],
		['target', { type: 'Annotation' }],
		['target', annotation({ target: [passage, passage] })],
		['target', annotation({ target: 5 })],
		['target', annotation({ motivation: 'replying' })],
		['target.source', annotation({ target: { source: 7, selector: quote } })],
		['target.selector', annotation({ target: { source: article, selector: { type: 'CssSelector' } } })],
		['target.selector', annotation({ target: { source: article, selector: 'x' } })],
		['target.selector', annotation({ target: { source: article, selector: [] } })],
		['target.selector.exact', annotation({ target: { source: article, selector: { ...quote, exact: '' } } })],
		[
			'target.selector[0].prefix',
			annotation({ target: { source: article, selector: [{ ...quote, prefix: 1 }] } })
		],
		[
			'target.selector.start',
			annotation({
				target: { source: article, selector: { type: 'TextPositionSelector', start: -1, end: 2 } }
			})
		],
		[
			'target.selector.end',
			annotation({
				target: { source: article, selector: { type: 'TextPositionSelector', start: 2, end: 2 } }
			})
		],
		['motivation', annotation({ motivation: 'liking' })],
		['bodyValue', annotation({ bodyValue: 'x', body: 'y' })],
		['bodyValue', annotation({ bodyValue: 1 })],
		['body.value', annotation({ body: { type: 'TextualBody' } })],
		['body[1].format', annotation({ body: ['a', { value: '<b>', format: 'text/html' }] })],
		['body', annotation({ body: 7 })]
	])('names the field: %s', (field, json) => {
		const error = (() => {
			try {
				return fromW3c(json);
			} catch (thrown) {
				return thrown;
			}
		})();
		expect(error).toBeInstanceOf(W3cError);
		expect((error as W3cError).field).toBe(field);
	});
});

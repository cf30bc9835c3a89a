import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { describe, expect, it, test } from 'vitest';
import { annotationCollection, annotationPage, fromW3c, toW3c } from '../../src/lib/domain/w3c.ts';
import { exampleSet, TEXT } from './example.ts';
import { ARTICLE, uuid } from './make.ts';

const set = exampleSet();
const at = { origin: 'https://galley.example', articleId: ARTICLE, people: set.people };
const items = set.layers.flatMap(({ layer, annotations }) =>
	annotations.map((each) => toW3c(each, layer, at))
);
const [removed, , thread, answer, highlight, orphan] = items;
const iri = (id: string) => `https://galley.example/api/v1/articles/${ARTICLE}/annotations/${id}`;
const collection = annotationCollection('https://galley.example/sets/1', 'Bridge (set 1)', items);
const page = annotationPage({
	id: 'https://galley.example/list?cursor=x',
	collection: { id: 'https://galley.example/list', label: 'Bridge', total: 9 },
	startIndex: 3,
	items,
	next: 'https://galley.example/list?cursor=y'
});

describe('out', () => {
	it('a passage, whole', () => {
		expect(thread).toEqual({
			'@context': 'http://www.w3.org/ns/anno.jsonld',
			id: iri(uuid(1)),
			type: 'Annotation',
			motivation: 'commenting',
			creator: { id: 'urn:galley:user:annotator', type: 'Person', name: 'Ann Otator' },
			created: '2026-11-22T12:00:00.000Z',
			modified: '2026-11-22T12:30:00.000Z',
			body: [
				{ type: 'TextualBody', value: 'Says who?', format: 'text/markdown', purpose: 'commenting' },
				{ type: 'TextualBody', value: 'fact-check', purpose: 'classifying' }
			],
			target: {
				type: 'SpecificResource',
				source: `https://galley.example/articles/${ARTICLE}`,
				selector: [
					{
						type: 'TextQuoteSelector',
						exact: 'Nobody crosses',
						prefix: 'The 😀 mayor said: “',
						suffix: '.”\nThe bridge is 61 years old.'
					},
					{ type: 'TextPositionSelector', start: 19, end: 33 }
				]
			},
			'galley:layer': 'shared',
			'galley:status': 'resolved',
			'galley:resolvedBy': { id: 'urn:galley:user:editor', type: 'Person', name: 'Ed Itor' },
			'galley:resolvedAt': '2026-11-22T13:00:00.000Z',
			'galley:resolution': 'Heard on tape.',
			'galley:reactions': [
				{
					type: 'galley:Reaction',
					value: '👍',
					creator: { id: 'urn:galley:guest:g1', type: 'Person', name: 'Gus' }
				},
				{
					type: 'galley:Reaction',
					value: '👍',
					creator: { id: 'urn:galley:user:editor', type: 'Person', name: 'Ed Itor' }
				}
			]
		});
		expect([...TEXT].slice(19, 33).join('')).toBe('Nobody crosses');
	});
	it('a reply targets its root', () => {
		expect(answer).toMatchObject({
			motivation: 'replying',
			target: iri(uuid(1)),
			body: { value: '# I was there.' }
		});
	});
	it('a bare highlight has tags alone, an orphan its quote alone, a removed root no words', () => {
		expect(highlight).toMatchObject({ body: { value: 'age', purpose: 'tagging' } });
		expect(orphan).toMatchObject({
			target: { selector: [{ type: 'TextQuoteSelector', exact: 'never said this' }] }
		});
		expect(removed).not.toHaveProperty('body');
		expect(removed).toMatchObject({ 'galley:deletedBy': { name: 'Ed Itor' } });
	});
	it('comes back in as it went out', () => {
		expect(fromW3c(thread)).toEqual({
			motivation: 'commenting',
			body: 'Says who?',
			label: 'fact-check',
			selector: {
				exact: 'Nobody crosses',
				prefix: 'The 😀 mayor said: “',
				suffix: '.”\nThe bridge is 61 years old.',
				start: 19,
				end: 33
			}
		});
		expect(fromW3c(answer)).toEqual({ motivation: 'replying', body: '# I was there.', replyTo: uuid(1) });
		expect(fromW3c(removed)).toEqual({ motivation: 'commenting' });
	});
});

/** What the model says MUST be, in our own words. */
describe('the MUSTs of the model', () => {
	const isIri = (value: unknown) => typeof value === 'string' && URL.canParse(value);
	test.each(items.map((item) => [item.id, item]))('an annotation: %s', (_, item) => {
		expect(item).toMatchObject({ '@context': 'http://www.w3.org/ns/anno.jsonld', type: 'Annotation' });
		expect(isIri(item.id)).toBe(true);
		expect(item.target).toBeDefined();
		expect(item).not.toHaveProperty('bodyValue');
		for (const key of ['created', 'modified'])
			if (key in item) expect(item[key]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
		for (const body of [item.body ?? []].flat() as Record<string, unknown>[]) {
			expect(body).toMatchObject({ type: 'TextualBody', value: expect.any(String) });
			expect(body).not.toHaveProperty('source');
		}
		const target = item.target as string | { source: string; selector: Record<string, unknown>[] };
		if (typeof target === 'string') return expect(isIri(target)).toBe(true);
		expect(isIri(target.source)).toBe(true);
		expect(target).not.toHaveProperty('value');
		for (const selector of target.selector)
			if (selector.type === 'TextQuoteSelector') expect(selector.exact).toEqual(expect.any(String));
			else
				expect(
					Number.isInteger(selector.start) && (selector.end as number) > (selector.start as number)
				).toBe(true);
	});
	it('a collection and its page', () => {
		expect(collection).toEqual({
			'@context': 'http://www.w3.org/ns/anno.jsonld',
			id: 'https://galley.example/sets/1',
			type: 'AnnotationCollection',
			label: 'Bridge (set 1)',
			total: 6,
			first: {
				id: 'https://galley.example/sets/1#page',
				type: 'AnnotationPage',
				partOf: {
					id: 'https://galley.example/sets/1',
					type: 'AnnotationCollection',
					label: 'Bridge (set 1)',
					total: 6
				},
				startIndex: 0,
				items
			}
		});
		expect(page).toMatchObject({ type: 'AnnotationPage', startIndex: 3, partOf: { total: 9 }, items });
		expect(page).toMatchObject({
			'@context': 'http://www.w3.org/ns/anno.jsonld',
			next: expect.stringMatching(/=y$/)
		});
	});
});

const schemas = path.resolve(import.meta.dirname, '../../../shared/w3c');
if (existsSync(schemas)) {
	const read = (file: string) => JSON.parse(readFileSync(path.join(schemas, file), 'utf8'));
	const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false, logger: false });
	addFormats(ajv);
	for (const file of readdirSync(path.join(schemas, 'definitions')))
		if (file.endsWith('.json')) ajv.addSchema(read(`definitions/${file}`), file);
	const musts = (suite: string) =>
		(read(suite).assertions as string[]).map((file, index) => {
			const schema = read(file);
			const validate = ajv.compile({ ...schema, id: `${path.basename(suite)}-${index}` });
			return {
				schema,
				holds: (value: unknown) => validate(value) === ((schema.expectedResult ?? 'valid') === 'valid')
			};
		});
	const empty = annotationCollection('https://galley.example/sets/2', 'None', []);
	test.each<[string, Record<string, unknown>[]]>([
		['annotations/annotationMusts.test', items],
		['collections/collectionMusts.test', [collection, empty]],
		['collections/pages/pageMusts.test', [page, collection]]
	])('the W3C’s own schemas: %s', (suite, values) => {
		for (const { schema, holds } of musts(suite))
			for (const value of values)
				if ((schema.assertionType ?? 'must') === 'must') expect(holds(value), schema.errorMessage).toBe(true);
	});
}

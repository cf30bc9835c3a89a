import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FIRST_LABELS, type Label } from '../../../src/lib/domain/labels.ts';
import { insertFirstLabels } from '../../../src/lib/server/labels.ts';
import { startNewsroom, type Newsroom } from '../../support/newsroom.ts';

interface List {
	items: Label[];
}

let newsroom: Newsroom;
beforeAll(async () => {
	newsroom = await startNewsroom();
});
afterAll(() => newsroom[Symbol.asyncDispose]());
beforeEach(async () => {
	const { id } = await newsroom.db.newsroom.findFirstOrThrow();
	await newsroom.db.label.deleteMany();
	await insertFirstLabels(newsroom.db, id);
});

const put = (items: unknown[], headers?: Record<string, string>) =>
	newsroom.owner.call<List & { field?: string }>('PUT', '/labels', { items }, headers);
const get = () => newsroom.owner.call<List>('GET', '/labels');
const named = (name: string, more: object = {}) => ({ name, color: 'blue', ...more });
const shown = (label: object) => ({ key: null, description: null, ...label });

test('a newsroom begins with a good set, which its articles say too', async () => {
	expect((await get()).body).toEqual({ items: FIRST_LABELS });
	const id = await newsroom.article();
	const { body } = await newsroom.owner.call<{ labels: Label[] }>('GET', `/articles/${id}`);
	expect(body.labels).toEqual(FIRST_LABELS);
	const guest = await newsroom.guest(id, 'view');
	expect((await guest.call<{ labels: Label[] }>('GET', `/articles/${id}`)).body.labels).toEqual(FIRST_LABELS);
});

test('the owner adds, renames, sorts and takes away; ids are made from names', async () => {
	const [first, second] = FIRST_LABELS;
	const wanted = [
		named('Zu prüfen', { key: '9', description: '  Bitte  ' }),
		{ ...second, name: 'Needs a source', color: 'rose', key: null },
		first,
		named('🌉', { description: '' })
	];
	const { status, body } = await put(wanted);
	expect(status).toBe(200);
	expect(body.items).toEqual([
		shown({ id: 'zu-prufen', name: 'Zu prüfen', color: 'blue', key: '9', description: 'Bitte' }),
		{ ...second, name: 'Needs a source', color: 'rose', key: null },
		first,
		shown({ id: 'label', name: '🌉', color: 'blue' })
	]);
	expect((await get()).body).toEqual(body);
	const id = await newsroom.article();
	const article = await newsroom.owner.call<{ labels: Label[] }>('GET', `/articles/${id}`);
	expect(article.body.labels).toEqual(body.items);
	expect((await put([])).body).toEqual({ items: [] });
});

test('what was taken away keeps its name and colour for the annotations that have it', async () => {
	const [first, ...rest] = FIRST_LABELS;
	const id = await newsroom.article();
	const guest = await newsroom.guest(id, 'view');
	await put(rest);
	for (const who of [newsroom.owner, guest])
		expect((await who.call('GET', `/articles/${id}`)).body).toMatchObject({
			labels: rest,
			pastLabels: [first]
		});
	await put([first, ...rest]);
	expect((await guest.call('GET', `/articles/${id}`)).body).toMatchObject({ pastLabels: [] });
});

test('the id of a label that was taken away never comes to mean another', async () => {
	await put([named('Embargo')]);
	await put([]);
	// a new one whose id would be the same, and the old id under another name
	await put([{ id: 'embargo', ...named('Embargo') }]);
	await put([{ id: 'embargo', ...named('Hold') }]);
	expect((await put([{ id: 'embargo', ...named('Hold') }, named('Embargo')])).body.items).toMatchObject([
		{ id: 'embargo', name: 'Hold' },
		{ id: 'embargo-2', name: 'Embargo' }
	]);
	await put([]);
	expect(await put([{ id: 'embargo', ...named('Free') }])).toMatchObject({
		status: 422,
		body: { field: 'items.0.id' }
	});
	// under its own name it is the same label again
	expect((await put([named('HOLD'), named('embargo')])).body.items).toMatchObject([
		{ id: 'embargo', name: 'HOLD' },
		{ id: 'embargo-2', name: 'embargo' }
	]);
});

test('of two who change the list at once the second is told', async () => {
	const etag = (await get()).headers.get('etag')!;
	expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
	const changed = await put([named('One')], { 'if-match': etag });
	expect(changed.status).toBe(200);
	const again = await put([named('Two')], { 'if-match': etag });
	expect(again).toMatchObject({ status: 412, body: { field: 'If-Match' } });
	expect(changed.headers.get('etag')).toBe((await get()).headers.get('etag'));
	const both = await Promise.all(
		['Three', 'Four'].map((name) => put([named(name)], { 'if-match': changed.headers.get('etag')! }))
	);
	expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
});

test.each([
	['items', {}],
	['items.0.name', { items: [named(' ')] }],
	['items.0.name', { items: [named('x'.repeat(61))] }],
	['items.0.name', { items: [named('two\nlines')] }],
	['items.0.color', { items: [{ name: 'One', color: 'red' }] }],
	['items.0.key', { items: [named('One', { key: '0' })] }],
	['items.0.key', { items: [named('One', { key: 'a' })] }],
	['items.0.description', { items: [named('One', { description: 'x'.repeat(301) })] }],
	['items.0.id', { items: [{ id: 'nothing', ...named('One') }] }],
	['items.1.id', { items: [FIRST_LABELS[0], { ...FIRST_LABELS[0], name: 'Again', key: null }] }],
	['items.1.name', { items: [named('One'), named('oNE')] }],
	['items.1.key', { items: [named('One', { key: '1' }), named('Two', { key: '1' })] }],
	['items', { items: Array.from({ length: 101 }, (_, index) => named(`Label ${index}`)) }]
])('a list whose %s is wrong is refused by name, and nothing changes', async (field, given) => {
	const answer = await newsroom.owner.call('PUT', '/labels', given);
	expect(answer).toMatchObject({ status: 422, body: { field } });
	expect((await get()).body).toEqual({ items: FIRST_LABELS });
});

describe('an export names the label, also when it was taken away meanwhile', () => {
	test.each(['csv', 'md'])('as %s', async (format) => {
		await put([...FIRST_LABELS, named('Ring back')]);
		const id = await newsroom.article();
		const target = { source: 'x', selector: { type: 'TextQuoteSelector', exact: 'nine piers' } };
		const body = { type: 'TextualBody', purpose: 'classifying', value: 'ring-back' };
		const annotation = { type: 'Annotation', motivation: 'commenting', body, target };
		expect((await newsroom.owner.call('POST', `/articles/${id}/annotations`, annotation)).status).toBe(201);
		await put(FIRST_LABELS);
		expect((await newsroom.owner.call('GET', `/articles/${id}/export/${format}`)).text).toContain(
			'Ring back'
		);
		const set = await newsroom.owner.call<{ id: string }>('POST', `/articles/${id}/finish`, {
			override: 'Now'
		});
		const file = await newsroom.owner.call('GET', `/sets/${set.body.id}/export/${format}`);
		expect(file.text).toContain('Ring back');
	});
});

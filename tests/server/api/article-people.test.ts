import { afterAll, beforeAll, expect, test } from 'vitest';
import { startNewsroom, type Caller, type Newsroom } from '../../support/newsroom.ts';

interface List {
	items: { principal: string; name: string; role: string }[];
}

let newsroom: Newsroom;
let viewer: Caller;
beforeAll(async () => {
	newsroom = await startNewsroom();
	viewer = await newsroom.person('viewer', 'Vic');
});
afterAll(() => newsroom[Symbol.asyncDispose]());

const peopleOf = async (who: Caller, id: string) =>
	(await who.call<List>('GET', `/articles/${id}/people?layer=shared`)).body.items;
const note = { type: 'Annotation', bodyValue: 'Note', target: 'urn:x:article' };

test('members are told of everybody who can see the layer, by name', async () => {
	const id = await newsroom.article();
	const gus = await newsroom.guest(id, 'view', 'Gus');
	await newsroom.guest(await newsroom.article(), 'annotate', 'Guest of another article');
	const expected = [
		{ principal: gus.principal, name: 'Gus', role: 'guest' },
		{ principal: newsroom.owner.principal, name: 'Olga Owner', role: 'owner' },
		{ principal: viewer.principal, name: 'Vic', role: 'viewer' }
	];
	for (const who of [newsroom.owner, viewer]) expect(await peopleOf(who, id)).toEqual(expected);
	expect((await newsroom.owner.call<List>('GET', `/articles/${id}/people`)).body.items).toEqual(expected);
});

test('a guest is told of themself and of those who have written there', async () => {
	const id = await newsroom.article();
	const [gus, gil] = [
		await newsroom.guest(id, 'annotate', 'Gus'),
		await newsroom.guest(id, 'annotate', 'Gil')
	];
	expect(await peopleOf(gus, id)).toEqual([{ principal: gus.principal, name: 'Gus', role: 'guest' }]);
	await newsroom.owner.call('POST', `/articles/${id}/annotations`, note);
	await gil.call('POST', `/articles/${id}/annotations`, note);
	expect((await peopleOf(gus, id)).map(({ name }) => name)).toEqual(['Gil', 'Gus', 'Olga Owner']);
});

test('whose link has ended is nobody to mention any more, though they have written', async () => {
	const id = await newsroom.article();
	const gus = await newsroom.guest(id, 'annotate', 'Gus');
	const gil = await newsroom.guest(id, 'annotate', 'Gil');
	const eve = await newsroom.guest(id, 'annotate', 'Eve');
	await gus.call('POST', `/articles/${id}/annotations`, note);
	await newsroom.owner.call('DELETE', `/links/${gus.linkId}`);
	await newsroom.db.reviewLink.update({ where: { id: eve.linkId }, data: { expiresAt: new Date() } });
	expect((await peopleOf(newsroom.owner, id)).map(({ name }) => name)).toEqual(['Gil', 'Olga Owner', 'Vic']);
	expect((await peopleOf(gil, id)).map(({ name }) => name)).toEqual(['Gil']);
	expect((await gus.call('GET', `/articles/${id}/people`)).status).toBe(401);
});

test('a layer or an article that is not there, or not yours, is not found', async () => {
	const id = await newsroom.article();
	const gus = await newsroom.guest(await newsroom.article(), 'annotate');
	const missing = '00000000-0000-4000-8000-000000000000';
	for (const path of [
		`/articles/${missing}/people`,
		'/articles/x/people',
		`/articles/${id}/people?layer=legal`
	])
		expect((await newsroom.owner.call('GET', path)).status).toBe(404);
	expect((await gus.call('GET', `/articles/${id}/people`)).status).toBe(404);
});

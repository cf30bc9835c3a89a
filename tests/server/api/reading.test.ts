import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startNewsroom, type Caller, type Newsroom } from '../../support/newsroom.ts';

interface Unread {
	threads: { id: string; mentions: boolean }[];
}

let newsroom: Newsroom;
let me: Caller;
let ed: Caller;
let id: string;
beforeAll(async () => {
	newsroom = await startNewsroom();
	me = await newsroom.person('annotator', 'Mia');
	ed = await newsroom.person('editor', 'Ed');
});
afterAll(() => newsroom[Symbol.asyncDispose]());
beforeEach(async () => void (id = await newsroom.article()));

type Made = Record<string, unknown> & { id: string };
const idOf = (made: Made) => made.id.split('/').at(-1)!;
const pathOf = (made: Made) => new URL(made.id).pathname.replace('/api/v1', '');

async function write(who: Caller, bodyValue: string, target: string = 'urn:x:article') {
	const annotation = { type: 'Annotation', bodyValue, target };
	const answer = await who.call<Made>('POST', `/articles/${id}/annotations`, annotation);
	expect(answer.status).toBe(201);
	return answer.body;
}
const change = async (who: Caller, made: Made, more: object) =>
	expect((await who.call('PUT', pathOf(made), { ...made, ...more })).status).toBe(200);
const unread = async (who: Caller) => (await who.call<Unread>('GET', `/articles/${id}/unread`)).body.threads;
const unreadIds = async (who: Caller) => (await unread(who)).map(({ id }) => id).sort();
const read = async (who: Caller, what: object) =>
	expect((await who.call('POST', `/articles/${id}/read`, what)).status).toBe(204);

describe('unread', () => {
	test('is what others wrote and I have not read, and at the first visit all of it', async () => {
		const [one, two] = [await write(ed, 'One'), await write(ed, 'Two')];
		const mine = await write(me, 'Mine');
		expect(await unreadIds(me)).toEqual([idOf(one), idOf(two)].sort());
		expect(await unreadIds(ed)).toEqual([idOf(mine)]);
		await read(me, { threads: [idOf(one)] });
		expect(await unreadIds(me)).toEqual([idOf(two)]);
		// what I do is not news to me
		await write(me, 'Answer', two.id);
		await read(me, { all: true });
		expect(await unreadIds(me)).toEqual([]);
		expect(await unreadIds(ed)).toEqual([idOf(mine), idOf(two)].sort());
	});

	test('is what came after it was read, where that is told later', async () => {
		const [one, two] = [await write(ed, 'One'), await write(ed, 'Two')];
		const { at } = (
			await newsroom.db.roomChange.findMany({
				where: { room: `${id}/layers/shared` },
				orderBy: { number: 'desc' }
			})
		)[0]!;
		const late = await write(ed, 'Late');
		await write(ed, 'An answer', one.id);
		await read(me, { threads: [one, two, late].map(idOf), at: at.toISOString() });
		expect(await unreadIds(me)).toEqual([idOf(one), idOf(late)].sort());
		await read(me, { threads: [idOf(late)] });
		await read(me, { all: true, at: at.toISOString() });
		// what was read since stays read
		expect(await unreadIds(me)).toEqual([idOf(one)]);
		await read(me, { all: true });
		await read(me, { all: true, at: at.toISOString() });
		expect(await unreadIds(me)).toEqual([]);
	});

	test('is a thread again with a reply, other words, another status or assignee, by somebody else', async () => {
		const root = await write(me, 'Root');
		await read(ed, { all: true });
		for (const news of [
			() => write(me, 'Reply', root.id),
			() => change(me, root, { bodyValue: undefined, body: 'Other words' }),
			() => change(me, root, { body: 'Other words', 'galley:status': 'resolved' })
		]) {
			expect(await unread(ed)).toEqual([]);
			await news();
			expect(await unread(ed)).toEqual([{ id: idOf(root), mentions: false }]);
			await read(ed, { threads: [idOf(root)] });
		}
	});

	test('is not a label, and not what was deleted since', async () => {
		const root = await write(me, 'Root');
		await read(ed, { all: true });
		await change(me, root, {
			body: [
				{ type: 'TextualBody', value: 'Root', purpose: 'commenting' },
				{ type: 'TextualBody', purpose: 'classifying', value: 'legal' }
			]
		});
		const reply = await write(me, 'A reply that goes', root.id);
		const other = await write(me, 'A thread that goes');
		expect(await unreadIds(ed)).toEqual([idOf(root), idOf(other)].sort());
		for (const gone of [reply, other]) await me.call('DELETE', pathOf(gone));
		expect(await unread(ed)).toEqual([]);
		// a reply to a deleted root stays, and so does the thread
		const answered = await write(me, 'To be deleted');
		await read(ed, { all: true });
		await write(newsroom.owner, 'Answer', answered.id);
		await me.call('DELETE', pathOf(answered));
		expect(await unreadIds(ed)).toEqual([idOf(answered)]);
	});

	test('says which mention me', async () => {
		const root = await write(ed, 'Root');
		const other = await write(ed, `[@Mia](${me.principal}), have a look`);
		await read(me, { all: true });
		await write(ed, 'And?', root.id);
		await write(ed, 'More, without a mention', other.id);
		expect((await unread(me)).every(({ mentions }) => !mentions)).toBe(true);
		const reply = await write(ed, 'Somebody', root.id);
		await change(ed, reply, { bodyValue: undefined, body: `[@Mia](${me.principal})?` });
		expect((await unread(me)).find(({ id }) => id === idOf(root))).toEqual({
			id: idOf(root),
			mentions: true
		});
		expect((await unread(newsroom.owner)).some(({ mentions }) => mentions)).toBe(false);
	});

	test('is again what others did last in a thread, once it is marked so: for me alone, as for a mention', async () => {
		const [one, mine] = [await write(ed, `[@Mia](${me.principal})?`), await write(me, 'Mine')];
		const again = async (who: Caller, ...threads: Made[]) =>
			expect((await who.call('POST', `/articles/${id}/unread`, { threads: threads.map(idOf) })).status).toBe(
				204
			);
		for (const what of [{ all: true }, { threads: [idOf(one)] }]) {
			await read(me, what);
			await again(me, one, mine);
			expect(await unread(me)).toEqual([{ id: idOf(one), mentions: true }]);
		}
		// what I say in it makes it no older, and reading it reads it
		await write(me, 'Later', one.id);
		expect(await unreadIds(me)).toEqual([idOf(one)]);
		await read(me, { threads: [idOf(one)] });
		expect(await unread(me)).toEqual([]);
		await read(ed, { all: true });
		await again(me, one);
		expect(await unread(ed)).toEqual([]);
		// what is unread from before stays so
		await write(ed, 'First', mine.id);
		await write(ed, `Second [@Mia](${me.principal})`, mine.id);
		await write(ed, 'Third', mine.id);
		await again(me, mine);
		expect((await unread(me)).find(({ id }) => id === idOf(mine))).toEqual({
			id: idOf(mine),
			mentions: true
		});
	});

	test('is each guest’s own too', async () => {
		const gus = await newsroom.guest(id, 'view', 'Gus');
		const root = await write(ed, `[@Gus](${gus.principal})`);
		expect(await unread(gus)).toEqual([{ id: idOf(root), mentions: true }]);
		await read(gus, { threads: [idOf(root)] });
		expect(await unread(gus)).toEqual([]);
		expect(await unreadIds(me)).toEqual([idOf(root)]);
	});

	test('outlives the process', async () => {
		const [root, other] = [await write(ed, 'One'), await write(ed, 'Two')];
		await read(me, { threads: [idOf(root)] });
		await newsroom.restart();
		expect(await unreadIds(me)).toEqual([idOf(other)]);
	});

	test('ids that are not there, or of another article, mark nothing', async () => {
		const root = await write(ed, 'One');
		const reply = await write(ed, 'Reply', root.id);
		await read(me, { threads: [randomUUID(), idOf(reply)] });
		const there = id;
		id = await newsroom.article();
		await read(me, { threads: [idOf(root)] });
		id = there;
		expect(await unreadIds(me)).toEqual([idOf(root)]);
		await read(me, { threads: [] });
	});
});

test.each([
	['threads', 'POST', 'read', {}],
	['threads', 'POST', 'read', { threads: [], all: true }],
	['threads.0', 'POST', 'read', { threads: ['x'] }],
	['all', 'POST', 'read', { all: false }],
	['threads', 'POST', 'unread', {}],
	['threads.0', 'POST', 'unread', { threads: ['x'] }],
	['to', 'PUT', 'reading', {}],
	['to', 'PUT', 'reading', { to: 1.1 }],
	['to', 'PUT', 'reading', { to: -1 }],
	['to', 'PUT', 'reading', { to: '1' }]
])('a wrong %s is refused by name: %s %s %j', async (field, method, path, given) => {
	const answer = await me.call(method, `/articles/${id}/${path}`, given);
	expect(answer).toMatchObject({ status: 422, body: { field } });
});

test('how far somebody has read only grows, and the newsroom sees it', async () => {
	const gus = await newsroom.guest(id, 'view', 'Gus');
	const to = async (who: Caller, to: number) =>
		expect((await who.call('PUT', `/articles/${id}/reading`, { to })).status).toBe(204);
	const readers = async () =>
		(await me.call<{ items: object[] }>('GET', `/articles/${id}/readers`)).body.items;
	expect(await readers()).toEqual([]);
	await to(ed, 0.25);
	await to(gus, 1);
	await to(ed, 0.75);
	await to(ed, 0.5);
	const at = expect.stringMatching(/Z$/);
	expect(await readers()).toEqual([
		{ principal: ed.principal, name: 'Ed', to: 0.75, at },
		{ principal: gus.principal, name: 'Gus', to: 1, at }
	]);
});

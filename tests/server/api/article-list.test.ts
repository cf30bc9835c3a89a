import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { annotationsOf } from '../../../src/lib/ydoc/layer.ts';
import { annotationBy, put, replyBy } from '../../support/annotations.ts';
import { startNewsroom, TEXT, type Caller, type Newsroom } from '../../support/newsroom.ts';
import { join, watchSaved } from '../../support/sockets.ts';

interface Item {
	id: string;
	title: string;
	open: number;
	unread: number;
	mentions: number;
	assigned: number;
	people: { principal: string; name: string }[];
	peopleCount: number;
	activity: string;
	created: string;
}
interface List {
	items: Item[];
	next: string | null;
	field?: string;
}

let newsroom: Newsroom;
let mia: Caller;
let ed: Caller;
beforeAll(async () => {
	newsroom = await startNewsroom();
	mia = await newsroom.person('annotator', 'Mia');
	ed = await newsroom.person('editor', 'Ed');
});
afterAll(() => newsroom[Symbol.asyncDispose]());

const list = (who: Caller, query = '') => who.call<List>('GET', `/articles?limit=100&${query}`);
const itemOf = async (who: Caller, id: string, query = '') =>
	(await list(who, query)).body.items.find((item) => item.id === id);
const write = async (who: Caller, id: string, bodyValue: string, target = 'urn:x:article') => {
	const annotation = { type: 'Annotation', bodyValue, target };
	return (await who.call<{ id: string }>('POST', `/articles/${id}/annotations`, annotation)).body;
};
const idOf = (made: { id: string }) => made.id.split('/').at(-1)!;
const pathOf = (made: { id: string }) => new URL(made.id).pathname.replace('/api/v1', '');

describe('an article says', () => {
	test('nothing yet, when nobody has annotated it', async () => {
		const id = await newsroom.article();
		const item = (await itemOf(mia, id))!;
		expect(item).toMatchObject({ open: 0, unread: 0, mentions: 0, assigned: 0, people: [], peopleCount: 0 });
		expect(Date.parse(item.activity)).toBeGreaterThanOrEqual(Date.parse(item.created));
		expect(item).not.toHaveProperty('labels');
	});

	test('what is open, as finishing sees it', async () => {
		const id = await newsroom.article();
		using room = join(newsroom, ed, `${id}/layers/shared`);
		const saved = watchSaved(room.provider);
		await room.synced;
		const add = (more: object) => put(room.doc, annotationBy(ed.principal, more));
		const reply = (root: string) => put(room.doc, replyBy(ed.principal, root));
		const bare = { motivation: 'highlighting' as const, body: undefined };
		add({});
		add(bare);
		add({ ...bare, body: 'With words' });
		reply(add(bare));
		const settled = add({});
		const [gone, goneWithReply, silenced] = [add({}), add({}), add({ ...bare, body: 'Taken back' })];
		reply(goneWithReply);
		const there = annotationsOf(room.doc);
		there.get(settled)!.set('status', 'resolved');
		there.get(silenced)!.delete('body');
		for (const one of [gone, goneWithReply])
			there.get(one)!.set('deleted', { by: ed.principal, at: new Date().toISOString() });
		await saved.next(1 + 8 + 2 + 2 + 2);
		expect((await itemOf(ed, id))!.open).toBe(3);
		const refused = await newsroom.owner.call<{ openThreads: object[] }>(
			'POST',
			`/articles/${id}/finish`,
			{}
		);
		expect(refused.body.openThreads).toHaveLength(3);
		there.get(settled)!.set('status', 'open');
		await saved.next(16);
		expect((await itemOf(ed, id))!.open).toBe(4);
	});

	test('what is new to me and mentions me, who wrote, and when', async () => {
		const id = await newsroom.article();
		const gus = await newsroom.guest(id, 'annotate', 'Gus');
		const root = await write(ed, id, 'One');
		await write(gus, id, `[@Mia](${mia.principal}), look`, root.id);
		const last = await write(ed, id, 'Three');
		expect(await itemOf(mia, id)).toMatchObject({
			unread: 2,
			mentions: 1,
			peopleCount: 2,
			people: [
				{ principal: ed.principal, name: 'Ed' },
				{ principal: gus.principal, name: 'Gus' }
			]
		});
		expect(await itemOf(ed, id)).toMatchObject({ unread: 1, mentions: 0 });
		expect(await itemOf(mia, id, 'mentions=me')).toBeDefined();
		expect(await itemOf(ed, id, 'mentions=me')).toBeUndefined();
		await mia.call('POST', `/articles/${id}/read`, { threads: [idOf(root)] });
		expect(await itemOf(mia, id)).toMatchObject({ unread: 1, mentions: 0 });
		expect(await itemOf(mia, id, 'mentions=me')).toBeUndefined();
		await mia.call('POST', `/articles/${id}/read`, { all: true });
		expect(await itemOf(mia, id)).toMatchObject({ unread: 0, open: 2 });
		const before = (await itemOf(mia, id))!.activity;
		await ed.call('DELETE', pathOf(last));
		const after = (await itemOf(mia, id))!;
		expect(after).toMatchObject({ unread: 0, open: 1 });
		expect(Date.parse(after.activity)).toBeGreaterThan(Date.parse(before));
	});

	test('what is assigned to me and open', async () => {
		const id = await newsroom.article();
		using room = join(newsroom, ed, `${id}/layers/shared`);
		const saved = watchSaved(room.provider);
		await room.synced;
		const [one, two] = [0, 1].map(() => put(room.doc, annotationBy(ed.principal)));
		for (const each of [one!, two!]) annotationsOf(room.doc).get(each)!.set('assignee', mia.principal);
		await saved.next(5);
		expect((await itemOf(mia, id))!.assigned).toBe(2);
		expect((await itemOf(ed, id))!.assigned).toBe(0);
		annotationsOf(room.doc).get(one!)!.set('status', 'resolved');
		annotationsOf(room.doc).get(two!)!.set('assignee', ed.principal);
		await saved.next(7);
		expect((await itemOf(mia, id))!.assigned).toBe(0);
		expect((await itemOf(ed, id))!.assigned).toBe(1);
		expect(await itemOf(ed, id, 'assigned=me')).toBeDefined();
		expect(await itemOf(mia, id, 'assigned=me')).toBeUndefined();
		expect(await itemOf(mia, id, 'unread=true')).toBeDefined();
		await mia.call('POST', `/articles/${id}/read`, { all: true });
		expect(await itemOf(mia, id, 'unread=true')).toBeUndefined();
	});
});

describe('sorted and filtered', () => {
	let own: Newsroom;
	let viewer: Caller;
	const ids: Record<string, string> = {};
	beforeAll(async () => {
		own = await startNewsroom();
		viewer = await own.person('viewer');
		for (const title of ['part 10', 'Part 2', 'Äpfel', 'Zebra', 'beta'])
			ids[title] = await own.article(TEXT, title);
		const source = { outlet: 'The Ilm Courier', byline: 'ÖMER Kaya' };
		await own.owner.call('PATCH', `/articles/${ids.Zebra}`, { source });
		for (const title of ['beta', 'Zebra', 'beta', 'beta', 'Zebra', 'Part 2'])
			await write(own.owner, ids[title]!, 'Note');
		await own.owner.call('POST', `/articles/${ids.beta}/finish`, { override: 'Now' });
	});
	afterAll(() => own[Symbol.asyncDispose]());

	/** Read in pages of two. */
	const titles = async (query: string, who = viewer) => {
		const found: string[] = [];
		for (let cursor = ''; ;) {
			const { status, body } = await who.call<List>('GET', `/articles?limit=2&${query}${cursor}`);
			expect(status).toBe(200);
			found.push(...body.items.map(({ title }) => title));
			if (!body.next) return found;
			cursor = `&cursor=${body.next}`;
		}
	};

	test.each([
		['', ['beta', 'Zebra', 'Äpfel', 'Part 2', 'part 10']],
		['sort=created', ['beta', 'Zebra', 'Äpfel', 'Part 2', 'part 10']],
		['sort=title', ['Äpfel', 'beta', 'Part 2', 'part 10', 'Zebra']],
		['sort=activity', ['beta', 'Part 2', 'Zebra', 'Äpfel', 'part 10']],
		['status=finished', ['beta']],
		['status=open&sort=title', ['Äpfel', 'Part 2', 'part 10', 'Zebra']],
		['unread=true&sort=title', ['beta', 'Part 2', 'Zebra']],
		['text=PART', ['Part 2', 'part 10']],
		[`text=${encodeURIComponent('äPF')}`, ['Äpfel']],
		[`text=${encodeURIComponent('kaya ilm ömer')}`, ['Zebra']],
		['text=100%25', []],
		['text=kaya%20nobody', []]
	])('by %s', async (query, expected) => {
		expect(await titles(query)).toEqual(expected);
	});
	test.each(['open', 'unread'])('by %s', async (sort) => {
		const found = await titles(`sort=${sort}`);
		expect(found.slice(0, 3)).toEqual(['beta', 'Zebra', 'Part 2']);
		expect(found.slice(3).sort()).toEqual(['part 10', 'Äpfel']);
	});

	test('a cursor stays right while articles come in and go on, and belongs to its order', async () => {
		const first = await viewer.call<List>('GET', '/articles?limit=2&sort=activity');
		await own.article(TEXT, 'New');
		await write(own.owner, ids['Zebra']!, 'Note');
		const rest = await viewer.call<List>('GET', `/articles?limit=5&sort=activity&cursor=${first.body.next}`);
		expect(rest.body.items.map(({ title }) => title)).toEqual(['Äpfel', 'part 10']);
		const other = await viewer.call<List>('GET', `/articles?limit=2&sort=title&cursor=${first.body.next}`);
		expect(other).toMatchObject({ status: 422, body: { field: 'cursor' } });
	});
});

test('counts are right when many ask while others write', async () => {
	const id = await newsroom.article();
	const answers = await Promise.all(
		Array.from({ length: 12 }, async (_, i) => {
			await Promise.all([write(ed, id, `Note ${i}`), list(mia)]);
			return list(mia);
		})
	);
	expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
	expect(await itemOf(mia, id)).toMatchObject({ open: 12, unread: 12 });
});

/** A cursor of somebody's own making. */
const cursor = (...said: unknown[]) => Buffer.from(JSON.stringify(said)).toString('base64url');
const SOME_ID = '00000000-0000-4000-8000-000000000000';

test.each(['2026-02-31T00:00:00Z', '2026-01-01T24:00:00Z', '9999-12-31T23:59:59Z'])(
	'a cursor at %s is one like any other',
	async (at) => {
		const answer = await newsroom.owner.call('GET', `/articles?cursor=${cursor('created', at, SOME_ID)}`);
		expect(answer.status).toBe(200);
	}
);

test.each([
	['sort', 'sort=size'],
	['status', 'status=closed'],
	['unread', 'unread=maybe'],
	['mentions', 'mentions=ed'],
	['assigned', 'assigned=ed'],
	['text', `text=${'x'.repeat(201)}`],
	['limit', 'limit=101'],
	['cursor', 'cursor=x'],
	['cursor', `cursor=${cursor('created', 'x', SOME_ID)}`],
	['cursor', `cursor=${cursor('created', '0000-01-01T00:00:00Z', SOME_ID)}`],
	['cursor', `cursor=${cursor('created', '2026-01-01T00:00:00Z', 'x')}`],
	['cursor', `sort=title&cursor=${cursor('title', 'x\0', SOME_ID)}`],
	['cursor', `sort=open&cursor=${cursor('open', 99999999999, SOME_ID)}`]
])('a wrong %s is refused by name', async (field, query) => {
	expect(await newsroom.owner.call('GET', `/articles?${query}`)).toMatchObject({
		status: 422,
		body: { field }
	});
});

import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { MAX_ARTICLE_BYTES } from '../../../src/lib/domain/plain-text.ts';
import { FIRST_LABELS } from '../../../src/lib/domain/labels.ts';
import { startNewsroom, TEXT, type Newsroom } from '../../support/newsroom.ts';
import { join, until } from '../../support/sockets.ts';

interface Article {
	id: string;
	title: string;
	[key: string]: unknown;
}
interface Page {
	items: Article[];
	next: string | null;
}

let newsroom: Newsroom;
beforeAll(async () => {
	newsroom = await startNewsroom();
});
afterAll(() => newsroom[Symbol.asyncDispose]());

test('an article comes in with all that was said of it', async () => {
	const source = {
		outlet: 'The Tide',
		url: 'https://tide.example.org/a',
		byline: 'Ines',
		publishedAt: '2026-03-17'
	};
	const given = { title: 'Bridge', text: TEXT, source, language: 'en-GB' };
	const made = await newsroom.owner.call<Article>('POST', '/articles', given);
	expect(made.status).toBe(201);
	expect(made.body).toEqual({
		id: expect.stringMatching(/^[0-9a-f-]{36}$/),
		title: 'Bridge',
		status: 'open',
		version: 1,
		textLocked: false,
		source,
		language: 'en-GB',
		created: expect.stringMatching(/Z$/),
		createdBy: { principal: newsroom.owner.principal, name: 'Olga Owner' },
		access: 'owner',
		sets: 0,
		labels: FIRST_LABELS,
		pastLabels: []
	});
	expect(made.headers.get('location')).toBe(`/api/v1/articles/${made.body.id}`);
	expect((await newsroom.owner.call('GET', `/articles/${made.body.id}`)).body).toEqual(made.body);
});

test('its rooms hold its words, each update under the name of its writer [G10]', async () => {
	const id = await newsroom.article('\uFEFFOne\r\n\r\n  Two  \r\nThree\n', 'Numbers');
	const text = await newsroom.owner.call('GET', `/articles/${id}/text`);
	expect(text.text).toBe('One\nTwo\nThree');
	expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8');

	using room = join(newsroom, newsroom.owner, `${id}/text`);
	using layer = join(newsroom, newsroom.owner, `${id}/layers/shared`);
	await Promise.all([room.synced, layer.synced]);
	expect(room.doc.getXmlFragment('content').toArray().map(String)).toEqual([
		'<paragraph>One</paragraph>',
		'<paragraph>Two</paragraph>',
		'<paragraph>Three</paragraph>'
	]);
	const state = { title: 'Numbers', status: 'open', version: 1, textLocked: false };
	expect(room.doc.getMap('article').toJSON()).toEqual(state);
	const writers = await newsroom.db.roomClient.findMany({ where: { room: `${id}/text` } });
	const content = room.doc.getXmlFragment('content').get(0) as Y.XmlElement;
	const writerOf = (client: number) => writers.find(({ clientId }) => Number(clientId) === client)?.principal;
	expect(writerOf(content._item!.id.client)).toBe(newsroom.owner.principal);
	expect(writerOf(room.doc.getMap('article')._map.get('title')!.id.client)).toBe('server');
});

test('a title is proposed where none is given', async () => {
	const { body } = await newsroom.owner.call<Article>('POST', '/articles', {
		text: `A bridge is closed\n${TEXT}`
	});
	expect(body.title).toBe('A bridge is closed');
});

test.each([
	['text', { text: ' \n ' }],
	['text', { text: 'half a pair \uD83D' }],
	['text', { text: 'NUL \0' }],
	['text', {}],
	['text', { text: 7 }],
	['html', { html: '<p>One</p>' }],
	['markdown', { markdown: 'One' }],
	['title', { text: 'One', title: '' }],
	['source.url', { text: 'One', source: { url: 'javascript:alert(1)' } }],
	['language', { text: 'One', language: 'not a language' }]
])('an article whose %s is wrong is refused by name', async (field, given) => {
	const answer = await newsroom.owner.call('POST', '/articles', given);
	expect(answer.status).toBe(422);
	expect(answer.body).toMatchObject({ field });
	expect(answer.headers.get('content-type')).toBe('application/problem+json');
});

test('an article of 1 MB works; one over the limit gets an error that says the limit', async () => {
	const line = 'Ünicode words of an article that goes on and on. ';
	const megabyte = `${line.repeat(20)}\n`.repeat(Math.ceil(1e6 / Buffer.byteLength(line) / 20));
	expect(Buffer.byteLength(megabyte)).toBeGreaterThan(1e6);
	const made = await newsroom.owner.call<Article>('POST', '/articles', { text: megabyte });
	expect(made.status).toBe(201);
	const { text } = await newsroom.owner.call('GET', `/articles/${made.body.id}/text`);
	expect(text).toBe(
		megabyte
			.split('\n')
			.map((words) => words.trim())
			.join('\n')
			.trim()
	);

	for (const size of [MAX_ARTICLE_BYTES + 1, 8 * MAX_ARTICLE_BYTES - 100]) {
		const over = await newsroom.owner.call('POST', '/articles', { text: 'x'.repeat(size) });
		expect(over.status).toBe(413);
		expect(over.text).toContain(`${MAX_ARTICLE_BYTES / 1024 / 1024} MB`);
		expect(over.headers.get('content-type')).toBe('application/problem+json');
	}
});

test('title, source and lock change, and open editors see it', async () => {
	const id = await newsroom.article();
	using room = join(newsroom, newsroom.owner, `${id}/text`);
	await room.synced;
	const change = { title: 'New title', source: { outlet: 'The Tide', byline: ' ' }, textLocked: true };
	const { status, body } = await newsroom.owner.call<Article>('PATCH', `/articles/${id}`, change);
	expect(status).toBe(200);
	const source = { outlet: 'The Tide', byline: null, url: null, publishedAt: null };
	expect(body).toMatchObject({ title: 'New title', source, textLocked: true });
	const article = room.doc.getMap('article');
	await until(room.doc, () => article.get('title') === 'New title' && article.get('textLocked') === true);

	const cleared = await newsroom.owner.call<Article>('PATCH', `/articles/${id}`, {
		source: { outlet: null }
	});
	expect(cleared.body).toMatchObject({ title: 'New title', source: { outlet: null } });
	const empty = await newsroom.owner.call('PATCH', `/articles/${id}`, { title: '' });
	expect(empty.body).toMatchObject({ status: 422, field: 'title' });
});

test('what is said of a finished article does not change', async () => {
	const id = await newsroom.article();
	await newsroom.owner.call('POST', `/articles/${id}/finish`);
	const answer = await newsroom.owner.call('PATCH', `/articles/${id}`, { title: 'Too late' });
	expect(answer.status).toBe(409);
	expect(answer.body).toMatchObject({ code: 'finished' });
});

test('articles are listed in pages, newest first', async () => {
	const ids = [await newsroom.article(), await newsroom.article(), await newsroom.article()].reverse();
	const first = await newsroom.owner.call<Page>('GET', '/articles?limit=2');
	expect(first.body.items.map(({ id }) => id)).toEqual(ids.slice(0, 2));
	const second = await newsroom.owner.call<Page>('GET', `/articles?limit=2&cursor=${first.body.next}`);
	expect(second.body.items[0]!.id).toBe(ids[2]);
	const all = await newsroom.owner.call<Page>('GET', '/articles?limit=100');
	expect(all.body.next).toBeNull();
	for (const [field, query] of [
		['cursor', 'cursor=x'],
		['limit', 'limit=0'],
		['limit', 'limit=101']
	]) {
		const wrong = await newsroom.owner.call('GET', `/articles?${query}`);
		expect(wrong.body).toMatchObject({ status: 422, field });
	}
});

test('the sample story is three articles', async () => {
	const added = await newsroom.owner.call<Page>('POST', '/samples');
	expect(added.status).toBe(201);
	expect(added.body.items).toHaveLength(3);
	const { body } = await newsroom.owner.call<Page>('GET', '/articles?limit=3');
	expect(body.items.map(({ id }) => id)).toEqual(added.body.items.map(({ id }) => id));
});

const FOLDER = new URL('../../../../shared/articles/', import.meta.url);
const files = existsSync(FOLDER) ? readdirSync(FOLDER) : [];
describe.runIf(files.length > 0)('real articles', () => {
	test.for(files)('%s comes in without a lost or added character', async (file) => {
		const text = readFileSync(new URL(file, FOLDER), 'utf8');
		const { body } = await newsroom.owner.call<Article>('POST', '/articles', { text });
		const stored = await newsroom.owner.call('GET', `/articles/${body.id}/text`);
		const lines = text.split(/\r?\n/).map((line) => line.trim());
		expect(stored.text).toBe(lines.filter(Boolean).join('\n'));
	});
});

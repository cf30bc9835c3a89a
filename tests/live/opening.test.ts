/** What a document holds before its socket is asked, and what is kept of it. */
import { expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { openState, type Opening } from '../../src/lib/live/opening.ts';
import type { CachedRoom } from '../../src/lib/live/room-cache.ts';

const ROOM = '4f6e0c4e-3a51-4d0c-9a53-6f7a3f1c8b11/text';

/** An update that sets the keys. */
function updateOf(...keys: string[]): Uint8Array {
	const doc = new Y.Doc();
	for (const key of keys) doc.getMap('m').set(key, true);
	return Y.encodeStateAsUpdate(doc);
}
const keysOf = (update: Uint8Array) => {
	const doc = new Y.Doc();
	Y.applyUpdate(doc, update);
	return [...doc.getMap('m').keys()].sort();
};

/** Opens a document from this cache and this answer; what it holds then, and what was asked and kept. */
async function open(cached: CachedRoom | null, answer: () => Promise<Response>, more: Partial<Opening> = {}) {
	const fetch = vi.fn((_url: string, _init: RequestInit) => answer());
	const cache = { load: vi.fn(async () => cached), put: vi.fn(async () => {}), clear: vi.fn(async () => {}) };
	const doc = new Y.Doc();
	await openState(doc, {
		origin: 'http://desk.example',
		room: ROOM,
		guest: null,
		fetch: fetch as unknown as typeof globalThis.fetch,
		cache,
		...more
	});
	const [url, init] = fetch.mock.calls[0] ?? [];
	const asked = init && new Headers(init.headers).get('if-none-match');
	const put = cache.put.mock.calls[0] as unknown as [Uint8Array | null, string | null] | undefined;
	return { keys: [...doc.getMap('m').keys()].sort(), url, asked, put, cache };
}
const answered =
	(status: number, update: Uint8Array | null = null, etag = '"7"') =>
	() =>
		Promise.resolve(new Response(update as BodyInit | null, { status, headers: { etag } }));

test('a room that is not in the cache comes from the server’s snapshot, as it is, and is kept', async () => {
	const update = updateOf('a', 'b');
	const { keys, url, asked, put } = await open(null, answered(200, update));
	expect(url).toBe(`http://desk.example/api/v1/sync/${ROOM}`);
	expect(asked).toBeNull();
	expect(keys).toEqual(['a', 'b']);
	expect(put).toEqual([update, '"7"']);
});

test('a guest asks under their own name', async () => {
	const { url } = await open(null, answered(204), { guest: 'guest:1' });
	expect(url).toBe(`http://desk.example/api/v1/sync/${ROOM}?as=guest:1`);
});

test('a room in the cache asks only whether there is a newer snapshot', async () => {
	const cached = { updates: [updateOf('a'), updateOf('b')], etag: '"7"' };
	const { keys, asked, put } = await open(cached, answered(304));
	expect(asked).toBe('"7"');
	expect(keys).toEqual(['a', 'b']);
	expect(put).toBeUndefined();
});

test('a newer snapshot comes to what is in the cache; both are kept', async () => {
	const cached = { updates: [updateOf('a')], etag: '"6"' };
	const { keys, put } = await open(cached, answered(200, updateOf('b')));
	expect(keys).toEqual(['a', 'b']);
	expect(keysOf(put![0]!)).toEqual(['a', 'b']);
	expect(put![1]).toBe('"7"');
});

test('no snapshot yet, no answer, a broken answer: the document is as the cache has it, and nothing is thrown', async () => {
	const failing: (() => Promise<Response>)[] = [
		answered(204),
		answered(500),
		answered(429),
		() => Promise.reject(new TypeError('Failed to fetch')),
		answered(200, Uint8Array.of(9, 9, 9))
	];
	for (const answer of failing) {
		expect((await open(null, answer)).keys).toEqual([]);
		expect((await open({ updates: [updateOf('a')], etag: null }, answer)).keys).toEqual(['a']);
		expect((await open(null, answer, { cache: null })).keys).toEqual([]);
	}
});

test('a cache that cannot be read is replaced', async () => {
	const update = updateOf('a');
	const { keys, put } = await open({ updates: [Uint8Array.of(9, 9, 9)], etag: null }, answered(200, update));
	expect(keys).toEqual(['a']);
	expect(put).toEqual([update, '"7"']);
});

test('whoever may not open the room keeps nothing of it', async () => {
	for (const status of [401, 403, 404]) {
		const { cache } = await open({ updates: [updateOf('a')], etag: '"7"' }, answered(status));
		expect(cache.clear).toHaveBeenCalledOnce();
		expect(cache.put).not.toHaveBeenCalled();
	}
});

test('a room that is left meanwhile takes nothing in', async () => {
	const left = new AbortController();
	const answer = async () => {
		left.abort();
		return new Response(updateOf('a') as BodyInit);
	};
	const { keys, put } = await open(null, answer, { signal: left.signal });
	expect(keys).toEqual([]);
	expect(put).toBeUndefined();
});

/** What a browser keeps of rooms: in a real IndexedDB, of a page that holds nothing but the cache. */
import { fileURLToPath } from 'node:url';
import { expect, type Browser, type Page } from '@playwright/test';
import { build, type Rolldown } from 'vite';
import { afterAll, beforeAll, beforeEach, test } from 'vitest';
import { newPerson, openBrowser } from '../support/browser.ts';

declare global {
	/** what the page holds */
	var held: typeof import('../support/held-cache.ts');
}

/** The module as one script. */
async function script(): Promise<string> {
	const entry = fileURLToPath(new URL('../support/held-cache.ts', import.meta.url));
	const built = await build({
		configFile: false,
		logLevel: 'error',
		build: { write: false, lib: { entry, name: 'held', formats: ['iife'] } }
	});
	const [{ output }] = built as [Rolldown.RolldownOutput];
	return output[0].code;
}

let browser: Browser;
let code: string;
let page: Page & { errors: string[] };
beforeAll(async () => {
	[browser, code] = await Promise.all([openBrowser(), script()]);
});
afterAll(() => browser?.close());
beforeEach(async () => {
	page = await newPerson(browser);
	await page.route('**/*', (route) =>
		route.fulfill({ contentType: 'text/html', body: '<title>Cache</title>' })
	);
	await load();
	return async () => {
		expect(page.errors).toEqual([]);
		await page.context().close();
	};
});
const load = async () => {
	await page.goto('http://cache.example/');
	await page.addScriptTag({ content: code });
};

test('what was put and added is there after a reload, for the same person and room alone', async () => {
	await page.evaluate(async () => {
		const cache = new held.RoomCache('user:a', 'room');
		await cache.put(held.update('one'), '"1"');
		await cache.append([held.update('two'), held.update('three')]);
		await cache.append([held.update('four')]);
	});
	await load();
	const found = await page.evaluate(async () => ({
		keys: await held.keys(new held.RoomCache('user:a', 'room')),
		etag: (await new held.RoomCache('user:a', 'room').load())!.etag,
		other: await held.keys(new held.RoomCache('user:b', 'room')),
		elsewhere: await held.keys(new held.RoomCache('user:a', 'other'))
	}));
	expect(found).toEqual({ keys: ['four', 'one', 'three', 'two'], etag: '"1"', other: null, elsewhere: null });
});

test('much that is added is put together with what it came to', async () => {
	const found = await page.evaluate(async () => {
		const cache = new held.RoomCache('user:a', 'room');
		await cache.put(held.update('base', 100_000), null);
		const parts: number[] = [];
		for (let i = 0; i < 12; i++) {
			await cache.append([held.update(`added ${i}`, 10_000)]);
			parts.push((await cache.load())!.updates.length);
		}
		return { parts, keys: await held.keys(cache) };
	});
	expect(found.parts.slice(0, 6)).toEqual([2, 2, 2, 2, 2, 2]);
	expect(found.parts).toContain(1);
	expect(found.keys).toHaveLength(13);
});

test('a room that starts with nothing is kept by what is added', async () => {
	const found = await page.evaluate(async () => {
		const cache = new held.RoomCache('user:a', 'room');
		await cache.append([held.update('too soon')]);
		const before = await held.keys(cache);
		await cache.put(null, null);
		await cache.append([held.update('one')]);
		return { before, after: await held.keys(cache) };
	});
	expect(found).toEqual({ before: null, after: ['one'] });
});

test('tabs share one copy; after one of them has cleared or replaced it, the other adds nothing', async () => {
	const found = await page.evaluate(async () => {
		const [one, other] = [new held.RoomCache('user:a', 'room'), new held.RoomCache('user:a', 'room')];
		await one.put(held.update('base'), null);
		await other.load();
		await Promise.all([one.append([held.update('one')]), other.append([held.update('other')])]);
		const shared = await held.keys(one);
		await one.clear();
		await other.append([held.update('after')]);
		const cleared = await held.keys(one);
		await one.put(held.update('anew'), null);
		await other.append([held.update('late')]);
		return { shared, cleared, anew: await held.keys(one) };
	});
	expect(found).toEqual({ shared: ['base', 'one', 'other'], cleared: null, anew: ['anew'] });
});

test('of somebody who signs out nothing stays, of others everything', async () => {
	const found = await page.evaluate(async () => {
		for (const [person, room] of [
			['user:a', 'one'],
			['user:a', 'two'],
			['user:ab', 'one']
		])
			await new held.RoomCache(person!, room!).put(held.update(room!), null);
		await held.clearRooms('user:a');
		return Promise.all([
			held.keys(new held.RoomCache('user:a', 'one')),
			held.keys(new held.RoomCache('user:a', 'two')),
			held.keys(new held.RoomCache('user:ab', 'one'))
		]);
	});
	expect(found).toEqual([null, null, ['one']]);
});

test('the rooms that were longest not used make way, by number, by bytes and by age', async () => {
	const found = await page.evaluate(async () => {
		let now = 1;
		Date.now = () => now++;
		const room = (name: string) => new held.RoomCache('user:a', name);
		for (let i = 0; i < 60; i++) await room(`room ${i}`).put(held.update('one'), null);
		await room('room 0').load();
		await room('room 60').put(held.update('one'), null);
		const byNumber = await Promise.all(['0', '1', '2', '60'].map((name) => held.keys(room(`room ${name}`))));
		const large = held.update('large', 25 * 1024 * 1024);
		for (const name of ['a', 'b', 'c']) await room(name).put(large, null);
		const byBytes = await Promise.all(['a', 'b', 'c', 'room 60'].map((name) => held.keys(room(name))));
		now += 31 * 24 * 60 * 60 * 1000;
		const old = await held.keys(room('c'));
		await room('new').put(held.update('one'), null);
		now = 1000;
		return { byNumber, byBytes, old, gone: await held.keys(room('c')) };
	});
	expect(found.byNumber).toEqual([['one'], null, ['one'], ['one']]);
	expect(found.byBytes).toEqual([null, ['large'], ['large'], null]);
	expect(found).toMatchObject({ old: null, gone: null });
});

test('a disk that is full is nobody’s trouble; a copy with a gap is not gone on with', async () => {
	const found = await page.evaluate(async () => {
		const cache = new held.RoomCache('user:a', 'room');
		await cache.put(held.update('base'), null);
		const { put } = IDBObjectStore.prototype;
		IDBObjectStore.prototype.put = () => {
			throw new DOMException('full', 'QuotaExceededError');
		};
		await cache.append([held.update('lost')]);
		IDBObjectStore.prototype.put = put;
		await cache.append([held.update('stands on what was lost')]);
		return held.keys(new held.RoomCache('user:a', 'room'));
	});
	expect(found).toEqual(['base']);
});

test('without IndexedDB, or with one that does not open, nothing is kept and nothing fails', async () => {
	const found = await page.evaluate(async () => {
		const results: unknown[] = [];
		const cache = new held.RoomCache('user:a', 'room');
		Object.defineProperty(window, 'indexedDB', { value: undefined, configurable: true });
		await cache.put(held.update('one'), null);
		await cache.append([held.update('two')]);
		await cache.clear();
		await held.clearRooms('user:a');
		results.push(await cache.load());
		return results;
	});
	expect(found).toEqual([null]);
	await load();
	expect(
		await page.evaluate(async () => {
			const refusing = {
				open: () => {
					throw new DOMException('private', 'SecurityError');
				}
			};
			Object.defineProperty(window, 'indexedDB', { value: refusing, configurable: true });
			const cache = new held.RoomCache('user:a', 'room');
			await cache.put(held.update('one'), null);
			return cache.load();
		})
	).toBeNull();
});

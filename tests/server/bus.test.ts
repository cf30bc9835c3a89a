/** What every bus does, in memory and over Redis. */
import { describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { pino } from 'pino';
import { MemoryHub, type Bus, type Hint } from '../../server/bus.ts';
import { redisBus } from '../../server/redis-bus.ts';
import { proxyTo } from '../support/tcp-proxy.ts';

/** Buses of processes that share an installation. */
interface Setting {
	join(): Promise<Process>;
}
interface Process {
	bus: Bus;
	cut(): void;
	restore(): void;
}

const HEARTBEAT = { heartbeatMs: 20, silentMs: 400 };
const quiet = pino({ level: 'silent' });
const url = inject('redisServer');
const scope = () => `test-${crypto.randomUUID()}`;

function inMemory(): Setting {
	const hub = new MemoryHub();
	return {
		join: async () => {
			const bus = hub.join();
			return { bus, cut: () => bus.cut(), restore: () => bus.restore() };
		}
	};
}

function overRedis(): Setting {
	const installation = scope();
	return {
		join: async () => {
			const proxy = await proxyTo(url!);
			const bus = redisBus(proxy.url, installation, quiet, HEARTBEAT);
			onTestFinished(async () => {
				await bus.close();
				await proxy[Symbol.asyncDispose]();
			});
			await expect.poll(() => bus.connected).toBe(true);
			return { bus, cut: proxy.cut, restore: proxy.restore };
		}
	};
}

/** What a bus hears, in order. */
function hear(bus: Bus) {
	const heard: Hint[] = [];
	const gone: string[] = [];
	const from = new Set<string>();
	const listening: string[] = [];
	bus.onHint = (hint, process) => {
		heard.push(hint);
		from.add(process);
	};
	bus.onGone = (process) => gone.push(process);
	bus.onListening = (rooms) => listening.push(...rooms);
	return { heard, gone, from, listening };
}

async function listen(bus: Bus, ...rooms: string[]) {
	const ears = hear(bus);
	rooms.forEach((room) => bus.listen(room));
	await expect.poll(() => ears.listening).toEqual(rooms);
	return ears;
}

const grown = (room: string, number: number): Hint => ({ kind: 'grown', room, number });
const NOTICE: Hint = { kind: 'notice' };

describe.each([
	{ name: 'in memory', start: inMemory, left: false },
	{ name: 'over Redis', start: overRedis, left: url === null }
])('a bus $name', ({ start, left }) => {
	const runs = test.skipIf(left);

	runs('brings hints about a room to those that listen to it, and a notice to everybody', async () => {
		const setting = start();
		const [one, two, three] = [await setting.join(), await setting.join(), await setting.join()];
		const own = await listen(one.bus, 'a/text');
		const other = await listen(two.bus, 'a/text', 'a/layers/shared');
		const elsewhere = await listen(three.bus, 'b/text');
		const hints: Hint[] = [
			grown('a/text', 300),
			{ kind: 'presence', room: 'a/text', update: Uint8Array.of(1, 0, 255, 7) },
			{ kind: 'presence', room: 'a/layers/shared', update: new Uint8Array(0) },
			{ kind: 'left', room: 'a/text', update: Uint8Array.of(9) },
			{ kind: 'who', room: 'a/text' },
			grown('b/text', 2 ** 40),
			NOTICE
		];
		hints.forEach((hint) => one.bus.publish(hint));
		await expect.poll(() => other.heard.length).toBe(6);
		await expect.poll(() => elsewhere.heard.length).toBe(2);
		const plain = (heard: Hint[]) =>
			heard.map((hint) => ('update' in hint ? { ...hint, update: new Uint8Array(hint.update) } : hint));
		expect(plain(other.heard)).toEqual(
			hints.filter((hint) => !('room' in hint) || hint.room.startsWith('a/'))
		);
		expect(elsewhere.heard).toEqual(hints.slice(5));
		expect([...other.from]).toEqual([...elsewhere.from]);
		// whatever is published next comes after what might have come back
		two.bus.publish(NOTICE);
		await expect.poll(() => own.heard).toEqual([NOTICE]);
		expect([...own.from]).not.toEqual([...other.from]);
	});

	runs('brings nothing about a room to which nobody listens any more', async () => {
		const setting = start();
		const [one, two] = [await setting.join(), await setting.join()];
		const { heard, listening } = await listen(two.bus, 'a/text', 'b/text');
		two.bus.unlisten('a/text');
		one.bus.publish(grown('a/text', 1));
		one.bus.publish(grown('b/text', 1));
		await expect.poll(() => heard).toEqual([grown('b/text', 1)]);
		two.bus.unlisten('b/text');
		two.bus.listen('b/text');
		await expect.poll(() => listening.length).toBe(3);
		one.bus.publish(grown('b/text', 2));
		await expect.poll(() => heard).toEqual([grown('b/text', 1), grown('b/text', 2)]);
	});

	runs(
		'[C3] is not connected while it is cut off, keeps nothing for later, and says from when hints arrive again',
		async () => {
			const setting = start();
			const [one, two] = [await setting.join(), await setting.join()];
			const ears = await listen(two.bus, 'a/text');
			await listen(one.bus, 'a/text');
			two.cut();
			await expect.poll(() => two.bus.connected).toBe(false);
			await expect.poll(() => ears.gone.length).toBe(1);
			expect(one.bus.connected).toBe(true);
			for (let number = 1; number <= 100; number++) {
				two.bus.publish(grown('a/text', number));
				one.bus.publish(grown('a/text', number));
			}
			two.bus.listen('c/text');
			ears.listening.length = 0;
			two.restore();
			await expect.poll(() => ears.listening.toSorted()).toEqual(['a/text', 'c/text']);
			expect(two.bus.connected).toBe(true);
			const back = hear(one.bus);
			one.bus.publish(grown('c/text', 101));
			two.bus.publish(grown('a/text', 102));
			await expect.poll(() => back.heard).toEqual([grown('a/text', 102)]);
			await expect.poll(() => ears.heard).toEqual([grown('c/text', 101)]);
		}
	);

	runs('says which process has ended or fallen silent', async () => {
		const setting = start();
		const [one, two, three] = [await setting.join(), await setting.join(), await setting.join()];
		const { gone, heard, from } = hear(one.bus);
		two.bus.publish(NOTICE);
		await expect.poll(() => heard.length).toBe(1);
		const [second] = from;
		from.clear();
		three.bus.publish(NOTICE);
		await expect.poll(() => heard.length).toBe(2);
		const [third] = from;
		await two.bus.close();
		await expect.poll(() => gone).toEqual([second]);
		three.cut();
		await expect.poll(() => gone).toEqual([second, third]);
	});
});

describe.skipIf(url === null)('over Redis', () => {
	test('installations that share a Redis do not hear each other', async () => {
		const [here, elsewhere] = [overRedis(), overRedis()];
		const [one, two, other] = [await here.join(), await here.join(), await elsewhere.join()];
		const { heard, gone } = await listen(two.bus, 'a/text');
		other.bus.publish(grown('a/text', 1));
		other.bus.publish(NOTICE);
		await other.bus.close();
		one.bus.publish(grown('a/text', 2));
		await expect.poll(() => heard).toEqual([grown('a/text', 2)]);
		expect(gone).toEqual([]);
	});

	test('[C3] a process starts without Redis and connects when it comes', async () => {
		await using proxy = await proxyTo(url!);
		proxy.cut();
		const log = pino({ level: 'silent' });
		const said = vi.spyOn(log, 'warn');
		const bus = redisBus(proxy.url, scope(), log, HEARTBEAT);
		onTestFinished(() => bus.close());
		expect(bus.connected).toBe(false);
		bus.publish(NOTICE);
		const { listening } = hear(bus);
		bus.listen('a/text');
		await expect.poll(() => said.mock.calls.length).toBe(1);
		proxy.restore();
		await expect.poll(() => listening, { timeout: 5000 }).toEqual(['a/text']);
		expect(bus.connected).toBe(true);
	});

	test('[C3] a connection that has died without a sign is noticed and made anew', async () => {
		await using proxy = await proxyTo(url!);
		const bus = redisBus(proxy.url, scope(), quiet, HEARTBEAT);
		onTestFinished(() => bus.close());
		const { listening } = await listen(bus, 'a/text');
		proxy.freeze();
		await expect.poll(() => bus.connected, { timeout: 5000 }).toBe(false);
		proxy.restore();
		await expect.poll(() => listening, { timeout: 5000 }).toEqual(['a/text', 'a/text']);
	});

	test('closing waits for nobody, whether Redis answers or not', async () => {
		await using proxy = await proxyTo(url!);
		const frozen = redisBus(proxy.url, scope(), quiet, { heartbeatMs: 20, silentMs: 60_000 });
		await expect.poll(() => frozen.connected).toBe(true);
		proxy.freeze();
		await frozen.close();
		expect(frozen.connected).toBe(false);
		const unreached = redisBus(proxy.url, scope(), quiet);
		await unreached.close();
		frozen.publish(NOTICE);
		frozen.unlisten('a/text');
		expect(unreached.connected).toBe(false);
	});
});

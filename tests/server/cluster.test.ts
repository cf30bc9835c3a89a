/** One newsroom on three processes, each with a connection of its own to Redis that can be cut. */
import * as decoding from 'lib0/decoding';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import * as Y from 'yjs';
import { layerRoom, textRoom } from '../../src/lib/domain/room.ts';
import { annotationsOf } from '../../src/lib/ydoc/layer.ts';
import { contentOf, readArticleState } from '../../src/lib/ydoc/text.ts';
import { annotationBy, put } from '../support/annotations.ts';
import { startCluster, type Cluster } from '../support/cluster.ts';
import type { Caller } from '../support/newsroom.ts';
import { until, type Joined } from '../support/sockets.ts';

const SIZE = 3;
const EVERYWHERE = [0, 1, 2];
/** What the database is asked every half second may take as long to show. */
const SOON = { timeout: 10_000 };

let cluster: Cluster;
const noRedis = inject('redisServer') === null;
beforeAll(async () => {
	if (!noRedis) cluster = await startCluster(SIZE);
});
afterAll(() => cluster?.[Symbol.asyncDispose]());

async function come(at: number | null, caller: Caller, room: string): Promise<Joined> {
	const joined = cluster.join(at, caller, room);
	onTestFinished(() => joined[Symbol.dispose]());
	await joined.synced;
	return joined;
}

/** The caller in the shared layer of a new article, once at each process. */
async function comeEverywhere(caller: Caller = cluster.owner) {
	const id = await cluster.article();
	const room = layerRoom(id, 'shared');
	const joined = await Promise.all(EVERYWHERE.map((at) => come(at, caller, room)));
	return { id, room, joined };
}

const has = (joined: Joined, annotation: string) =>
	until(joined.doc, () => annotationsOf(joined.doc).has(annotation));
const mark = (joined: Joined, { principal }: Caller) => put(joined.doc, annotationBy(principal));
const idsIn = ({ doc }: Joined) => [...annotationsOf(doc).keys()].sort();

/** Who is seen there, by name, with what they show. */
const seen = ({ provider }: Joined) =>
	[...provider.awareness.getStates().values()]
		.filter(({ user }) => user?.principal)
		.map(({ user, at }) => `${user.name} ${at}`)
		.sort();

const sees = (joined: Joined, names: string[]) => expect.poll(() => seen(joined), SOON).toEqual(names);

const show = ({ provider }: Joined, at: string) => provider.awareness.setLocalState({ at });

/** Goes on marking until the server ends it for good: what it says then. */
async function markUntilClosed(
	joined: Joined,
	change: () => void
): Promise<{ code: number; reason: string }> {
	const marking = setInterval(change, 50);
	return joined.closed.finally(() => clearInterval(marking));
}

async function cutRedis(at = EVERYWHERE): Promise<void> {
	at.forEach((one) => cluster.redis[one]!.cut());
	await Promise.all(at.map((one) => answers(one, 'ready; Redis is away, and the database is asked instead')));
}
async function restoreRedis(at = EVERYWHERE): Promise<void> {
	at.forEach((one) => cluster.redis[one]!.restore());
	await Promise.all(at.map((one) => answers(one, 'ready')));
}
/** What the process says to a balancer that asks whether it can serve. */
const answers = (at: number, words: string) =>
	vi.waitFor(async () => {
		const response = await fetch(`${cluster.processes[at]!.origin}/readyz`);
		expect([response.status, await response.text()]).toEqual([200, `${words}\n`]);
	}, SOON);

describe.skipIf(noRedis)('three processes', () => {
	test('[C1] people on different processes see each other’s work; what the API writes on one shows on another', async () => {
		const { id, joined } = await comeEverywhere();
		for (const one of joined) {
			const made = mark(one, cluster.owner);
			await Promise.all(joined.map((other) => has(other, made)));
		}
		const annotation = { type: 'Annotation', motivation: 'commenting', body: 'By the API' };
		const { body, status } = await cluster.owner
			.at(cluster.processes[2]!.origin)
			.call<{ id: string }>('POST', `/articles/${id}/annotations`, {
				...annotation,
				target: { selector: { type: 'TextQuoteSelector', exact: 'the last bolt' } }
			});
		expect(status).toBe(201);
		const made = body.id.split('/').at(-1)!;
		await Promise.all(joined.map((other) => has(other, made)));
	});

	test('[C1] [R7] people on different processes see each other’s presence, come and go, and take nobody else’s place', async () => {
		const room = textRoom(await cluster.article());
		const [ann, ben] = [await cluster.person('annotator', 'Ann'), await cluster.person('viewer', 'Ben')];
		const one = await come(0, ann, room);
		show(one, 'a');
		// who comes later is told
		const two = await come(1, ben, room);
		await sees(two, ['Ann a']);
		show(two, 'b');
		const three = await come(2, cluster.owner, room);
		await Promise.all([sees(one, ['Ben b']), sees(three, ['Ann a', 'Ben b'])]);
		show(one, 'c');
		await Promise.all([sees(two, ['Ann c']), sees(three, ['Ann c', 'Ben b'])]);

		const forging = await come(2, ben, room);
		const { awareness } = forging.provider;
		awareness.clientID = one.doc.clientID;
		awareness.meta.set(one.doc.clientID, { clock: 100, lastUpdated: Date.now() });
		show(forging, 'forged');
		awareness.clientID = forging.doc.clientID;
		show(forging, 'own');
		await Promise.all([sees(one, ['Ben b', 'Ben own']), sees(two, ['Ann c', 'Ben own'])]);
		await sees(three, ['Ann c', 'Ben b', 'Ben own']);
		forging.provider.destroy();

		two.provider.disconnect();
		await Promise.all([sees(one, []), sees(three, ['Ann c'])]);
		// the same tab, at another process
		two.provider.serverUrl = `${cluster.processes[2]!.origin.replace('http', 'ws')}/sync`;
		two.provider.connect();
		await Promise.all([sees(one, ['Ben b']), sees(three, ['Ann c', 'Ben b'])]);
	});

	test('[C2] what many write at once on all processes lands once each, under numbers without holes', async () => {
		const { id, room, joined } = await comeEverywhere();
		const writers = [
			...joined,
			...(await Promise.all(EVERYWHERE.map((at) => come(at, cluster.owner, room))))
		];
		const made: string[] = [];
		for (let round = 0; round < 20; round++) {
			for (const writer of writers) made.push(mark(writer, cluster.owner));
			await new Promise((done) => setImmediate(done));
		}
		const byApi = await Promise.all(
			EVERYWHERE.map((at) =>
				cluster.owner
					.at(cluster.processes[at]!.origin)
					.call<{ id: string }>('POST', `/articles/${id}/annotations`, {
						type: 'Annotation',
						motivation: 'commenting',
						body: 'By the API',
						target: { selector: { type: 'TextQuoteSelector', exact: 'the last bolt' } }
					})
			)
		);
		expect(byApi.map(({ status }) => status)).toEqual([201, 201, 201]);
		made.push(...byApi.map(({ body }) => body.id.split('/').at(-1)!));
		made.sort();
		for (const each of writers) await expect.poll(() => idsIn(each), SOON).toEqual(made);
		const { rows } = await cluster.log.query<{ number: number }>(
			'SELECT "number" FROM "RoomUpdate" WHERE "room" = $1 ORDER BY "number"',
			[room]
		);
		expect(rows.map(({ number }) => number)).toEqual(rows.map((_, index) => index + 1));
		const changes = await cluster.log.query<{ annotation: string }>(
			`SELECT "annotation" FROM "RoomChange" WHERE "room" = $1 AND "key" = 'annotation' ORDER BY "annotation"`,
			[room]
		);
		expect(changes.rows.map(({ annotation }) => annotation)).toEqual(made);
	});

	test('[C2] [G10] a clientID that was used on one process is refused to others on every process', async () => {
		const { room, joined } = await comeEverywhere();
		const [known, unknown] = [await cluster.person('annotator'), await cluster.person('annotator')];
		const posing = await Promise.all([come(1, known, room), come(2, unknown, room)]);
		const { clientID } = joined[0]!.doc;
		const pose = ({ doc }: Joined, { principal }: Caller) => {
			const own = doc.clientID;
			doc.clientID = clientID;
			put(doc, annotationBy(principal));
			// the provider takes its leave under the clientID it came with
			doc.clientID = own;
		};
		await cutRedis();
		const made = [mark(joined[0]!, cluster.owner)];
		await isStored(joined[0]!);
		// this process has not heard of it, and the clientID is new to it
		pose(posing[1]!, unknown);
		await has(posing[0]!, made[0]!);
		pose(posing[0]!, known);
		expect(await posing[0]!.closed).toMatchObject({ code: 4403, reason: `G10 - ${clientID}` });
		await restoreRedis();
		made.push(mark(joined[2]!, cluster.owner));
		made.sort();
		joined.push(await come(2, cluster.owner, room));
		for (const one of joined) await expect.poll(() => idsIn(one), SOON).toEqual(made);
	});

	describe.each([
		{ state: 'with Redis', isCut: false },
		{ state: 'without Redis', isCut: true }
	])('$state', ({ isCut }) => {
		beforeAll(async () => {
			if (isCut) await cutRedis();
		});
		afterAll(async () => {
			if (isCut) await restoreRedis();
		});

		test('[G12] [G14] an article that is finished on one process is closed on all, until it is reopened', async () => {
			const { id, joined } = await comeEverywhere();
			const text = await come(2, cluster.owner, textRoom(id));
			const at = (process: number) => cluster.owner.at(cluster.processes[process]!.origin);
			expect((await at(0).call('POST', `/articles/${id}/finish`, {})).status).toBe(201);
			for (const one of joined) mark(one, cluster.owner);
			for (const one of joined) expect(await one.closed).toMatchObject({ code: 4409 });
			await until(text.doc, () => readArticleState(text.doc).status === 'finished');
			expect((await at(1).call('POST', `/articles/${id}/reopen`)).status).toBe(200);
			await until(text.doc, () => readArticleState(text.doc).status === 'open');
			await expect
				.poll(async () => {
					const again = cluster.join(2, cluster.owner, layerRoom(id, 'shared'));
					await again.synced;
					mark(again, cluster.owner);
					const refused = await Promise.race([again.closed, isStored(again).then(() => null)]);
					again[Symbol.dispose]();
					return refused;
				}, SOON)
				.toBeNull();
		});

		test('[G14] a role that changes changes on every process what its connections may', async () => {
			const ann = await cluster.person('annotator');
			const { joined } = await comeEverywhere(ann);
			const made = mark(joined[0]!, ann);
			await has(joined[2]!, made);
			await cluster.log.query(`UPDATE "User" SET "role" = 'viewer' WHERE "id" = $1`, [
				ann.principal.slice('user:'.length)
			]);
			const closed = joined.map((one) => markUntilClosed(one, () => mark(one, ann)));
			for (const { code, reason } of await Promise.all(closed)) {
				expect(code).toBe(4403);
				expect(reason).toMatch(/^G2 /);
			}
		});

		test('[G14] a text that is locked on one process is locked on all', async () => {
			const id = await cluster.article();
			const text = await come(2, cluster.owner, textRoom(id));
			const edit = () => {
				const paragraph = contentOf(text.doc).get(0) as Y.XmlElement;
				(paragraph.get(0) as Y.XmlText).insert(0, '!');
			};
			edit();
			const at = cluster.owner.at(cluster.processes[0]!.origin);
			expect((await at.call('PATCH', `/articles/${id}`, { textLocked: true })).status).toBe(200);
			expect(await markUntilClosed(text, edit)).toMatchObject({
				code: 4403,
				reason: expect.stringMatching(/^G11 /)
			});
		});

		test('[G14] a link that is revoked and a session that has ended close their connections on every process', async () => {
			const id = await cluster.article();
			const guest = await cluster.guest(id, 'annotate');
			const person = await cluster.person('annotator');
			const [here, there] = [await cluster.signedIn(person), await cluster.signedIn(person)];
			const come3 = (caller: Caller) => Promise.all(EVERYWHERE.map((at) => come(at, caller, textRoom(id))));
			const [guests, mine, others] = [await come3(guest), await come3(here), await come3(there)];
			const at = cluster.processes[1]!.origin;
			expect((await cluster.owner.at(at).call('DELETE', `/links/${guest.linkId}`)).status).toBe(204);
			for (const one of guests) expect(await one.closed).toMatchObject({ code: 4403, reason: 'access' });
			expect((await here.at(at).call('DELETE', '/session')).status).toBe(204);
			for (const one of mine) expect(await one.closed).toMatchObject({ code: 4401 });
			expect(others.map(({ provider }) => provider.wsconnected)).toEqual([true, true, true]);
		});
	});

	test('[C3] while Redis is away work goes on, is saved and is seen on every process; afterwards all agree, presence too', async () => {
		const { id, joined } = await comeEverywhere();
		const faces = await Promise.all(EVERYWHERE.map((at) => come(at, cluster.owner, textRoom(id))));
		await cutRedis();
		const metrics = await fetch(`${cluster.processes[1]!.origin}/metrics`);
		expect(await metrics.text()).toMatch(/^galley_bus_connected 0$/m);
		faces.forEach((one, at) => show(one, String(at)));
		const made = joined.map((one) => mark(one, cluster.owner));
		await Promise.all(joined.map(isStored));
		for (const one of joined) await Promise.all(made.map((annotation) => has(one, annotation)));
		// one comes back before the others
		await restoreRedis([0]);
		made.push(mark(joined[0]!, cluster.owner), mark(joined[1]!, cluster.owner));
		for (const one of joined) await Promise.all(made.map((annotation) => has(one, annotation)));
		await restoreRedis();
		made.push(mark(joined[2]!, cluster.owner));
		made.sort();
		for (const one of joined) await expect.poll(() => idsIn(one)).toEqual(made);
		const others = (at: number) => EVERYWHERE.filter((one) => one !== at).map((one) => `Olga Owner ${one}`);
		await Promise.all(faces.map((one, at) => sees(one, others(at))));
	});

	test('[C3] [R7] one process is killed: its people are on another, nothing called saved is lost, and its faces go', async () => {
		const id = await cluster.article();
		const room = layerRoom(id, 'shared');
		const watcher = await come(0, cluster.owner, textRoom(id));
		const doomed = cluster.join(1, cluster.owner, textRoom(id));
		onTestFinished(() => doomed[Symbol.dispose]());
		show(doomed, 'doomed');
		await sees(watcher, ['Olga Owner doomed']);

		const people = await Promise.all(Array.from({ length: 2 * SIZE }, () => come(null, cluster.owner, room)));
		const saved = new Set<string>();
		const made = new Set<string>();
		let writing = true;
		const work = people.map(async (one) => {
			while (writing) {
				const annotation = mark(one, cluster.owner);
				made.add(annotation);
				await isStored(one);
				saved.add(annotation);
			}
		});
		await expect.poll(() => saved.size, { ...SOON, interval: 5 }).toBeGreaterThan(60);
		const lost = people.map(({ provider }) => new Promise((done) => provider.once('connection-close', done)));
		await cluster.kill(1);
		doomed.provider.disconnect();
		await Promise.race(lost);
		// everybody gets on, those of the killed process too
		const before = new Map(people.map((one) => [one, idsIn(one).length]));
		for (const one of people)
			await expect.poll(() => idsIn(one).length, SOON).toBeGreaterThan(before.get(one)!);
		writing = false;
		await Promise.all(work);
		for (const one of people) await expect.poll(() => one.provider.synced, SOON).toBe(true);
		const fresh = await come(2, cluster.owner, room);
		const stored = idsIn(fresh);
		expect(stored).toEqual(expect.arrayContaining([...saved]));
		for (const one of people) await expect.poll(() => idsIn(one), SOON).toEqual([...made].sort());
		await sees(watcher, []);

		await cluster.restart(1);
		expect(idsIn(await come(1, cluster.owner, room))).toEqual([...made].sort());
	});
});

/** Resolves when the server has called everything saved that the document holds of its own [S2]. */
function isStored({ doc, provider }: Joined): Promise<void> {
	const clock = Y.getState(doc.store, doc.clientID);
	return new Promise((done) => {
		// subscribes, and sends a frame that changes nothing: it is answered when all before it is stored
		const ask = () => {
			if (provider.ws?.readyState !== WebSocket.OPEN) return;
			provider.ws.send(Uint8Array.of(100));
			provider.ws.send(Uint8Array.of(0, 1, 2, 0, 0));
		};
		provider.messageHandlers[100] = (_encoder, decoder) => {
			const stored = Y.decodeStateVector(decoding.readVarUint8Array(decoder));
			if ((stored.get(doc.clientID) ?? 0) < clock) return;
			provider.off('sync', ask);
			done();
		};
		provider.on('sync', ask);
		ask();
	});
}

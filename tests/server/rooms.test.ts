/** Rooms and their log in this process, on a real database. */
import * as decoding from 'lib0/decoding';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { MemoryHub } from '../../server/bus.ts';
import { readConfig } from '../../server/config.ts';
import { AppendError, UpdateLog } from '../../server/log.ts';
import { Metrics } from '../../server/metrics.ts';
import { Rooms } from '../../server/rooms.ts';
import type { Actor } from '../../src/lib/domain/policy.ts';
import { layerRoom } from '../../src/lib/domain/room.ts';
import { openDatabase, type Database } from '../../src/lib/server/database.ts';
import { migrate } from '../../src/lib/server/migrate.ts';
import { insertArticle } from '../../src/lib/server/new-article.ts';
import { openLog, type Commit, type LogPool } from '../../src/lib/server/room-log.ts';
import { annotationsOf, readAnnotation, readAnnotations } from '../../src/lib/ydoc/layer.ts';
import { annotationBy } from '../support/annotations.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { storedDoc } from '../support/stored.ts';

let database: TestDatabase;
let db: Database;
let pool: LogPool;
const owner: Actor = { kind: 'member', principal: 'user:olga', name: 'Olga', role: 'owner' };

beforeAll(async () => {
	database = await createDatabase();
	const connection = { connectionString: database.url };
	db = openDatabase(connection);
	pool = openLog(connection);
	await migrate(db, connection);
	const { id } = await db.newsroom.create({ data: { name: 'N' } });
	await db.user.create({
		data: { id: 'olga', name: 'Olga', email: 'o@example.org', role: 'owner', newsroomId: id }
	});
});
afterAll(async () => {
	await db.$disconnect();
	await pool.end();
	await database.drop();
});

const article = () =>
	db.$transaction((tx) =>
		insertArticle(tx, 'olga', { title: 'T', paragraphs: ['One.', 'Two.'] }, new Date())
	);
const logger = pino({ level: 'silent' });
const openRooms = (idleMs?: number, bus = new MemoryHub().join()) =>
	new Rooms({
		db,
		pool,
		connection: { connectionString: database.url },
		bus,
		limits: readConfig({}).limits,
		metrics: new Metrics(),
		logger,
		idleMs
	});
const add = (annotation = annotationBy(owner.principal)) => ({
	kind: 'add' as const,
	annotation: annotation.id,
	after: annotation
});

test('[R2] asked for by many at the same moment a room is one', async () => {
	const rooms = openRooms();
	const name = layerRoom(await article(), 'shared');
	const opened = await Promise.all(Array.from({ length: 200 }, () => rooms.open(name)));
	expect(new Set(opened).size).toBe(1);
	await rooms.close();
});

test('[R3] a room without connections leaves memory after a while, and comes back whole', async () => {
	const rooms = openRooms(20);
	const id = await article();
	const name = layerRoom(id, 'shared');
	const first = await rooms.open(name);
	const changes = Array.from({ length: 5 }, () => add());
	for (const change of changes) await rooms.change(id, 'shared', owner, [change]);
	// asking through `open` would keep it in memory
	await expect.poll(() => rooms.isOpen(name)).toBe(false);
	const again = await rooms.open(name);
	expect(again).not.toBe(first);
	const { annotations } = await rooms.readLayer(id, 'shared');
	expect(annotations.map(({ id }) => id).sort()).toEqual(changes.map(({ annotation }) => annotation).sort());
	await rooms.close();
});

test('[C2] processes that append to one room at once agree, with and without word of each other', async () => {
	for (const hub of [new MemoryHub(), null]) {
		const three = Array.from({ length: 3 }, () => openRooms(undefined, (hub ?? new MemoryHub()).join()));
		const id = await article();
		const name = layerRoom(id, 'shared');
		await Promise.all(three.map((rooms) => rooms.open(name)));
		const changes = Array.from({ length: 60 }, () => add());
		await Promise.all(changes.map((change, i) => three[i % 3]!.change(id, 'shared', owner, [change])));
		const expected = changes.map(({ annotation }) => annotation).sort();
		const stored = readAnnotations(await storedDoc(pool, name));
		expect(stored.map(({ id }) => id).sort()).toEqual(expected);
		const numbers = await db.roomUpdate.findMany({ where: { room: name }, orderBy: { number: 'asc' } });
		expect(numbers.map(({ number }) => number)).toEqual(numbers.map((_, i) => i + 1));
		if (hub)
			for (const rooms of three)
				await expect
					.poll(async () => (await rooms.readLayer(id, 'shared')).annotations.length)
					.toBe(changes.length);
		await Promise.all(three.map((rooms) => rooms.close()));
	}
});

test('[C1] who is in a room is told what other processes appended before this one decoded it', async () => {
	const [here, there] = [openRooms(), openRooms()];
	const id = await article();
	const room = (await there.open(layerRoom(id, 'shared')))!;
	const doc = new Y.Doc();
	const take = (frame: Uint8Array) => {
		const decoder = decoding.createDecoder(frame);
		if (decoding.readVarUint(decoder) !== 0 || decoding.readVarUint(decoder) === 0) return;
		Y.applyUpdate(doc, decoding.readVarUint8Array(decoder));
	};
	room.join({
		actor: owner,
		isOpen: true,
		send: take,
		sendOpening: take,
		// without the head of the WebSocket frame
		sendFramed: (frame) => take(frame.subarray(frame[1]! < 126 ? 2 : frame[1] === 126 ? 4 : 10)),
		close: () => {},
		saved: () => {}
	});
	const [first, second] = [add(), add()];
	await here.change(id, 'shared', owner, [first]);
	await there.change(id, 'shared', owner, [second]);
	expect([...annotationsOf(doc).keys()].sort()).toEqual([first.annotation, second.annotation].sort());
	await Promise.all([here.close(), there.close()]);
});

test('[C2] what touches the same annotation is judged again at the end of the log', async () => {
	const [here, there] = [openRooms(), openRooms()];
	const id = await article();
	const one = add();
	await here.change(id, 'shared', owner, [one]);
	await there.readLayer(id, 'shared');
	const label = (after: string, before?: string) => ({
		kind: 'set' as const,
		annotation: one.annotation,
		key: 'label' as const,
		before,
		after
	});
	await here.change(id, 'shared', owner, [label('legal')]);
	// who does not know of it yet says what it builds on
	await expect(there.change(id, 'shared', owner, [label('style')])).rejects.toMatchObject({ code: 'stale' });
	await there.change(id, 'shared', owner, [label('style', 'legal')]);
	expect(readAnnotation(await storedDoc(pool, layerRoom(id, 'shared')), one.annotation)?.label).toBe('style');
	await Promise.all([here.close(), there.close()]);
});

test('[C2] a process that has fallen behind a compaction finds its number taken, and starts again', async () => {
	const [here, there] = [openRooms(), openRooms()];
	const id = await article();
	const name = layerRoom(id, 'shared');
	await there.readLayer(id, 'shared');
	const body = 'x'.repeat(9000);
	const changes = Array.from({ length: 40 }, () => add(annotationBy(owner.principal, { body })));
	for (const change of changes) await here.change(id, 'shared', owner, [change]);
	await expect.poll(() => db.roomSnapshot.count({ where: { room: name } })).toBe(1);
	// the updates that went into the snapshot go when they are a minute old
	const { number } = (await db.roomSnapshot.findUnique({ where: { room: name } }))!;
	await db.roomUpdate.deleteMany({ where: { room: name, number: { lte: number } } });
	const late = add();
	await there.change(id, 'shared', owner, [late]);
	const stored = readAnnotations(await storedDoc(pool, name)).map(({ id }) => id);
	expect(stored.sort()).toEqual([...changes, late].map(({ annotation }) => annotation).sort());
	await Promise.all([here.close(), there.close()]);
});

test('[G6] what stayed deleted for a month leaves the room when it is decoded; the log keeps what it was', async () => {
	const rooms = openRooms();
	const id = await article();
	const name = layerRoom(id, 'shared');
	const [gone, kept] = [add(), add()];
	await rooms.change(id, 'shared', owner, [gone, kept]);
	const at = new Date(Date.now() - 31 * 24 * 60 * 60 * 1000).toISOString();
	const deleted = { kind: 'set', annotation: gone.annotation, key: 'deleted' } as const;
	await rooms.change(id, 'shared', owner, [
		{ ...deleted, after: { by: owner.principal as 'user:olga', at } }
	]);
	await rooms.close();
	const later = openRooms();
	expect((await later.readLayer(id, 'shared')).annotations.map(({ id }) => id)).toEqual([kept.annotation]);
	expect(annotationsOf(await storedDoc(pool, name)).has(gone.annotation)).toBe(false);
	const log = await db.roomChange.findMany({ where: { room: name, annotation: gone.annotation } });
	expect(log.map(({ key, principal }) => `${key} ${principal}`).sort()).toEqual([
		'annotation user:olga',
		'deleted user:olga',
		'purged server'
	]);
	await later.close();
});

const commit = (room: string, number: number): Commit => ({
	room,
	number,
	update: Y.encodeStateAsUpdate(new Y.Doc()),
	byServer: false,
	changes: [],
	clients: []
});

test('[S7] what waits from all rooms goes into one statement', async () => {
	let statements = 0;
	const counting = Object.create(pool, {
		query: { value: (...call: Parameters<LogPool['query']>) => (statements++, pool.query(...call)) }
	}) as LogPool;
	const log = new UpdateLog(counting, new Metrics());
	const rooms = await Promise.all(
		Array.from({ length: 10 }, async () => layerRoom(await article(), 'shared'))
	);
	await Promise.all(rooms.map((room) => log.append(commit(room, 1))));
	expect(statements).toBe(1);
	for (const room of rooms) expect((await log.head(room))?.number).toBe(1);
});

test('[S7] one room’s conflict is not another’s', async () => {
	const log = new UpdateLog(pool, new Metrics());
	const [a, b, c] = await Promise.all([1, 2, 3].map(async () => layerRoom(await article(), 'shared')));
	await log.append(commit(b!, 1));
	const results = await Promise.allSettled(
		[commit(a!, 1), commit(b!, 1), commit(c!, 1)].map((one) => log.append(one))
	);
	expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
	expect((results[1] as PromiseRejectedResult).reason).toMatchObject({ why: 'conflict' });
	expect((results[1] as PromiseRejectedResult).reason).toBeInstanceOf(AppendError);
});

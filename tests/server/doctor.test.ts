import { afterAll, beforeAll, expect, test } from 'vitest';
import { layerRoom } from '../../src/lib/domain/room.ts';
import { openSession } from '../../src/lib/server/database.ts';
import { annotationsOf } from '../../src/lib/ydoc/layer.ts';
import { annotationBy, put } from '../support/annotations.ts';
import { startNewsroom, type Newsroom } from '../support/newsroom.ts';
import { runCommand } from '../support/process.ts';
import { join, watchSaved } from '../support/sockets.ts';

let newsroom: Newsroom;
beforeAll(async () => (newsroom = await startNewsroom()));
afterAll(() => newsroom[Symbol.asyncDispose]());

const examine = () => runCommand(['doctor'], { DATABASE_URL: newsroom.databaseUrl });

/** Does to the database what only a fault or somebody with its password could: no trigger looks. */
async function plant(sql: string): Promise<void> {
	const session = await openSession({ connectionString: newsroom.databaseUrl });
	const tables = ['RoomUpdate', 'RoomChange', 'FinishedSet', 'SetLayer', 'SetAnnotation', 'SetPerson'];
	const all = (what: string) =>
		tables.map((table) => `ALTER TABLE "${table}" ${what} TRIGGER USER`).join('; ');
	await session.executeScript(`${all('DISABLE')}; ${sql}; ${all('ENABLE')}`);
	await session.dispose();
}

/** A layer with annotations that were stored one by one. */
async function layer(count: number) {
	const id = await newsroom.article();
	const room = layerRoom(id, 'shared');
	using joined = join(newsroom, newsroom.owner, room);
	const saved = watchSaved(joined.provider);
	await joined.synced;
	const made: string[] = [];
	for (let i = 0; i < count; i++) {
		made.push(
			put(joined.doc, annotationBy(newsroom.owner.principal, { body: `Words of annotation ${i} ÄÖÜ` }))
		);
		await saved.next(i + 2);
	}
	annotationsOf(joined.doc).get(made[0]!)!.set('body', 'Better words');
	annotationsOf(joined.doc).get(made[0]!)!.delete('status');
	joined.doc.getMap('reactions').set(`${made[0]} ${newsroom.owner.principal} 👍`, true);
	await saved.next(count + 4);
	return { id, room, made };
}

async function set() {
	const { id, room, made } = await layer(3);
	const { body } = await newsroom.owner.call<{ id: string }>('POST', `/articles/${id}/finish`, {
		override: 'On air'
	});
	return { articleId: id, room, made, id: body.id };
}

/** What the doctor says of one room or set after the fault was planted; it is mended afterwards. */
async function faultsAfter(where: string, sql: string, mend: string): Promise<string[]> {
	await plant(sql);
	try {
		const { code, output } = await examine();
		const lines = output.trim().split('\n');
		expect(code).toBe(1);
		expect(lines.at(-1)).toBe(
			`${await newsroom.db.room.count()} rooms, ${await newsroom.db.finishedSet.count()} finished sets: ` +
				(lines.length === 2 ? '1 fault' : `${lines.length - 1} faults`)
		);
		// nothing else is called wrong
		expect(lines.slice(0, -1).filter((line) => !line.startsWith(`${where}: `))).toEqual([]);
		return lines.slice(0, -1).map((line) => line.slice(where.length + 2));
	} finally {
		await plant(mend);
	}
}

/** Keeps a table's rows and puts them back. */
const keep = (table: string, where: string, change: string) => ({
	change: `CREATE TABLE kept AS SELECT * FROM "${table}" WHERE ${where}; ${change}`,
	mend: `DELETE FROM "${table}" WHERE ${where}; INSERT INTO "${table}" SELECT * FROM kept; DROP TABLE kept`
});

test('a newsroom at work is well', async () => {
	const { id, room } = await layer(8);
	await set();
	await newsroom.guest(id, 'annotate');
	// a room with a snapshot, too
	using joined = join(newsroom, newsroom.owner, room);
	const saved = watchSaved(joined.provider);
	await joined.synced;
	for (let i = 0; i < 40; i++) {
		put(joined.doc, annotationBy(newsroom.owner.principal, { body: 'x'.repeat(9000) }));
		await saved.next(i + 2);
	}
	await expect.poll(() => newsroom.db.roomSnapshot.count({ where: { room } })).toBe(1);
	const { code, output } = await examine();
	expect({ code, output }).toMatchObject({
		code: 0,
		output: expect.stringMatching(/^\d+ rooms, \d+ finished sets: no faults\n$/)
	});
});

test('what is kept of threads for the list of articles is held against the log, too', async () => {
	const { room, made } = await layer(2);
	await newsroom.owner.call('GET', '/articles');
	expect((await examine()).output).toContain('no faults');
	const thread = `"room" = '${room}' AND "thread" = '${made[0]}'`;
	const said = `what is kept of thread ${made[0]} for the list of articles is not what the log says`;
	const opened = (is: boolean) => `UPDATE "ThreadState" SET "isOpen" = ${is} WHERE ${thread}`;
	expect(await faultsAfter(`room ${room}`, opened(false), opened(true))).toEqual([said]);
	const { change, mend } = keep('ThreadState', thread, `DELETE FROM "ThreadState" WHERE ${thread}`);
	expect(await faultsAfter(`room ${room}`, change, mend)).toEqual([said]);
});

/** Seeded, so that a run that fails fails again. */
function randomOf(seed: number) {
	let state = seed;
	return <T>(choices: readonly T[]): T => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return choices[Math.floor((state / 2 ** 32) * choices.length)]!;
	};
}

test.each([1, 2, 3])(
	'[S5] whatever editors do at the same moments, it finds no fault, then and afterwards: seed %i',
	async (seed) => {
		const choose = randomOf(seed);
		const id = await newsroom.article();
		const room = layerRoom(id, 'shared');
		const refused: unknown[] = [];
		const people = await Promise.all(
			[1, 2, 3].map(async () => {
				const person = await newsroom.person('editor');
				const joined = join(newsroom, person, room);
				await joined.synced;
				void joined.closed.then((end) => refused.push(end));
				return { person, ...joined, made: [] as string[] };
			})
		);
		const now = () => new Date().toISOString();
		const act = async ({ person, doc, provider, made }: (typeof people)[number]) => {
			const annotations = annotationsOf(doc);
			const anyone = choose([...annotations.keys(), ''].slice(0, 12));
			const own = choose([...made, '']);
			const by = { by: person.principal, at: now() };
			switch (
				choose(['add', 'body', 'resolve', 'open', 'react', 'delete', 'restore', 'away', 'back', 'api'])
			) {
				case 'add':
					return made.push(
						put(doc, annotationBy(person.principal, { body: `Seen ${choose(['ä', '🌉', '\u2028'])}` }))
					);
				case 'body':
					return annotations.get(own)?.set('body', `Words ${choose(['1', '2', '3'])}`);
				case 'resolve':
					return doc.transact(() => {
						annotations.get(anyone)?.set('status', 'resolved');
						annotations.get(anyone)?.set('resolution', { ...by, reason: choose(['Checked', 'Seen']) });
					});
				case 'open':
					return annotations.get(anyone)?.set('status', 'open');
				case 'react': {
					const key = `${anyone} ${person.principal} ${choose(['👍', '👎'])}`;
					const reactions = doc.getMap('reactions');
					if (anyone === '') return;
					return reactions.has(key) ? reactions.delete(key) : reactions.set(key, true);
				}
				case 'delete':
					return annotations.get(own)?.set('deleted', by);
				case 'restore':
					return annotations.get(own)?.delete('deleted');
				case 'away':
					return provider.disconnect();
				case 'back':
					return provider.connect();
				case 'api': {
					const target = { source: 'x', selector: { type: 'TextQuoteSelector', exact: 'nine piers' } };
					const comment = { type: 'Annotation', bodyValue: 'By the API', target };
					await person.call('POST', `/articles/${id}/annotations`, comment);
				}
			}
		};
		const between = { code: 0, output: expect.stringMatching(/no faults\n$/) };
		for (let round = 0; round < 4; round++) {
			const examined = examine();
			for (let step = 0; step < 60; step++) await act(choose(people));
			expect(await examined).toEqual(between);
		}
		expect(refused).toEqual([]);
		for (const { provider } of people) provider.connect();
		const states = () => people.map(({ doc }) => JSON.stringify(annotationsOf(doc).toJSON(), sorted));
		await expect.poll(() => new Set(states()).size, { timeout: 20_000 }).toBe(1);
		expect(refused).toEqual([]);
		expect(annotationsOf(people[0]!.doc).size).toBeGreaterThan(10);
		expect(await examine()).toEqual(between);
		for (const { provider } of people) provider.destroy();
	}
);

/** The keys of maps have no order among documents. */
const sorted = (_key: string, value: unknown) =>
	typeof value === 'object' && value !== null && !Array.isArray(value)
		? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
		: value;

test('an update that is missing, at the end too, is named', async () => {
	const { room } = await layer(6);
	const of = `"room" = '${room}'`;
	const faults = async (where: string) => {
		const { change, mend } = keep('RoomUpdate', of, `DELETE FROM "RoomUpdate" WHERE ${of} AND ${where}`);
		return faultsAfter(`room ${room}`, change, mend);
	};
	expect(await faults('"number" = 3')).toEqual(['update 3 is missing']);
	expect(await faults('"number" IN (2, 3, 5)')).toEqual([
		'updates 2 to 3 are missing',
		'update 5 is missing'
	]);
	const last = (await newsroom.db.roomUpdate.findMany({ where: { room } })).length;
	expect(await faults(`"number" = ${last}`)).toEqual([`update ${last} is missing`]);
});

test('a byte that has flipped in an update is named: in its structure, and in somebody’s words', async () => {
	const { room, made } = await layer(4);
	const of = `"room" = '${room}'`;
	const flip = (at: string, bits = 1) =>
		keep(
			'RoomUpdate',
			of,
			`UPDATE "RoomUpdate" SET "update" = set_byte("update", ${at}, get_byte("update", ${at}) # ${bits})
			WHERE ${of} AND position('annotation 2 '::bytea IN "update") > 0`
		);
	const { number } = (await newsroom.db.roomChange.findFirst({ where: { room, annotation: made[2] } }))!;
	const structure = flip('0', 0x40);
	expect(await faultsAfter(`room ${room}`, structure.change, structure.mend)).toEqual([
		`update ${number} cannot be decoded`
	]);
	// one letter of the words
	const words = flip(`position('annotation 2 '::bytea IN "update") - 1`);
	expect(await faultsAfter(`room ${room}`, words.change, words.mend)).toEqual([
		`annotation ${made[2]} is not what its changes say: body`
	]);
});

test('an update that follows on something that is not there, and a client whom nobody knows, are named', async () => {
	const { room } = await layer(3);
	const of = `"room" = '${room}'`;
	// the numbers are whole, the second of them is empty
	const gap = keep(
		'RoomUpdate',
		of,
		`UPDATE "RoomUpdate" SET "update" = '\\x0000' WHERE ${of} AND "number" = 2`
	);
	expect(await faultsAfter(`room ${room}`, gap.change, gap.mend)).toEqual([
		'update 3 follows on something that is not there'
	]);
	const [client] = await newsroom.db.roomClient.findMany({
		where: { room, principal: newsroom.owner.principal }
	});
	const unknown = keep(
		'RoomClient',
		of,
		`DELETE FROM "RoomClient" WHERE ${of} AND "clientId" = ${client!.clientId}`
	);
	expect(await faultsAfter(`room ${room}`, unknown.change, unknown.mend)).toEqual([
		`nobody is known to have written as client ${client!.clientId}`
	]);
});

test('a snapshot that is damaged, and what stands beside it, are named', async () => {
	const snapshot = (await newsroom.db.roomSnapshot.findFirst())!;
	const { room, bytes } = snapshot;
	const of = `"room" = '${room}'`;
	const faults = async (change: string) => {
		const kept = keep('RoomSnapshot', of, `UPDATE "RoomSnapshot" SET ${change} WHERE ${of}`);
		return faultsAfter(`room ${room}`, kept.change, kept.mend);
	};
	expect(await faults(`"state" = set_byte("state", 100, get_byte("state", 100) # 1)`)).toEqual([
		'the snapshot cannot be decompressed'
	]);
	expect(await faults(`"bytes" = 7`)).toEqual([`the snapshot says 7 bytes and has ${bytes}`]);
	expect(await faults(`"stateVector" = '\\x00'`)).toEqual([
		'the state vector beside the snapshot is not that of the snapshot'
	]);
	expect(await faults(`"deletes" = '\\x000101010001'`)).toEqual([
		'the deletes beside the snapshot are not those of the snapshot'
	]);
});

test('an annotation that was changed, taken away or added in a finished set is named, and so is its text', async () => {
	const { id, made } = await set();
	const of = `"setId" = '${id}'`;
	const faults = async (table: string, where: string, change: string) => {
		const kept = keep(table, where, change);
		return faultsAfter(`set ${id}`, kept.change, kept.mend);
	};
	const layerFault = 'the annotations of layer shared are not those that were signed off';
	expect(
		await faults(
			'SetAnnotation',
			of,
			`UPDATE "SetAnnotation" SET "body" = 'Forged' WHERE ${of} AND "id" = '${made[1]}'`
		)
	).toEqual([layerFault]);
	expect(
		await faults('SetAnnotation', of, `DELETE FROM "SetAnnotation" WHERE ${of} AND "id" = '${made[2]}'`)
	).toEqual([layerFault]);
	const retext = (text: string) => `UPDATE "FinishedSet" SET "text" = ${text} WHERE "id" = '${id}'`;
	expect(await faultsAfter(`set ${id}`, retext(`"text" || '!'`), retext(`rtrim("text", '!')`))).toEqual([
		'the text is not the one that was signed off',
		'the set is not what was signed off'
	]);
	expect(
		await faults('SetPerson', of, `UPDATE "SetPerson" SET "name" = 'Somebody else' WHERE ${of}`)
	).toEqual(['the set is not what was signed off']);
});

test('a trigger that is switched off, and a migration that is missing, are named', async () => {
	const session = await openSession({ connectionString: newsroom.databaseUrl });
	await session.executeScript('ALTER TABLE "SetLayer" DISABLE TRIGGER append_only');
	expect((await examine()).output).toContain(
		'database: the trigger append_only of SetLayer is switched off\n'
	);
	await session.executeScript('ALTER TABLE "SetLayer" ENABLE TRIGGER append_only');
	await session.executeScript(`UPDATE "_prisma_migrations" SET migration_name = 'x' || migration_name`);
	const { code, output } = await examine();
	expect(code).toBe(1);
	expect(output).toMatch(/^database: the migration \d+_start is not applied$/m);
	expect(output).toMatch(/^database: the migration x\d+_start is unknown here$/m);
	await session.executeScript(`UPDATE "_prisma_migrations" SET migration_name = substr(migration_name, 2)`);
	await session.dispose();
	expect((await examine()).code).toBe(0);
});

import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as path } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FIRST_LABELS } from '../../src/lib/domain/labels.ts';
import { layerRoom } from '../../src/lib/domain/room.ts';
import { openDatabase, openSession } from '../../src/lib/server/database.ts';
import { labelsOf } from '../../src/lib/server/labels.ts';
import { migrationNames } from '../../src/lib/server/schema-engine.ts';
import { annotationBy, put } from '../support/annotations.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { PASSWORD, startNewsroom, TEXT, type Caller, type Newsroom } from '../support/newsroom.ts';
import { runCommand, startGalley } from '../support/process.ts';
import { join, watchSaved } from '../support/sockets.ts';

let folder: string;
let newsroom: Newsroom;
/** a backup that was written while somebody wrote, and what was stored when it began */
let file: string;
let drill: Awaited<ReturnType<typeof writeWhileBackingUp>>;
beforeAll(async () => {
	folder = await mkdtemp(path(tmpdir(), 'galley-backup-'));
	file = path(folder, 'galley.backup');
	newsroom = await startNewsroom();
	drill = await writeWhileBackingUp();
});
afterAll(async () => {
	await newsroom[Symbol.asyncDispose]();
	await rm(folder, { recursive: true, force: true });
});

async function finishedSet() {
	const id = await newsroom.article(TEXT, 'Signed off');
	const guest = await newsroom.guest(id, 'comment', 'Gus 🌉');
	const target = { source: 'x', selector: { type: 'TextQuoteSelector', exact: 'nine piers' } };
	const comment = { type: 'Annotation', bodyValue: 'Tab\there, \\ there,\nand a second line', target };
	const made = await newsroom.owner.call<{ id: string }>('POST', `/articles/${id}/annotations`, comment);
	const reply = { type: 'Annotation', bodyValue: 'The mayor, \u2028 on the phone', target: made.body.id };
	await guest.call('POST', `/articles/${id}/annotations`, reply);
	const { body } = await newsroom.owner.call<{ id: string }>('POST', `/articles/${id}/finish`, {
		override: 'On air in a minute'
	});
	return { setId: body.id, articleId: id, guest };
}

/** Writes one annotation after the other until the backup is there. */
async function writeWhileBackingUp() {
	const finished = await finishedSet();
	const id = await newsroom.article();
	const editor = await newsroom.person('editor', 'Ed');
	const link = await newsroom.owner.call<{ url: string }>('POST', `/articles/${id}/links`, {
		access: 'view'
	});
	using layer = join(newsroom, editor, layerRoom(id, 'shared'));
	const saved = watchSaved(layer.provider);
	await layer.synced;
	let frames = 1;
	const write = async () => {
		const made = put(layer.doc, annotationBy(editor.principal, { body: 'x'.repeat(2000) }));
		await saved.next(++frames);
		return made;
	};
	const readFirst = await write();
	await newsroom.owner.call('POST', `/articles/${id}/read`, { threads: [readFirst] });
	await newsroom.owner.call('PUT', `/articles/${id}/reading`, { to: 0.5 });
	await newsroom.owner.call('PUT', '/labels', { items: [{ name: 'Ring back', color: 'rose' }] });
	await newsroom.owner.call('GET', '/articles');
	const before: string[] = [];
	for (let i = 0; i < 50; i++) before.push(await write());
	let isDone = false;
	const during: string[] = [];
	const backup = runCommand(['backup', file], { DATABASE_URL: newsroom.databaseUrl }).finally(
		() => (isDone = true)
	);
	while (!isDone) during.push(await write());
	return {
		...finished,
		id,
		editor,
		token: link.body.url.split('/').at(-1)!,
		readFirst,
		before,
		during,
		backup: await backup
	};
}

/** Restores into a new database. */
async function restored(backup = file, env = {}) {
	const database = await createDatabase();
	return { database, ...(await runCommand(['restore', backup], { DATABASE_URL: database.url, ...env })) };
}

async function tablesOf({ url }: TestDatabase): Promise<number> {
	const session = await openSession({ connectionString: url });
	const { rowCount } = await session
		.underlyingDriver()
		.query(`SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace`);
	await session.dispose();
	return rowCount!;
}

const textOf = (caller: Caller, route: string) => caller.call('GET', route).then(({ text }) => text);

test('the drill: what was backed up while people wrote is a whole newsroom again elsewhere', async () => {
	expect(drill.backup).toMatchObject({ code: 0, output: expect.stringContaining(file) });
	expect(drill.during.length).toBeGreaterThan(0);
	// what signs people in is for nobody else's eyes
	expect((await stat(file)).mode & 0o777).toBe(0o600);

	const { database, code, output } = await restored();
	expect({ code, output }).toMatchObject({ code: 0, output: expect.stringMatching(/: no faults$/m) });
	const galley = await startGalley({ DATABASE_URL: database.url });
	try {
		expect(galley.setupToken).toBeNull();
		const api = `${galley.origin}/api/v1`;
		const headers = { 'content-type': 'application/json', origin: galley.origin };
		const post = (route: string, body: unknown) =>
			fetch(`${api}${route}`, { method: 'POST', headers, body: JSON.stringify(body) });
		const get = async (route: string, { headers }: Pick<Caller, 'headers'> = newsroom.owner) =>
			(await fetch(`${api}${route}`, { headers: { ...headers, origin: galley.origin } })).text();

		expect((await post('/session', { email: 'olga@example.org', password: PASSWORD })).status).toBe(200);
		expect((await post('/session', { email: 'olga@example.org', password: `${PASSWORD}!` })).status).toBe(
			401
		);
		expect(await get(`/articles/${drill.id}/text`)).toBe(TEXT);
		expect(await get(`/sets/${drill.setId}`)).toBe(await textOf(newsroom.owner, `/sets/${drill.setId}`));
		expect(await get(`/articles/${drill.articleId}/text`, drill.guest)).toBe(TEXT);
		expect((await post('/review', { token: drill.token, name: 'New guest' })).status).toBe(201);

		const { threads } = JSON.parse(await get(`/articles/${drill.id}/unread`)) as {
			threads: { id: string }[];
		};
		const unread = threads.map(({ id }) => id);
		expect(unread).not.toContain(drill.readFirst);
		expect(unread).toEqual(expect.arrayContaining(drill.before));
		expect(await get(`/articles/${drill.id}/readers`)).toContain('"to":0.5');
		expect(await get('/labels')).toBe(await textOf(newsroom.owner, '/labels'));

		// all that was stored when it began, and nothing that was not
		using there = join(galley, newsroom.owner, layerRoom(drill.id, 'shared'));
		using here = join(newsroom, newsroom.owner, layerRoom(drill.id, 'shared'));
		await Promise.all([there.synced, here.synced]);
		const [copied, original] = [there, here].map(
			({ doc }) => doc.getMap('annotations').toJSON() as Record<string, unknown>
		);
		expect(drill.before.filter((id) => !(id in copied!))).toEqual([]);
		for (const id of Object.keys(copied!)) expect(copied![id]).toEqual(original![id]);

		// and the work goes on, numbers too
		const db = openDatabase({ connectionString: database.url });
		const last = (await db.notice.aggregate({ _max: { id: true } }))._max.id;
		const next = await db.notice.create({ data: { about: { kind: 'article', articleId: drill.id } } });
		await db.$disconnect();
		expect(last).toBeGreaterThan(0n);
		expect(next.id).toBeGreaterThan(last!);
		const saved = watchSaved(there.provider);
		put(there.doc, annotationBy(newsroom.owner.principal));
		await saved.next(2);
	} finally {
		expect(await galley.stop()).toBe(0);
		await database.drop();
	}
});

test('a backup is brought into an empty database only, and never written over a file', async () => {
	const into = await runCommand(['restore', file], { DATABASE_URL: newsroom.databaseUrl });
	expect(into).toEqual({
		code: 1,
		output: 'The database is not empty: a backup is only brought into a new one.\n'
	});
	expect(await runCommand(['backup', file], { DATABASE_URL: newsroom.databaseUrl })).toEqual({
		code: 1,
		output: `${file} exists already.\n`
	});
	const empty = await createDatabase();
	const none = path(folder, 'none.backup');
	expect(await runCommand(['backup', none], { DATABASE_URL: empty.url })).toEqual({
		code: 1,
		output: 'There is no Galley in this database.\n'
	});
	await expect(stat(none)).rejects.toThrow('ENOENT');
	await empty.drop();
});

test('a file that is cut off, damaged, foreign or of a newer Galley is refused, and leaves the database empty', async () => {
	const whole = await readFile(file);
	const text = gunzipSync(whole).toString('latin1');
	const [line = ''] = text.split('\n', 1);
	const header = JSON.parse(line) as Record<string, unknown>;
	const withHeader = (more: Record<string, unknown>) =>
		gzipSync(Buffer.from(JSON.stringify({ ...header, ...more }) + text.slice(line.length), 'latin1'));
	const flipped = Buffer.from(whole);
	flipped[Math.floor(whole.length / 2)]! ^= 0x10;
	const files: [string, Buffer, string][] = [
		['cut', whole.subarray(0, Math.floor(whole.length * 0.9)), 'is damaged or incomplete.'],
		['flipped', flipped, 'is damaged or incomplete.'],
		['shortened', gzipSync(Buffer.from(text.slice(0, -20), 'latin1')), 'is damaged or incomplete.'],
		['lengthened', gzipSync(Buffer.from(`${text}more`, 'latin1')), 'is damaged or incomplete.'],
		['foreign', gzipSync('{"name": "something else"}\n'), 'is no backup of Galley.'],
		['plain', Buffer.from('-- PostgreSQL database dump\n'), 'is no backup of Galley.'],
		['later', withHeader({ format: 2 }), 'was written by a newer Galley.'],
		[
			'newer',
			withHeader({ migrations: ['20991231000000_later'] }),
			'was written by a newer Galley: it has the migration 20991231000000_later.'
		]
	];
	for (const [name, bytes, fault] of files) {
		const broken = path(folder, `${name}.backup`);
		await writeFile(broken, bytes);
		const { database, code, output } = await restored(broken);
		expect({ code, output }).toEqual({ code: 1, output: `${broken} ${fault}\n` });
		expect(await tablesOf(database)).toBe(0);
		await database.drop();
	}
	const missing = await restored(path(folder, 'nowhere.backup'));
	expect(missing.output).toBe(`${path(folder, 'nowhere.backup')} cannot be read.\n`);
	await missing.database.drop();
});

test('a backup of an older version is brought up to date', async () => {
	const [first] = await migrationNames();
	const lines = gunzipSync(await readFile(file))
		.toString('latin1')
		.split('\n');
	const header = JSON.parse(lines[0]!) as { tables: { name: string; columns: string[]; rows: number }[] };
	// as the first version would have written it: its migration alone, and its newsroom
	const tables: typeof header.tables = [];
	const rows: string[] = [];
	let at = 1;
	for (const table of header.tables) {
		const own = lines.slice(at, (at += table.rows));
		const kept =
			table.name === '_prisma_migrations'
				? own.filter((row) => row.includes(first!))
				: ['Installation', 'Newsroom'].includes(table.name)
					? own
					: [];
		if (kept.length > 0) tables.push({ ...table, rows: kept.length });
		rows.push(...kept);
	}
	const older = path(folder, 'older.backup');
	const line = JSON.stringify({ ...header, migrations: [first], tables, sequences: [] });
	await writeFile(older, gzipSync(Buffer.from([line, ...rows, ''].join('\n'), 'latin1')));
	const { database, code, output } = await restored(older);
	expect({ code, output }).toMatchObject({ code: 0, output: expect.stringMatching(/^0 rooms.*no faults$/m) });
	const db = openDatabase({ connectionString: database.url });
	expect(await db.newsroom.count()).toBe(1);
	// with the labels that it always had
	const { id } = await db.newsroom.findFirstOrThrow();
	expect(await labelsOf(db, id)).toEqual(FIRST_LABELS);
	await db.$disconnect();
	await database.drop();
});

test('the owner of a database restores into it without being a superuser, and the log and the sets stay closed to rewriting', async () => {
	const database = await createDatabase();
	const name = new URL(database.url).pathname.slice(1);
	const admin = await openSession({ connectionString: database.url });
	await admin.executeScript(
		`CREATE ROLE ${name} LOGIN PASSWORD 'owner'; ALTER DATABASE ${name} OWNER TO ${name}`
	);
	const url = new URL(database.url);
	url.username = name;
	url.password = 'owner';
	try {
		const { code, output } = await runCommand(['restore', file], { DATABASE_URL: url.href });
		expect({ code, output }).toMatchObject({ code: 0 });
		const db = openDatabase({ connectionString: url.href });
		await expect(db.roomChange.deleteMany({})).rejects.toThrow(/append-only/);
		await expect(db.setAnnotation.updateMany({ data: { body: 'forged' } })).rejects.toThrow(/append-only/);
		await db.$disconnect();
	} finally {
		await admin.executeScript(
			`ALTER DATABASE ${name} OWNER TO CURRENT_USER; DROP OWNED BY ${name}; DROP ROLE ${name}`
		);
		await admin.dispose();
		await database.drop();
	}
});

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { gzipSync } from 'node:zlib';
import { join as path } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { layerRoom, textRoom } from '../../src/lib/domain/room.ts';
import { appendCommits, compactRoom, loadRoom } from '../../src/lib/server/room-log.ts';
import { annotationsOf, readAnnotation } from '../../src/lib/ydoc/layer.ts';
import { readText } from '../../src/lib/ydoc/text.ts';
import { annotationBy, put } from '../support/annotations.ts';
import { startNewsroom, TEXT, type Newsroom } from '../support/newsroom.ts';
import { startGalley } from '../support/process.ts';
import { join, until, watchSaved } from '../support/sockets.ts';
import { storedDoc } from '../support/stored.ts';

let newsroom: Newsroom;
beforeAll(async () => (newsroom = await startNewsroom()));
afterAll(() => newsroom[Symbol.asyncDispose]());

async function layer() {
	const id = await newsroom.article();
	const room = layerRoom(id, 'shared');
	const joined = join(newsroom, newsroom.owner, room);
	const saved = watchSaved(joined.provider);
	await joined.synced;
	return { id, room, ...joined, saved };
}

test('[S2] saved counts the connection’s frames with updates, and comes when they are stored', async () => {
	const { doc, provider, room, saved } = await layer();
	// the provider's answer to the server's first step is its first frame
	const first = saved.next(2);
	put(doc, annotationBy(newsroom.owner.principal));
	const stateVector = Y.decodeStateVector(await first);
	expect(stateVector.get(doc.clientID)).toBeGreaterThan(0);
	const copy = await storedDoc(newsroom.log, room);
	expect(annotationsOf(copy).size).toBe(1);
	provider.destroy();
});

test('[S2] who never subscribes never hears of it', async () => {
	const id = await newsroom.article();
	using theirs = join(newsroom, newsroom.owner, layerRoom(id, 'shared'));
	let heard = 0;
	theirs.provider.messageHandlers[100] = () => void heard++;
	await theirs.synced;
	using mine = join(newsroom, newsroom.owner, layerRoom(id, 'shared'));
	await mine.synced;
	const mark = put(theirs.doc, annotationBy(newsroom.owner.principal));
	await until(mine.doc, () => annotationsOf(mine.doc).has(mark));
	const back = put(mine.doc, annotationBy(newsroom.owner.principal));
	await until(theirs.doc, () => annotationsOf(theirs.doc).has(back));
	expect(heard).toBe(0);
});

test('[S3] killed at any moment, it has every update that it called saved or showed to somebody', async () => {
	const { room, doc, provider, saved } = await layer();
	using other = join(newsroom, newsroom.owner, room);
	await other.synced;
	for (let round = 0; round < 5; round++) {
		const seen = new Set<string>();
		const kept: string[] = [];
		for (let i = 0; i < 20; i++) kept.push(put(doc, annotationBy(newsroom.owner.principal)));
		// some are on their way, some stored, some shown
		await until(other.doc, () => kept.filter((id) => annotationsOf(other.doc).has(id)).length >= 1);
		for (const id of kept) if (annotationsOf(other.doc).has(id)) seen.add(id);
		const restarted = newsroom.restart('SIGKILL');
		await restarted;
		const copy = await storedDoc(newsroom.log, room);
		for (const id of seen) expect(annotationsOf(copy).has(id)).toBe(true);
		// and the providers bring the rest by themselves
		await until(other.doc, () => kept.every((id) => annotationsOf(other.doc).has(id)));
	}
	expect(saved.frames).toBeGreaterThan(0);
	provider.destroy();
});

test('[S4] SIGTERM stores what is under way, closes with 1012 and ends with 0', async () => {
	const { room, doc, provider } = await layer();
	const codes: (number | undefined)[] = [];
	provider.on('connection-close', (event) => codes.push(event?.code));
	const id = put(doc, annotationBy(newsroom.owner.principal));
	using other = join(newsroom, newsroom.owner, room);
	await until(other.doc, () => annotationsOf(other.doc).has(id));
	const [code] = await Promise.all([
		newsroom.process.stop('SIGTERM'),
		new Promise((done) => provider.once('connection-close', done))
	]);
	expect(code).toBe(0);
	expect(codes[0]).toBe(1012);
	await newsroom.restart();
	expect(annotationsOf(await storedDoc(newsroom.log, room)).has(id)).toBe(true);
	provider.destroy();
});

test('[S5] every change is kept by name, with who, before and after', async () => {
	const { id, room, doc, provider, saved } = await layer();
	const annotation = put(doc, annotationBy(newsroom.owner.principal, { body: 'First words' }));
	await saved.next(2);
	annotationsOf(doc).get(annotation)!.set('body', 'Better words');
	await saved.next(3);
	const changes = await newsroom.db.roomChange.findMany({
		where: { room, annotation },
		orderBy: { number: 'asc' }
	});
	expect(
		changes.map(({ principal, key, before, after }) => ({ principal, key, before, after }))
	).toMatchObject([
		{ principal: newsroom.owner.principal, key: 'annotation', before: null, after: { body: 'First words' } },
		{ principal: newsroom.owner.principal, key: 'body', before: 'First words', after: 'Better words' }
	]);
	await expect(newsroom.db.roomChange.deleteMany({ where: { room } })).rejects.toThrow();
	expect(id).toBeTruthy();
	provider.destroy();
});

test('[S5] a room loads from its snapshot and what came after, also where compaction was interrupted', async () => {
	const id = await newsroom.article();
	const room = textRoom(id);
	const before = await loadRoom(newsroom.log, room);
	const whole = await storedDoc(newsroom.log, room);
	const stateVector = Y.encodeStateVector(whole);
	const state = Y.encodeStateAsUpdate(whole);
	const snapshot = {
		number: before!.number,
		bytes: state.length,
		state: gzipSync(state),
		stateVector,
		deletes: Y.encodeStateAsUpdate(whole, stateVector)
	};
	// the updates that went into it stay for a minute: as where it was interrupted
	await compactRoom(newsroom.log, room, snapshot);
	expect(await newsroom.db.roomUpdate.count({ where: { room } })).toBe(before!.number);
	expect(await loadRoom(newsroom.log, room)).toMatchObject({ number: before!.number, tail: [] });
	await newsroom.db.roomUpdate.updateMany({ where: { room }, data: { at: new Date(Date.now() - 61_000) } });
	await compactRoom(newsroom.log, room, snapshot);
	expect(await newsroom.db.roomUpdate.count({ where: { room } })).toBe(0);
	using text = join(newsroom, newsroom.owner, room);
	await text.synced;
	expect(readText(text.doc)).toBe(TEXT);
});

test('[C2] an append at a number that is taken fails whole', async () => {
	const id = await newsroom.article();
	const room = layerRoom(id, 'shared');
	const commit = {
		room,
		number: 1,
		update: Uint8Array.of(0, 0),
		byServer: false,
		changes: [],
		clients: [{ clientId: 5, principal: 'user:a' }]
	};
	expect(await appendCommits(newsroom.log, [commit])).toEqual(new Set([room]));
	const other = { ...commit, clients: [{ clientId: 6, principal: 'user:a' }] };
	expect(await appendCommits(newsroom.log, [other])).toEqual(new Set());
	expect(await newsroom.db.roomClient.count({ where: { room } })).toBe(1);
});

test('[S3] the embedded database starts again where it was killed, its processes too', async () => {
	const folder = await mkdtemp(path(tmpdir(), 'galley-data-'));
	try {
		let galley = await startGalley({ DATA_DIR: folder });
		const post = (route: string, body: unknown, token?: string) =>
			fetch(`${galley.origin}/api/v1${route}`, {
				method: 'POST',
				headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
				body: JSON.stringify(body)
			});
		const owner = { newsroom: 'N', name: 'O', email: 'o@example.org', password: 'correct horse battery' };
		const setup = await post('/setup', { ...owner, token: galley.setupToken });
		const { apiToken } = (await setup.json()) as { apiToken: string };
		const created = await post('/articles', { title: 'T', text: TEXT }, apiToken);
		const { id } = (await created.json()) as { id: string };
		const pid = () => Number(readFileSync(path(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
		const text = async () =>
			(
				await fetch(`${galley.origin}/api/v1/articles/${id}/text`, {
					headers: { authorization: `Bearer ${apiToken}` }
				})
			).text();
		for (const killDatabase of [false, true]) {
			const postmaster = pid();
			await galley.stop('SIGKILL');
			if (killDatabase) {
				const children = execFileSync('pgrep', ['-P', String(postmaster)], { encoding: 'utf8' })
					.trim()
					.split('\n')
					.map(Number);
				for (const child of [postmaster, ...children]) process.kill(child, 'SIGKILL');
			}
			galley = await startGalley({ DATA_DIR: folder });
			expect(await text()).toBe(TEXT);
		}
		expect(await galley.stop('SIGINT')).toBe(0);
		expect(existsSync(path(folder, 'postgres', 'postmaster.pid'))).toBe(false);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
});

test('a second process on the same database is told so', async () => {
	const folder = await mkdtemp(path(tmpdir(), 'galley-data-'));
	const first = await startGalley({ DATA_DIR: folder });
	await expect(startGalley({ DATA_DIR: folder })).rejects.toThrow(
		'Another Galley process uses this database'
	);
	expect((await fetch(`${first.origin}/readyz`)).status).toBe(200);
	expect(await first.stop()).toBe(0);
	await rm(folder, { recursive: true, force: true });
});

test('what was made through the API is read from the room', async () => {
	const { id, doc, provider } = await layer();
	const made = put(doc, annotationBy(newsroom.owner.principal));
	using other = join(newsroom, newsroom.owner, layerRoom(id, 'shared'));
	await until(other.doc, () => annotationsOf(other.doc).has(made));
	expect(readAnnotation(other.doc, made)?.body).toBe('Who says so?');
	provider.destroy();
});

test('[S5] a room that has grown is compacted by itself, and nothing is missing after a restart', async () => {
	const { room, doc, provider, saved } = await layer();
	const body = 'x'.repeat(5000);
	const made: string[] = [];
	for (let i = 0; i < 120; i++) {
		made.push(put(doc, annotationBy(newsroom.owner.principal, { body })));
		await saved.next(i + 2);
	}
	await expect.poll(() => newsroom.db.roomSnapshot.count({ where: { room } })).toBe(1);
	await newsroom.restart();
	using other = join(newsroom, newsroom.owner, room);
	await other.synced;
	expect(made.filter((id) => !annotationsOf(other.doc).has(id))).toEqual([]);
	expect(await newsroom.db.roomChange.count({ where: { room, key: 'annotation' } })).toBe(120);
	provider.destroy();
});

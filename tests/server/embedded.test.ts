/** The embedded database, under a terminal's Ctrl-C and under an operator's commands. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as path } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { layerRoom } from '../../src/lib/domain/room.ts';
import { annotationsOf } from '../../src/lib/ydoc/layer.ts';
import { annotationBy, put } from '../support/annotations.ts';
import { PASSWORD, TEXT } from '../support/newsroom.ts';
import { runCommand, startGalley, type GalleyProcess } from '../support/process.ts';
import { join, watchSaved } from '../support/sockets.ts';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path(tmpdir(), 'galley-embedded-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const isRunning = (data: string) => existsSync(path(data, 'postgres', 'postmaster.pid'));

/** The owner's key and an article, on a Galley that has just started for the first time. */
async function setUp(galley: GalleyProcess) {
	const post = async <T>(route: string, body: unknown, headers = {}) => {
		const response = await fetch(`${galley.origin}/api/v1${route}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', ...headers },
			body: JSON.stringify(body)
		});
		return (await response.json()) as T;
	};
	const owner = { newsroom: 'N', name: 'O', email: 'o@example.org', password: PASSWORD };
	const { userId, apiToken } = await post<{ userId: string; apiToken: string }>('/setup', {
		...owner,
		token: galley.setupToken
	});
	const headers = { authorization: `Bearer ${apiToken}` };
	const { id } = await post<{ id: string }>('/articles', { title: 'T', text: TEXT }, headers);
	return { headers, principal: `user:${userId}`, room: layerRoom(id, 'shared') };
}

test('[S4] Ctrl-C, which reaches the whole process group, ends it with 0 while somebody writes, and nothing is lost', async () => {
	let galley = await startGalley({ DATA_DIR: folder }, { detached: true });
	const owner = await setUp(galley);
	const kept: string[] = [];
	for (let round = 0; round < 3; round++) {
		using joined = join(galley, owner, owner.room);
		using reader = join(galley, owner, owner.room);
		const saved = watchSaved(joined.provider);
		await Promise.all([joined.synced, reader.synced]);
		let isWriting = true;
		const writing = async () => {
			for (let frames = 2; isWriting; frames++) {
				const made = put(joined.doc, annotationBy(owner.principal, { body: 'x'.repeat(1000) }));
				const cut = new Promise((done) => joined.provider.once('connection-close', done));
				await Promise.race([saved.next(frames), cut]);
				if (saved.frames >= frames) kept.push(made);
			}
		};
		const begun = kept.length;
		const written = writing();
		await expect.poll(() => kept.length).toBeGreaterThan(begun + 5);
		const ended = once(galley.child, 'exit');
		process.kill(-galley.child.pid!, 'SIGINT');
		expect(await ended).toEqual([0, null]);
		isWriting = false;
		await written;
		joined.provider.disconnect();
		reader.provider.disconnect();
		kept.push(...[...annotationsOf(reader.doc).keys()].filter((id) => !kept.includes(id)));
		expect(isRunning(folder)).toBe(false);

		galley = await startGalley({ DATA_DIR: folder }, { detached: true });
		using again = join(galley, owner, owner.room);
		await again.synced;
		expect(kept.filter((id) => !annotationsOf(again.doc).has(id))).toEqual([]);
	}
	expect(await galley.stop('SIGINT')).toBe(0);
});

test('an operator’s commands work beside a Galley that runs, and start and stop the database where none does', async () => {
	const there = path(folder, 'there');
	const backup = path(folder, 'galley.backup');
	const nothing = await runCommand(['doctor'], { DATA_DIR: there });
	expect(nothing).toEqual({
		code: 1,
		output: `There is no database in ${there}: set DATA_DIR or DATABASE_URL.\n`
	});
	expect(existsSync(there)).toBe(false);

	const here = path(folder, 'here');
	const galley = await startGalley({ DATA_DIR: here });
	const owner = await setUp(galley);
	expect(await runCommand(['doctor'], { DATA_DIR: here })).toEqual({
		code: 0,
		output: '2 rooms, 0 finished sets: no faults\n'
	});
	expect((await runCommand(['backup', backup], { DATA_DIR: here })).code).toBe(0);
	// it runs on
	expect((await fetch(`${galley.origin}/readyz`)).status).toBe(200);
	expect(await galley.stop()).toBe(0);

	expect((await runCommand(['doctor'], { DATA_DIR: here })).code).toBe(0);
	expect(isRunning(here)).toBe(false);
	const restored = await runCommand(['restore', backup], { DATA_DIR: there });
	expect(restored).toMatchObject({ code: 0, output: expect.stringMatching(/^2 rooms.*no faults$/m) });
	expect(isRunning(there)).toBe(false);

	const moved = await startGalley({ DATA_DIR: there });
	using joined = join(moved, owner, owner.room);
	await joined.synced;
	expect(await moved.stop()).toBe(0);
});

test.each([
	[[]],
	[['help']],
	[['backup']],
	[['restore']],
	[['doctor', 'everything']],
	[['backup', 'one', 'two']]
])('a command that is none is told how to use them: %j', async (args) => {
	const { code, output } = await runCommand(args, { DATA_DIR: folder });
	expect(code).toBe(2);
	expect(output).toMatch(/^Usage: npm run galley -- <command>\n {2}doctor/);
});

test('a setting that is wrong stops a command with the line that stops the start', async () => {
	expect(await runCommand(['doctor'], { DATABASE_URL: 'mysql://localhost/galley' })).toEqual({
		code: 2,
		output: 'DATABASE_URL: an address like postgresql://user@host/database, not "mysql://localhost/galley"\n'
	});
	const { code, output } = await runCommand(['doctor'], {
		DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none'
	});
	expect(code).toBe(1);
	expect(output.trim().split('\n')).toHaveLength(1);
});

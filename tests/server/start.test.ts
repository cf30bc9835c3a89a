import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { layerRoom } from '../../src/lib/domain/room.ts';
import { openSession } from '../../src/lib/server/database.ts';
import { annotationsOf } from '../../src/lib/ydoc/layer.ts';
import { annotationBy, put } from '../support/annotations.ts';
import { createDatabase } from '../support/database.ts';
import { startNewsroom } from '../support/newsroom.ts';
import { startGalley } from '../support/process.ts';
import { join, watchSaved } from '../support/sockets.ts';

test('a wrong setting stops the start with one line that names it', async () => {
	await expect(startGalley({ PORT: 'http' })).rejects.toThrow(
		/^PORT: a port number from 0 to 65535, not "http"$/m
	);
});

test('a port that is taken, and a database that does not answer, are named too', async () => {
	const taken = createServer().listen(0);
	await once(taken, 'listening');
	const { port } = taken.address() as AddressInfo;
	const database = await createDatabase();
	await expect(startGalley({ PORT: String(port), DATABASE_URL: database.url })).rejects.toThrow(
		`PORT: cannot listen on ${port}`
	);
	await database.drop();
	taken.close();
	await expect(startGalley({ DATABASE_URL: `postgresql://nobody@127.0.0.1:${port}/none` })).rejects.toThrow(
		'Galley does not start'
	);
});

test('it says that it is alive and ready, and starting again finds everything as it was', async () => {
	await using newsroom = await startNewsroom();
	expect((await fetch(`${newsroom.origin}/healthz`)).status).toBe(200);
	expect((await fetch(`${newsroom.origin}/readyz`)).status).toBe(200);
	const page = await fetch(`${newsroom.origin}/sign-in`);
	expect(page.headers.get('x-content-type-options')).toBe('nosniff');
	expect(page.headers.get('referrer-policy')).toBe('same-origin');
	expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
	const id = await newsroom.article();
	const before = await newsroom.owner.call('GET', `/articles/${id}`);
	await newsroom.restart('SIGTERM');
	expect(newsroom.process.output()).not.toContain('setup:');
	expect((await newsroom.owner.call('GET', `/articles/${id}`)).body).toEqual(before.body);
});

test('[S6] while the database does not answer nothing is called saved; the client keeps its work and sends it again by itself', async () => {
	await using newsroom = await startNewsroom();
	const id = await newsroom.article();
	const signedIn = await newsroom.signedIn(await newsroom.person('viewer'));
	using joined = join(newsroom, newsroom.owner, layerRoom(id, 'shared'));
	const saved = watchSaved(joined.provider);
	await joined.synced;
	// its answer to the server's first question: nothing new, and counted
	await saved.next(1);
	const server = new URL(newsroom.databaseUrl);
	const name = server.pathname.slice(1);
	server.pathname = '/postgres';
	const admin = await openSession({ connectionString: server.href });
	await admin.executeScript(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
	await admin
		.underlyingDriver()
		.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);

	const closed = new Promise<number | undefined>((done) =>
		joined.provider.once('connection-close', (event) => done(event?.code))
	);
	const made = put(joined.doc, annotationBy(newsroom.owner.principal));
	expect(await closed).toBe(1013);
	expect(saved.frames).toBe(1);
	expect((await fetch(`${newsroom.origin}/readyz`)).status).toBe(503);
	expect((await fetch(`${newsroom.origin}/healthz`)).status).toBe(200);
	for (const somebody of [newsroom.owner, signedIn]) {
		const asked = await somebody.call('GET', `/articles/${id}`);
		expect(asked).toMatchObject({ status: 503, body: { detail: expect.stringMatching(/try again/) } });
		expect(asked.headers.get('retry-after')).toBe('5');
	}

	const stored = new Promise<void>((done) => {
		joined.provider.messageHandlers[100] = () => done();
	});
	await admin.executeScript(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
	await stored;
	await admin.dispose();
	using other = join(newsroom, newsroom.owner, layerRoom(id, 'shared'));
	await other.synced;
	expect(annotationsOf(other.doc).has(made)).toBe(true);
});

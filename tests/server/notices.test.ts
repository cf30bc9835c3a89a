/** The database gives notice of every change of rights itself [G14]. */
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { textRoom } from '../../src/lib/domain/room.ts';
import { NoticeReader } from '../../src/lib/server/notices.ts';
import { openBare } from '../support/bare.ts';
import { startNewsroom, type Newsroom } from '../support/newsroom.ts';

async function start() {
	const newsroom = await startNewsroom();
	const pool = new pg.Pool({ connectionString: newsroom.databaseUrl, max: 2 });
	onTestFinished(async () => {
		await pool.end();
		await newsroom[Symbol.asyncDispose]();
	});
	return { newsroom, pool };
}

test('[G14] whatever changes rights or an article gives notice with the same commit, once to each reader', async () => {
	const { newsroom, pool } = await start();
	const id = await newsroom.article();
	const person = await newsroom.person('editor');
	const guest = await newsroom.guest(id, 'comment');
	const reader = new NoticeReader(pool);
	await reader.read();
	expect(await reader.read()).toEqual([]);

	const { principal, linkId } = guest;
	const userId = person.principal.slice('user:'.length);
	const seen = async (change: string, values: unknown[]) => {
		await pool.query(change, values);
		return reader.read();
	};
	const ofPerson = [{ kind: 'access', principal: person.principal }];
	expect(await seen(`UPDATE "User" SET "role" = 'viewer' WHERE "id" = $1`, [userId])).toEqual(ofPerson);
	expect(await seen(`UPDATE "User" SET "updatedAt" = now() WHERE "id" = $1`, [userId])).toEqual([]);
	expect(await seen(`UPDATE "Apikey" SET "enabled" = false WHERE "referenceId" = $1`, [userId])).toEqual(
		ofPerson
	);
	expect(
		await seen(`UPDATE "Guest" SET "name" = 'Gil' WHERE "id" = $1`, [principal.slice('guest:'.length)])
	).toEqual([{ kind: 'access', principal }]);
	const signedIn = await newsroom.signedIn(person);
	const { rows } = await pool.query<{ id: string }>('SELECT "id" FROM "Session" WHERE "userId" = $1', [
		userId
	]);
	await signedIn.call('DELETE', '/session');
	expect(await reader.read()).toEqual([{ kind: 'access', sessionId: rows[0]!.id }]);
	await newsroom.owner.call('DELETE', `/links/${linkId}`);
	await newsroom.owner.call('POST', `/articles/${id}/finish`, {});
	expect(await reader.read()).toEqual([
		{ kind: 'access', linkId },
		{ kind: 'article', articleId: id }
	]);
	const { body } = await newsroom.owner.call<{ items: { name: string; key: string | null }[] }>(
		'GET',
		'/labels'
	);
	const put = (items: object[]) => newsroom.owner.call('PUT', '/labels', { items });
	const labels = { kind: 'labels', newsroomId: expect.any(String) };
	await put(body.items);
	expect(await reader.read()).toEqual([]);
	await put(body.items.map((one) => (one.name === 'Style' ? { ...one, name: 'House style' } : one)));
	expect(await reader.read()).toEqual([labels]);
	await put([...body.items.slice(0, -1), { name: 'Photo', color: 'blue' }]);
	expect(await reader.read()).toContainEqual(labels);
});

test('[G14] a notice that shows after a later one is read too; after a day it goes', async () => {
	const { newsroom, pool } = await start();
	const slow = await newsroom.article();
	const fast = await newsroom.article();
	const rename = (id: string): [string, string[]] => [
		`UPDATE "Article" SET "title" = "title" || '!' WHERE "id" = $1::uuid`,
		[id]
	];
	const reader = new NoticeReader(pool);
	// of the labels that a newsroom begins with
	await reader.read();
	const session = await pool.connect();
	await session.query('BEGIN');
	await session.query(...rename(slow));
	await pool.query(...rename(fast));
	expect(await reader.read()).toEqual([{ kind: 'article', articleId: fast }]);
	await session.query('COMMIT');
	session.release();
	expect(await reader.read()).toEqual([{ kind: 'article', articleId: slow }]);

	await pool.query(`UPDATE "Notice" SET "at" = now() - interval '1 minute'`);
	expect(await reader.read()).toEqual([]);
	await pool.query(...rename(fast));
	expect(await reader.read()).toEqual([{ kind: 'article', articleId: fast }]);
	await pool.query(`UPDATE "Notice" SET "at" = now() - interval '25 hours'`);
	await pool.query(...rename(slow));
	expect(await reader.read()).toEqual([{ kind: 'article', articleId: slow }]);
	expect((await pool.query('SELECT "id" FROM "Notice"')).rows.length).toBe(1);
	await pool.query(`UPDATE "Notice" SET "at" = now() - interval '1 minute'`);
	expect(await new NoticeReader(pool).read()).toEqual([]);
});

test('[G14] that labels have changed is told to who has asked to hear of them, and to nobody else', async () => {
	const { newsroom } = await start();
	const id = await newsroom.article();
	const [asking, other] = await Promise.all([102, 100].map((type) => listen(newsroom, textRoom(id), type)));
	const { body } = await newsroom.owner.call<{ items: object[] }>('GET', '/labels');
	await newsroom.owner.call('PUT', '/labels', { items: body.items.slice(1) });
	await expect.poll(() => asking!.includes(102), { timeout: 10_000 }).toBe(true);
	const heard = other!.length;
	await newsroom.owner.call('PATCH', `/articles/${id}`, { title: 'The bridge stays closed' });
	await expect.poll(() => other!.length, { timeout: 10_000 }).toBeGreaterThan(heard);
	expect(other).not.toContain(102);
});

/** Asks for messages of a type; the types of those that come. */
async function listen(newsroom: Newsroom, room: string, type: number): Promise<number[]> {
	const types: number[] = [];
	const socket = await openBare(newsroom, newsroom.owner, room);
	socket.on('message', (data: Buffer) => types.push(data[0]!));
	socket.send(Uint8Array.of(type));
	return types;
}

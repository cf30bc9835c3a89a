import { expect, test } from 'vitest';
import { layerRoom } from '../../src/lib/domain/room.ts';
import { openSession } from '../../src/lib/server/database.ts';
import { annotationBy, put } from '../support/annotations.ts';
import { startNewsroom, type Newsroom } from '../support/newsroom.ts';
import { join } from '../support/sockets.ts';

const WORDS = 'The source is the minister herself';

const logged = (newsroom: Newsroom) =>
	newsroom.process
		.output()
		.split('\n')
		.filter((line) => line.startsWith('{'))
		.map((line) => JSON.parse(line) as Record<string, unknown>);

test('an update that is refused leaves a line with room, principal and rule, and none of its words', async () => {
	await using newsroom = await startNewsroom({ LOG_LEVEL: 'trace' });
	const ann = await newsroom.person('annotator', 'Ann');
	const room = layerRoom(await newsroom.article(), 'shared');
	using joined = join(newsroom, ann, room);
	await joined.synced;
	const forged = annotationBy('user:somebody-else', { body: WORDS, exact: WORDS, tags: [WORDS] });
	put(joined.doc, forged);
	expect((await joined.closed).code).toBe(4403);
	const find = () => logged(newsroom).find(({ code }) => code === 4403);
	await expect
		.poll(find)
		.toMatchObject({ room, principal: ann.principal, reason: `G3 ${forged.id} creator` });

	// words where an id and a key stand
	using other = join(newsroom, ann, room);
	await other.synced;
	other.doc.getMap('annotations').set(WORDS, WORDS);
	expect((await other.closed).code).toBe(4403);
	await expect.poll(() => logged(newsroom).filter(({ code }) => code === 4403).length).toBe(2);
	expect(newsroom.process.output()).not.toContain('minister');
	expect(newsroom.process.output()).not.toContain('Ann');
});

test('a room that is given up leaves a line with the room and why, and none of the words that were not stored', async () => {
	await using newsroom = await startNewsroom({ LOG_LEVEL: 'trace' });
	const room = layerRoom(await newsroom.article(), 'shared');
	using joined = join(newsroom, newsroom.owner, room);
	await joined.synced;
	// PostgreSQL quotes the whole row in its error's detail
	const session = await openSession({ connectionString: newsroom.databaseUrl });
	await session.executeScript(
		`ALTER TABLE "RoomChange" ADD CONSTRAINT nothing_goes CHECK ("key" = 'none') NOT VALID`
	);
	await session.dispose();
	const closed = new Promise<number | undefined>((done) =>
		joined.provider.once('connection-close', (event) => done(event?.code))
	);
	put(joined.doc, annotationBy(newsroom.owner.principal, { body: WORDS }));
	expect(await closed).toBe(1013);
	const find = () => logged(newsroom).find(({ level, room: named }) => Number(level) >= 50 && named === room);
	await expect.poll(find).toMatchObject({ err: { message: expect.any(String), stack: expect.any(String) } });
	expect(JSON.stringify(find())).toContain('nothing_goes');
	expect(newsroom.process.output()).not.toContain('minister');
});

/**
 * Many clients join a cold room at the same moment [R2]: all get all of it, and it is loaded once. How often the log was
 * read PostgreSQL itself tells, whose statistics are complete when the process that read has ended.
 */
import { layerRoom, SHARED } from '../../src/lib/domain/room.ts';
import { openLog } from '../../src/lib/server/room-log.ts';
import { annotationsOf } from '../../src/lib/ydoc/layer.ts';
import { annotationBy, put } from '../support/annotations.ts';
import { install } from '../support/installation.ts';
import { startOwnDatabase } from '../support/own-database.ts';
import { takeSnapshot } from '../support/snapshot.ts';
import { join, watchSaved } from '../support/sockets.ts';
import type { Outcome, Trials } from './outcome.ts';

const CLIENTS = 200;
const ANNOTATIONS = 300;

/** @param count how often they all join */
export async function coldJoin({ count }: Trials): Promise<Outcome> {
	const faults: string[] = [];
	await using database = await startOwnDatabase();
	await using place = await install({ DATABASE_URL: database.url });
	const room = layerRoom(await place.article('The bridge stays closed.'), SHARED);
	const write = async (annotations: number) => {
		using writer = join(place, place.owner, room);
		const saved = watchSaved(writer.provider);
		await writer.synced;
		writer.doc.transact(() => {
			for (let i = 0; i < annotations; i++) put(writer.doc, annotationBy(place.owner.principal));
		});
		// its answer to the server's first step counts as a frame
		await saved.next(2);
	};
	// a snapshot and what came after it
	await write(ANNOTATIONS - 1);
	await takeSnapshot({ databaseUrl: database.url }, room);
	await write(1);

	/** So many join after a restart; how often the log was read until the next one. */
	const joinCold = async (clients: number): Promise<number> => {
		await place.restart();
		const before = await reads(database.url);
		const joined = Array.from({ length: clients }, () => join(place, place.annotator, room));
		await Promise.all(joined.map(({ synced }) => synced));
		const short = joined.filter(({ doc }) => annotationsOf(doc).size !== ANNOTATIONS).length;
		if (short > 0) faults.push(`${short} of ${clients} did not get all ${ANNOTATIONS} annotations`);
		for (const one of joined) {
			one.provider.destroy();
			one.doc.destroy();
		}
		await place.restart();
		return (await reads(database.url)) - before;
	};
	const alone = await joinCold(1);
	for (let i = 0; i < count; i++) {
		const together = await joinCold(CLIENTS);
		if (together > alone)
			faults.push(`the log was read ${together} times for ${CLIENTS} clients, ${alone} times for one`);
	}
	return { line: `${count} × ${CLIENTS} clients join a cold room: loaded once, all of it to each`, faults };
}

/** Times that updates or snapshots were looked up. */
async function reads(url: string): Promise<number> {
	const log = openLog({ connectionString: url });
	const { rows } = await log.query<{ reads: string }>(
		`SELECT sum(COALESCE(seq_scan, 0) + COALESCE(idx_scan, 0)) AS reads FROM pg_stat_user_tables
		WHERE relname IN ('RoomUpdate', 'RoomSnapshot')`
	);
	await log.end();
	return Number(rows[0]!.reads);
}

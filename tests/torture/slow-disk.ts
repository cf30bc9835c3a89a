/**
 * Commits whose answer is late: nothing is shown or called saved before it [S1], and what comes meanwhile goes into the
 * next commit together [S7]. The database stands behind a proxy that holds up everything in both directions.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { loadHead, openLog } from '../../src/lib/server/room-log.ts';
import { install } from '../support/installation.ts';
import { startOwnDatabase } from '../support/own-database.ts';
import { seeded } from '../support/seeded.ts';
import { proxyTo } from '../support/tcp-proxy.ts';
import { newCrowd } from './kills.ts';
import { some, type Outcome, type Trials } from './outcome.ts';

const DELAY_MS = 60;
const WRITE_MS = 1500;

/** @param count rounds of writing */
export async function slowDisk({ seed, count }: Trials): Promise<Outcome> {
	const random = seeded(seed);
	await using database = await startOwnDatabase();
	await using proxy = await proxyTo(database.url);
	await using place = await install({ DATABASE_URL: proxy.url });
	using crowd = await newCrowd(place, 1);
	await crowd.connected();
	proxy.delay(DELAY_MS);
	for (let round = 0; round < count; round++) {
		const writing = crowd.write(random);
		await wait(WRITE_MS);
		await writing.stop();
		await crowd.settled();
	}
	proxy.delay(0);
	await crowd.leave();
	const early = [...crowd.written].filter(([id, at]) => crowd.promised.get(id)! < at + 2 * DELAY_MS);
	const faults = some(
		'promised before its commit was answered',
		early.map(([id]) => id)
	);
	const log = openLog({ connectionString: database.url });
	const commits = (await loadHead(log, crowd.rooms[0]!))!.number;
	await log.end();
	// those that write while a commit is under way wait for the same one
	const most = (count * WRITE_MS) / (2 * DELAY_MS) + crowd.written.size / 10;
	if (commits > most) faults.push(`${commits} commits for ${crowd.written.size} updates`);
	faults.push(...some('promised and lost', await crowd.missing(place.origin)));
	const line = `commits answered ${2 * DELAY_MS} ms late: ${crowd.written.size} annotations in ${commits} commits`;
	return { line, faults };
}

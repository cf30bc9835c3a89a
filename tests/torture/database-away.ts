/**
 * PostgreSQL stopped and started under load [S6]: what is written meanwhile is neither shown nor called saved before it is
 * back; then all goes on by itself, and nothing that was promised is gone.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { install } from '../support/installation.ts';
import { startOwnDatabase } from '../support/own-database.ts';
import { seeded } from '../support/seeded.ts';
import { newCrowd } from './kills.ts';
import { some, type Outcome, type Trials } from './outcome.ts';

const LONGEST_MS = 300;
const AWAY_MS = 1000;

export async function databaseAway({ seed, count }: Trials): Promise<Outcome> {
	const random = seeded(seed);
	const faults: string[] = [];
	let meanwhile = 0;
	await using database = await startOwnDatabase();
	await using place = await install({ DATABASE_URL: database.url, LOG_LEVEL: 'silent' });
	using crowd = await newCrowd(place);
	for (let trial = 0; trial < count; trial++) {
		await crowd.connected();
		const writing = crowd.write(random);
		await wait(random.below(LONGEST_MS));
		await database.stop(random.pick(['fast', 'immediate']));
		const before = new Set(crowd.written.keys());
		await wait(random.below(AWAY_MS));
		const after = [...crowd.written.keys()].filter((id) => !before.has(id));
		meanwhile += after.length;
		const early = after.filter((id) => crowd.promised.has(id));
		faults.push(...some(`promised while the database was away in trial ${trial + 1}`, early));
		await database.start();
		await writing.stop();
		await crowd.settled();
	}
	await crowd.leave();
	faults.push(...some('promised and lost', await crowd.missing(place.origin)));
	const line = `PostgreSQL stopped ${count} times: ${crowd.promised.size} annotations promised, ${meanwhile} of them written while it was away`;
	return { line, faults };
}

/**
 * SIGKILL at random moments under load [S3]: of our process alone, or of the embedded database's processes too. Before
 * anybody of the crowd is back, somebody new must be given everything that was promised.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { layerRoom, SHARED } from '../../src/lib/domain/room.ts';
import { gather, type Crowd } from '../support/crowd.ts';
import { install, type Installation } from '../support/installation.ts';
import { seeded } from '../support/seeded.ts';
import { some, type Outcome, type Trials } from './outcome.ts';

const ROOMS = 2;
/** Rooms grow, are compacted, and are then left for new ones. */
const TRIALS_A_ROOM = 25;
const LONGEST_MS = 150;

export async function kills(
	{ seed, count }: Trials,
	whom: 'galley' | 'galley and database'
): Promise<Outcome> {
	const random = seeded(seed);
	const faults: string[] = [];
	let promised = 0;
	await using place = await install();
	let crowd: Crowd | null = null;
	for (let trial = 0; trial < count; trial++) {
		if (trial % TRIALS_A_ROOM === 0) {
			promised += crowd?.promised.size ?? 0;
			crowd?.[Symbol.dispose]();
			crowd = await newCrowd(place);
		}
		await crowd!.connected();
		const writing = crowd!.write(random);
		await wait(random.below(LONGEST_MS));
		if (whom === 'galley') await place.kill('galley');
		else await place.kill(...(random.chance(0.5) ? SEQUENCE : SEQUENCE.toReversed()));
		await crowd!.silent();
		await writing.stop();
		await place.start();
		faults.push(...some(`promised and lost in trial ${trial + 1}`, await crowd!.missing(place.origin)));
		crowd!.comeBack();
	}
	await crowd!.settled();
	promised += crowd!.promised.size;
	crowd![Symbol.dispose]();
	return { line: `${count} × kill -9 of ${whom}: ${promised} annotations promised`, faults };
}

const SEQUENCE = ['galley', 'database'] as const;

/** Three people in each of some new rooms. */
export async function newCrowd(place: Installation, rooms = ROOMS): Promise<Crowd> {
	const names = await Promise.all(
		Array.from({ length: rooms }, async () =>
			layerRoom(await place.article('The bridge stays closed.'), SHARED)
		)
	);
	const people = [place.owner, place.annotator, place.annotator];
	return gather(names.flatMap((room) => people.map((person) => ({ origin: place.origin, person, room }))));
}

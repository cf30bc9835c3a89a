/** Any bytes at all [R5]: the properties of tests/support/fuzz.ts, many times. */
import { fuzz, properties } from '../support/fuzz.ts';
import type { Outcome, Trials } from './outcome.ts';

/** @param count runs for each unit of weight */
export async function fuzzAll({ seed, count }: Trials): Promise<Outcome> {
	const faults: string[] = [];
	let runs = 0;
	for (const [name, { weight }] of Object.entries(properties)) {
		runs += weight * count;
		try {
			fuzz(name, weight * count, seed);
		} catch (error) {
			faults.push(`${name}: ${(error as Error).message.split('\n').slice(0, 4).join(' ')}`);
		}
	}
	return {
		line: `${runs} runs of ${Object.keys(properties).length} properties of what clients send`,
		faults
	};
}

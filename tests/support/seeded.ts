/** Chance that can be repeated: the same seed gives the same numbers. */

export interface Random {
	/** from 0 to below 1 */
	next(): number;
	/** a whole number from 0 to below `bound` */
	below(bound: number): number;
	pick<T>(list: readonly T[]): T;
	/** true this often, of 1 */
	chance(share: number): boolean;
}

/** @see https://github.com/bryc/code/blob/master/jshash/PRNGs.md#mulberry32 */
export function seeded(seed: number): Random {
	let state = seed >>> 0;
	const next = () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
	const below = (bound: number) => Math.floor(next() * bound);
	return { next, below, pick: (list) => list[below(list.length)]!, chance: (share) => next() < share };
}

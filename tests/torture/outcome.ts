/** What a set of trials has shown. */
export interface Outcome {
	/** figures, in a few words */
	line: string;
	/** what is wrong; none: the rules held */
	faults: string[];
}

export interface Trials {
	seed: number;
	/** how many */
	count: number;
}

/** The first few of many, and how many there are. */
export const some = (what: string, ids: string[]): string[] =>
	ids.length === 0 ? [] : [`${ids.length} × ${what}, the first: ${ids.slice(0, 3).join(', ')}`];

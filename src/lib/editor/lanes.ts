/** Where passages overlap, each is underlined in a lane of its own, so that all can be seen. */

/** How many lanes there are; the deepest ones share the last. */
export const LANES = 4;

interface Passage {
	id: string;
	from: number;
	to: number;
}

/**
 * id → lane (0 the nearest to the words). Passages that do not touch share lanes.
 * @param kept passages that stay in the lane they have: a new one makes no other move
 */
export function laneOf(passages: Passage[], kept: (Passage & { lane: number })[] = []): Map<string, number> {
	const lanes = new Map(kept.map(({ id, lane }) => [id, lane]));
	const ends: number[] = [];
	const fresh = passages.filter(({ id }) => !lanes.has(id));
	for (const { id, from, to } of fresh.sort(compareInText)) {
		const taken = new Set(kept.filter((one) => one.from < to && one.to > from).map(({ lane }) => lane));
		let lane = 0;
		while (lane < LANES - 1 && (taken.has(lane) || (ends[lane] ?? 0) > from)) lane++;
		ends[lane] = Math.max(ends[lane] ?? 0, to);
		lanes.set(id, lane);
	}
	return lanes;
}

const compareInText = (a: Passage, b: Passage) => a.from - b.from || b.to - a.to || (a.id < b.id ? -1 : 1);

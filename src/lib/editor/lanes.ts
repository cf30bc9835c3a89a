/** Where passages overlap, each is underlined in a lane of its own, so that all can be seen. */

/** How many lanes there are; the deepest ones share the last. */
export const LANES = 4;

/** id → lane (0 the nearest to the words). Passages that do not touch share lanes. */
export function laneOf(passages: { id: string; from: number; to: number }[]): Map<string, number> {
	const lanes = new Map<string, number>();
	const ends: number[] = [];
	const sorted = [...passages].sort((a, b) => a.from - b.from || b.to - a.to || (a.id < b.id ? -1 : 1));
	for (const { id, from, to } of sorted) {
		let lane = ends.findIndex((end) => end <= from);
		if (lane < 0) lane = Math.min(ends.length, LANES - 1);
		ends[lane] = Math.max(ends[lane] ?? 0, to);
		lanes.set(id, lane);
	}
	return lanes;
}

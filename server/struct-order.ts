/** The order in which structs of an update can be integrated: each after those that it names. */
import * as Y from 'yjs';

export type Struct = Y.Item | Y.GC;
/** By client, in the order of their clocks. */
export type StructLists = Map<number, Struct[]>;

/**
 * Every struct after those it names, or null where there is a hole, or one names what is neither there nor in the lists.
 * Each struct is looked at a few times only, however they are entangled: nobody can make it slow.
 * @param known how many clocks of a client are there already
 */
export function orderStructs(lists: StructLists, known: (client: number) => number): Struct[] | null {
	const ordered: Struct[] = [];
	const next = new Map<number, number>();
	const reached = new Map<number, number>();
	const clockOf = (client: number) => reached.get(client) ?? known(client);
	/** who waits for whom, and up to which clock: the last first */
	const waiting: { client: number; clock: number }[] = [];
	const waits = new Set<number>();
	const waitFor = (client: number, clock: number) => {
		waits.add(client);
		waiting.push({ client, clock });
	};
	for (const [client, list] of lists) {
		const last = list.at(-1)!;
		waitFor(client, last.id.clock + last.length - 1);
		for (let top = waiting.at(-1); top; top = waiting.at(-1)) {
			const at = clockOf(top.client);
			if (at > top.clock) {
				waiting.pop();
				waits.delete(top.client);
				continue;
			}
			const index = next.get(top.client) ?? 0;
			const struct = lists.get(top.client)?.[index];
			if (!struct || struct.id.clock > at) return null;
			const missing = firstMissing(struct, clockOf);
			if (missing) {
				// each of the two waits for the other
				if (waits.has(missing.client)) return null;
				waitFor(missing.client, missing.clock);
				continue;
			}
			ordered.push(struct);
			next.set(top.client, index + 1);
			reached.set(top.client, struct.id.clock + struct.length);
		}
	}
	return ordered;
}

/** The first of those that a struct names which has not been reached. */
function firstMissing(struct: Struct, clockOf: (client: number) => number): Y.ID | null {
	if (!(struct instanceof Y.Item)) return null;
	const { client, clock } = struct.id;
	// a decoded item names its parent by the id of the item that holds it
	for (const id of [struct.origin, struct.rightOrigin, struct.parent as unknown])
		if (id instanceof Y.ID && !(id.client === client && id.clock < clock) && id.clock >= clockOf(id.client))
			return id;
	return null;
}

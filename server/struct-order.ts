/** The order in which structs of an update can be integrated: each after those that it names. */
import * as Y from 'yjs';

export type Struct = Y.Item | Y.GC;
/** By client, in the order of their clocks, without holes. */
export type StructLists = Map<number, Struct[]>;

/**
 * Every struct after those it names, or null where one names what is neither there nor in the lists.
 * @param known how many clocks of a client are there already
 */
export function orderStructs(lists: StructLists, known: (client: number) => number): Struct[] | null {
	const ordered: Struct[] = [];
	const next = new Map([...lists.keys()].map((client) => [client, 0]));
	const have = (id: Y.ID): boolean => {
		const list = lists.get(id.client);
		const state = known(id.client);
		if (!list || id.clock < state) return id.clock < state;
		const last = list[next.get(id.client)! - 1];
		return last !== undefined && id.clock < last.id.clock + last.length;
	};
	for (let moved = true; moved;) {
		moved = false;
		for (const [client, list] of lists) {
			let at = next.get(client)!;
			while (at < list.length && namedBy(list[at]!).every(have)) {
				ordered.push(list[at++]!);
				next.set(client, at);
				moved = true;
			}
		}
	}
	for (const [client, list] of lists) if (next.get(client) !== list.length) return null;
	return ordered;
}

function namedBy(struct: Struct): Y.ID[] {
	if (!(struct instanceof Y.Item)) return [];
	// a decoded item names its parent by the id of the item that holds it
	const parent = struct.parent as unknown;
	const named = [struct.origin, struct.rightOrigin, parent instanceof Y.ID ? parent : null];
	return named.filter(
		(id): id is Y.ID => id !== null && (id.client !== struct.id.client || id.clock >= struct.id.clock)
	);
}

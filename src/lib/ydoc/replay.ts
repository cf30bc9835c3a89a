/** Replays the stored log of a room, to see whether it holds together. */
import * as Y from 'yjs';

/** A stored snapshot, its state decompressed. */
export interface ReplayedSnapshot {
	number: number;
	bytes: number;
	state: Uint8Array;
	stateVector: Uint8Array;
	deletes: Uint8Array;
}

export interface Replay {
	/** as far as the log could be replayed */
	doc: Y.Doc;
	/** what does not hold, each as half a sentence; after a fault that the rest rests on, the rest is not looked at */
	faults: string[];
}

/** `tail`: the updates after the snapshot, in order. */
export function replay(
	snapshot: ReplayedSnapshot | null,
	tail: { number: number; update: Uint8Array }[]
): Replay {
	const doc = new Y.Doc();
	const faults: string[] = [];
	const follow = (what: string, update: Uint8Array): boolean => {
		const fault = apply(doc, update);
		if (fault) faults.push(`${what} ${fault}`);
		return fault === null;
	};
	if (snapshot) {
		if (snapshot.bytes !== snapshot.state.length)
			faults.push(`the snapshot says ${snapshot.bytes} bytes and has ${snapshot.state.length}`);
		if (!follow('the snapshot', snapshot.state)) return { doc, faults };
		faults.push(...compareSnapshot(doc, snapshot));
	}
	for (const { number, update } of tail) if (!follow(`update ${number}`, update)) break;
	return { doc, faults };
}

export const clientsOf = (doc: Y.Doc): number[] => [...doc.store.clients.keys()];

function apply(doc: Y.Doc, update: Uint8Array): string | null {
	try {
		Y.applyUpdate(doc, update);
	} catch {
		return 'cannot be decoded';
	}
	return doc.store.pendingStructs || doc.store.pendingDs ? 'follows on something that is not there' : null;
}

/** What stands beside a snapshot has to say the same as the snapshot. */
function compareSnapshot(doc: Y.Doc, { stateVector, deletes }: ReplayedSnapshot): string[] {
	const faults: string[] = [];
	const clocks = Y.decodeStateVector(Y.encodeStateVector(doc));
	if (!same(clocks, () => Y.decodeStateVector(stateVector)))
		faults.push('the state vector beside the snapshot is not that of the snapshot');
	try {
		const { structs, ds } = Y.decodeUpdate(deletes);
		const deleted = Y.createDeleteSetFromStructStore(doc.store);
		if (structs.length > 0 || !Y.equalDeleteSets(Y.mergeDeleteSets([ds]), deleted)) throw new Error();
	} catch {
		faults.push('the deletes beside the snapshot are not those of the snapshot');
	}
	return faults;
}

function same(clocks: Map<number, number>, read: () => Map<number, number>): boolean {
	try {
		const other = read();
		return other.size === clocks.size && [...clocks].every(([client, clock]) => other.get(client) === clock);
	} catch {
		return false;
	}
}

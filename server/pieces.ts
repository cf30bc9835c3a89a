/**
 * An update in pieces that can be applied one after the other: a whole document of many megabytes would hold up the event
 * loop for most of a second, and all rooms with it [R5].
 */
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { orderStructs, type Struct, type StructLists } from './struct-order.ts';

/** The update builds on structs that are not there. */
export class GapError extends Error {}

/** Structs in one piece: some 20 ms to apply. */
const PIECE = 5000;

/**
 * The update as updates of at most some thousand structs each, in an order in which none waits for a later one.
 * @param known how many clocks of a client are there already
 * @param size structs in one piece
 * What is known is left out; all that is deleted stands in the last.
 * @throws {GapError} · an error of Yjs where it cannot be decoded
 */
export function cutUpdate(
	update: Uint8Array,
	known: (client: number) => number = () => 0,
	size = PIECE
): Uint8Array[] {
	const { structs, ds } = Y.decodeUpdate(update);
	// of one that is known in part the rest alone is taken
	const isCut = ({ id, length }: { id: Y.ID; length: number }) =>
		id.clock < known(id.client) && id.clock + length > known(id.client);
	if (structs.some(isCut)) {
		const vector = new Map(structs.map(({ id }) => [id.client, known(id.client)]));
		return cutUpdate(Y.diffUpdate(update, Y.encodeStateVector(vector)), known, size);
	}
	const lists: StructLists = new Map();
	for (const struct of structs) {
		if (struct instanceof Y.Skip || struct.id.clock + struct.length <= known(struct.id.client)) continue;
		const list = lists.get(struct.id.client);
		if (list) list.push(struct);
		else lists.set(struct.id.client, [struct]);
	}
	const ordered = orderStructs(lists, known);
	if (!ordered) throw new GapError();
	const pieces: Uint8Array[] = [];
	for (let from = 0; from < ordered.length; from += size)
		pieces.push(encodeUpdate(ordered.slice(from, from + size), new Map()));
	pieces.push(encodeUpdate([], ds.clients));
	return pieces;
}

const TOGETHER = 32;

/** Any number of updates as one. Yjs takes four times as long for twice as many, so they are merged group by group. */
export function mergeUpdates(updates: Uint8Array[]): Uint8Array {
	if (updates.length <= 1) return updates[0] ?? NOTHING;
	const merged: Uint8Array[] = [];
	for (let from = 0; from < updates.length; from += TOGETHER)
		merged.push(Y.mergeUpdates(updates.slice(from, from + TOGETHER)));
	return mergeUpdates(merged);
}

/** An update without anything. */
const NOTHING = Uint8Array.of(0, 0);

type DeleteRanges = Map<number, { clock: number; len: number }[]>;

/** @see https://github.com/yjs/yjs/blob/main/INTERNALS.md: clients with their structs, then clients with what is deleted */
function encodeUpdate(structs: Struct[], deletes: DeleteRanges): Uint8Array {
	const encoder = new Y.UpdateEncoderV1();
	const rest = encoder.restEncoder;
	// the highest client first: Yjs merges no others, and loses what it has
	const clients = new Map(
		[...Map.groupBy(structs, ({ id }) => id.client)].sort(([one], [other]) => other - one)
	);
	encoding.writeVarUint(rest, clients.size);
	for (const [client, list] of clients) {
		encoding.writeVarUint(rest, list.length);
		encoder.writeClient(client);
		encoding.writeVarUint(rest, list[0]!.id.clock);
		for (const struct of list) struct.write(encoder, 0);
	}
	encoding.writeVarUint(rest, deletes.size);
	for (const [client, ranges] of deletes) {
		encoder.resetDsCurVal();
		encoding.writeVarUint(rest, client);
		encoding.writeVarUint(rest, ranges.length);
		for (const { clock, len } of ranges) {
			encoder.writeDsClock(clock);
			encoder.writeDsLen(len);
		}
	}
	return encoder.toUint8Array();
}

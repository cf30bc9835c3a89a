/**
 * Reads out of an update what is new in it (structs and deletes that the document does not have) and where each
 * piece would stand, without touching the document [G0, G1].
 */
import * as Y from 'yjs';
import { finish, type Steps } from '../src/lib/server/steps.ts';
import { orderStructs, type Struct } from './struct-order.ts';

/** Where an item stands: a root's name and the keys down from it; null is a place in a sequence. */
export interface Place {
	root: string;
	path: (string | null)[];
	/** the item of the type that holds it; null: the root itself */
	holder: Y.Item | null;
}

/** What an update would change. */
export interface Difference {
	/** clientIDs under which there are new structs */
	clients: number[];
	/** new items with their places, in an order in which they can be integrated */
	items: { item: Y.Item; place: Place; deleted: boolean }[];
	/** items of the document that would be deleted */
	deleted: { item: Y.Item; place: Place }[];
	/** new structs without content or place: someone wrote and removed them before sending */
	garbage: number;
	/** it says again what the document has already, be it the same or not */
	repeats: boolean;
}

/** Why an update cannot be judged. `gap`: it builds on what is not here. */
export class UnreadableUpdate extends Error {
	readonly gap: boolean;
	constructor(message: string, gap: boolean) {
		super(message);
		this.gap = gap;
	}
}
const undecodable = () => new UnreadableUpdate('The update cannot be decoded.', false);
const gap = () => new UnreadableUpdate('The update builds on structs that are not here.', true);

// More writers than this in one update is no ordinary resync.
const MAX_NEW_CLIENTS = 1000;

// Nothing that people write is nested like this.
const MAX_DEPTH = 100;

const isEmpty = (difference: Difference) =>
	difference.items.length === 0 && difference.deleted.length === 0 && difference.garbage === 0;

/**
 * The difference between `update` and `doc`, or null when there is none.
 * @throws {UnreadableUpdate}
 */
export const readUpdate = (doc: Y.Doc, update: Uint8Array): Difference | null =>
	finish(readPieces(doc, [update]));

/**
 * The same of an update in pieces (pieces.ts), the last of which holds all that is deleted; a step for each.
 * @throws {UnreadableUpdate}
 */
export function* readPieces(doc: Y.Doc, pieces: Uint8Array[]): Steps<Difference | null> {
	const last = decode(pieces.at(-1)!);
	const fresh = new Map<number, Struct[]>();
	const places = new Places(doc, fresh);
	const difference: Difference = { clients: [], items: [], deleted: [], garbage: 0, repeats: false };
	for (const [i, piece] of pieces.entries()) {
		const { structs } = i === pieces.length - 1 ? last : decode(piece);
		const taken = takeFresh(doc, structs, fresh);
		if (taken.length < structs.length) difference.repeats = true;
		for (const struct of taken) {
			const place = struct instanceof Y.Item ? places.of(struct) : null;
			if (!(struct instanceof Y.Item) || place === null) difference.garbage++;
			else {
				if (places.isContinued(struct, place)) difference.repeats = true;
				difference.items.push({
					item: struct,
					place,
					deleted: Y.isDeleted(last.ds, struct.id) || struct.content instanceof Y.ContentDeleted
				});
			}
		}
		yield;
	}
	for (const item of deletedItems(doc, last.ds, fresh)) {
		const place = places.of(item);
		if (place) difference.deleted.push({ item, place });
	}
	difference.clients.push(...fresh.keys());
	return isEmpty(difference) ? null : difference;
}

type Deletes = ReturnType<typeof Y.mergeDeleteSets>;

function decode(update: Uint8Array): { structs: Struct[]; ds: Deletes } {
	try {
		const { structs, ds } = Y.decodeUpdate(update);
		// a Skip is a hole: what follows it is judged by its own clock
		// ranges that lie over one another would be gone through again and again
		return {
			structs: structs.filter((struct): struct is Struct => !(struct instanceof Y.Skip)),
			ds: Y.mergeDeleteSets([ds])
		};
	} catch {
		throw undecodable();
	}
}

/** The structs that are new, each after those that it names; they are added to `fresh`, by client and without holes. */
function takeFresh(doc: Y.Doc, structs: Struct[], fresh: Map<number, Struct[]>): Struct[] {
	const stateOf = (client: number): number => {
		const last = fresh.get(client)?.at(-1);
		return last ? last.id.clock + last.length : Y.getState(doc.store, client);
	};
	const lists = new Map<number, Struct[]>();
	const reached = new Map<number, number>();
	for (const struct of structs) {
		const { client, clock } = struct.id;
		const state = reached.get(client) ?? stateOf(client);
		if (clock + struct.length <= state) continue;
		if (clock > state) throw gap();
		reached.set(client, clock + struct.length);
		const list = lists.get(client);
		if (list) list.push(struct);
		else lists.set(client, [struct]);
	}
	const ordered = orderStructs(lists, stateOf);
	if (!ordered) throw gap();
	for (const [client, list] of lists) fresh.set(client, (fresh.get(client) ?? []).concat(list));
	if (fresh.size > MAX_NEW_CLIENTS) throw new UnreadableUpdate('The update has too many writers.', false);
	return ordered;
}

const isSame = (one: Place, other: Place): boolean =>
	one.root === other.root && one.holder === other.holder && one.path.at(-1) === other.path.at(-1);

/** Finds where items stand, both those of the document and the new ones. */
class Places {
	readonly #doc: Y.Doc;
	readonly #fresh: Map<number, Struct[]>;
	readonly #found = new Map<Struct, Place | null>();
	constructor(doc: Y.Doc, fresh: Map<number, Struct[]>) {
		this.#doc = doc;
		this.#fresh = fresh;
	}

	/** null: beside or inside something that is gone, so it comes to nothing */
	of(item: Y.Item): Place | null {
		let place = this.#found.get(item);
		if (place === undefined) this.#found.set(item, (place = this.#find(item)));
		return place;
	}

	#find(item: Y.Item): Place | null {
		const parent = item.parent as unknown;
		if (typeof parent === 'string') return { root: parent, path: [item.parentSub], holder: null };
		if (parent instanceof Y.ID) return this.#inside(this.#struct(parent), item.parentSub);
		if (parent instanceof Y.AbstractType)
			return parent._item === null
				? { root: Y.findRootTypeKey(parent), path: [item.parentSub], holder: null }
				: this.#inside(parent._item, item.parentSub);
		return this.#beside(item);
	}

	#inside(holder: Struct, key: string | null): Place | null {
		if (!(holder instanceof Y.Item)) return null;
		const outer = this.of(holder);
		if (outer && outer.path.length > MAX_DEPTH) throw new UnreadableUpdate('An item stands too deep.', false);
		return outer && { root: outer.root, path: [...outer.path, key], holder };
	}

	/** An item between others stands where they stand: both, or Yjs would take the right one's word. */
	#beside(item: Y.Item): Place | null {
		const neighbours = [item.origin, item.rightOrigin].filter((id): id is Y.ID => id !== null);
		const places = neighbours.map((id) => {
			const struct = this.#struct(id);
			return struct instanceof Y.Item ? this.of(struct) : null;
		});
		const [first, second = first] = places;
		if (!first || !second) return null;
		if (!isSame(first, second)) throw new UnreadableUpdate('An item stands between two places.', false);
		return first;
	}

	/** Whether it is stored in part: then it goes on where that part stands, whatever it says itself. */
	isContinued({ id: { client, clock } }: Y.Item, place: Place): boolean {
		const state = Y.getState(this.#doc.store, client);
		if (clock >= state) return false;
		const before = Y.getItem(this.#doc.store, Y.createID(client, state - 1)) as Struct;
		const known = before instanceof Y.Item ? this.of(before) : null;
		if (!known || !isSame(known, place))
			throw new UnreadableUpdate('An item is not what is stored of it.', false);
		return true;
	}

	#struct(id: Y.ID): Struct {
		// what is stored of a struct goes before what is said of it
		if (id.clock < Y.getState(this.#doc.store, id.client)) return Y.getItem(this.#doc.store, id) as Struct;
		const list = this.#fresh.get(id.client)!;
		return list[Y.findIndexSS(list, id.clock)]!;
	}
}

/** The live items of the document that the ranges delete. */
function deletedItems(doc: Y.Doc, { clients }: Deletes, fresh: Map<number, Struct[]>): Y.Item[] {
	const found: Y.Item[] = [];
	for (const [client, list] of clients) {
		const state = Y.getState(doc.store, client);
		const last = fresh.get(client)?.at(-1);
		const end = last ? last.id.clock + last.length : state;
		const structs = doc.store.clients.get(client) ?? [];
		for (const { clock, len } of list) {
			if (clock + len > end) throw gap();
			if (clock >= state) continue;
			for (let i = Y.findIndexSS(structs, clock); i < structs.length; i++) {
				const struct = structs[i]!;
				if (struct.id.clock >= clock + len) break;
				if (struct instanceof Y.Item && !struct.deleted) found.push(struct);
			}
		}
	}
	return found;
}

/** The guard: an update → named changes → may this person make them? Nothing is applied here [G0, G13]. */
import { isDeepStrictEqual } from 'node:util';
import * as Y from 'yjs';
import type { Annotation } from '../src/lib/domain/annotation.ts';
import type { Change } from '../src/lib/domain/change.ts';
import type { Actor, Refusal } from '../src/lib/domain/policy.ts';
import { judge } from '../src/lib/domain/policy.ts';
import type { RoomAddress } from '../src/lib/domain/room.ts';
import { readAnnotation } from '../src/lib/ydoc/layer.ts';
import { finish, stepping, type Steps } from '../src/lib/server/steps.ts';
import { LayerChanges } from './layer-changes.ts';
import { readPieces, type Difference } from './read-update.ts';

/** What the guard has to know of a room. */
export interface Guarded {
	address: RoomAddress;
	doc: Y.Doc;
	/** clientID → principal, of everybody who has ever written here */
	clients: ReadonlyMap<number, string>;
	textLocked: boolean;
}

/** What an update comes to: nothing, a refusal, or changes that are permitted, under clientIDs that are new here. */
export type Verdict = { kind: 'nothing' } | { kind: 'refused'; refusal: Refusal } | Permitted;
export interface Permitted {
	kind: 'permitted';
	changes: Change[];
	newClients: number[];
	/** the update says again what is stored: that is to be left out (`withoutKnown`) */
	repeats: boolean;
}

/** @throws {UnreadableUpdate} */
export const judgeUpdate = (room: Guarded, actor: Actor, update: Uint8Array, now: number): Verdict =>
	finish(judgePieces(room, actor, [update], now));

/** Judges an update in pieces (pieces.ts), in steps. @throws {UnreadableUpdate} */
export function* judgePieces(room: Guarded, actor: Actor, pieces: Uint8Array[], now: number): Steps<Verdict> {
	const difference = yield* readPieces(room.doc, pieces);
	if (!difference) return { kind: 'nothing' };
	for (const client of difference.clients) {
		const owner = room.clients.get(client);
		if (owner !== undefined && owner !== actor.principal)
			return refused('G10', '-', String(client), 'This clientID belongs to somebody else.');
	}
	const named =
		room.address.kind === 'text'
			? nameTextChanges(difference)
			: yield* nameLayerChanges(room.doc, difference);
	if ('refusal' in named) return { kind: 'refused', refusal: named.refusal };
	const refusal = yield* judgeInSteps(room, actor, named.changes, now);
	if (refusal) return { kind: 'refused', refusal };
	return {
		kind: 'permitted',
		changes: named.changes,
		newClients: difference.clients.filter((client) => !room.clients.has(client)),
		repeats: difference.repeats
	};
}

/**
 * The update without the structs that the document has. Nobody has judged what it says of those: it may lie, and where
 * updates are merged the lie could take the place of the truth.
 */
export const withoutKnown = (doc: Y.Doc, update: Uint8Array): Uint8Array =>
	Y.diffUpdate(update, Y.encodeStateVector(doc));

/** The first refusal among changes that are made together, each judged as if those before it were made. */
export const judgeChanges = (
	room: Omit<Guarded, 'clients'>,
	actor: Actor,
	changes: Change[],
	now: number
): Refusal | null => finish(judgeInSteps(room, actor, changes, now));

function* judgeInSteps(
	room: Omit<Guarded, 'clients'>,
	actor: Actor,
	changes: Change[],
	now: number
): Steps<Refusal | null> {
	const { articleId } = room.address;
	const added = new Map<string, Annotation>();
	const find = (id: string | undefined) =>
		id === undefined ? undefined : (readAnnotation(room.doc, id) ?? added.get(id));
	for (const change of changes) if (change.kind === 'add') added.set(change.annotation, change.after);
	let refusal: Refusal | null = null;
	yield* stepping(changes, (change) => {
		if (refusal) return;
		const isNew = change.kind === 'add';
		const annotation =
			change.kind === 'text'
				? undefined
				: isNew
					? readAnnotation(room.doc, change.annotation)
					: find(change.annotation);
		const root = find(isNew ? change.after.replyTo : (annotation?.replyTo ?? annotation?.id));
		refusal = judge(actor, change, { articleId, now, textLocked: room.textLocked, annotation, root });
	});
	return refusal;
}

/** Whether one of the changes names a value before it that does not hold any more. */
export const isOvertaken = (doc: Y.Doc, changes: Change[]): boolean =>
	changes.some(
		(change) =>
			change.kind === 'set' &&
			'before' in change &&
			!isDeepStrictEqual(readAnnotation(doc, change.annotation)?.[change.key], change.before)
	);

type Named = { changes: Change[] } | { refusal: Refusal };

const refused = (rule: string, annotation: string, key: string, message: string) => ({
	kind: 'refused' as const,
	refusal: { rule, annotation, key, message }
});

/** In the text room everything in `content` is text; `article` is the server's. */
function nameTextChanges(difference: Difference): Named {
	const stray = [...difference.items, ...difference.deleted].find(({ place }) => place.root !== 'content');
	if (stray)
		return refused(
			'G1',
			'-',
			stray.place.root,
			'There is no such place in this room, or it is the server’s.'
		);
	return { changes: [{ kind: 'text' }] };
}

function* nameLayerChanges(doc: Y.Doc, difference: Difference): Steps<Named> {
	if (difference.garbage > 0)
		return refused('G1', '-', '-', 'Something was written and removed whole: its place is unknown.');
	const changes = new LayerChanges(doc);
	let refusal: Refusal | null = null;
	yield* stepping(difference.items, ({ item, place, deleted }) => {
		refusal ??= changes.write(place, deleted ? null : item.content);
	});
	yield* stepping(difference.deleted, ({ place }) => {
		refusal ??= changes.erase(place);
	});
	return refusal ? { refusal } : { changes: changes.named() };
}

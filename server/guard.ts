/** The guard: an update → named changes → may this person make them? Nothing is applied here [G0, G13]. */
import { isDeepStrictEqual } from 'node:util';
import type * as Y from 'yjs';
import type { Annotation } from '../src/lib/domain/annotation.ts';
import type { Change } from '../src/lib/domain/change.ts';
import type { Actor, Refusal } from '../src/lib/domain/policy.ts';
import { judge } from '../src/lib/domain/policy.ts';
import type { RoomAddress } from '../src/lib/domain/room.ts';
import { readAnnotation } from '../src/lib/ydoc/layer.ts';
import { LayerChanges } from './layer-changes.ts';
import { readUpdate, type Difference } from './read-update.ts';

/** What the guard has to know of a room. */
export interface Guarded {
	address: RoomAddress;
	doc: Y.Doc;
	/** clientID → principal, of everybody who has ever written here */
	clients: ReadonlyMap<number, string>;
	textLocked: boolean;
}

/** What an update comes to: nothing, a refusal, or changes that are permitted, under clientIDs that are new here. */
export type Verdict =
	| { kind: 'nothing' }
	| { kind: 'refused'; refusal: Refusal }
	| { kind: 'permitted'; changes: Change[]; newClients: number[] };

/** @throws {UnreadableUpdate} */
export function judgeUpdate(room: Guarded, actor: Actor, update: Uint8Array, now: number): Verdict {
	const difference = readUpdate(room.doc, update);
	if (!difference) return { kind: 'nothing' };
	for (const client of difference.clients) {
		const owner = room.clients.get(client);
		if (owner !== undefined && owner !== actor.principal)
			return refused('G10', '-', String(client), 'This clientID belongs to somebody else.');
	}
	const named =
		room.address.kind === 'text' ? nameTextChanges(difference) : nameLayerChanges(room.doc, difference);
	if ('refusal' in named) return { kind: 'refused', refusal: named.refusal };
	const refusal = judgeChanges(room, actor, named.changes, now);
	if (refusal) return { kind: 'refused', refusal };
	return {
		kind: 'permitted',
		changes: named.changes,
		newClients: difference.clients.filter((client) => !room.clients.has(client))
	};
}

/** The first refusal among changes that are made together, each judged as if those before it were made. */
export function judgeChanges(
	room: Omit<Guarded, 'clients'>,
	actor: Actor,
	changes: Change[],
	now: number
): Refusal | null {
	const { articleId } = room.address;
	const added = new Map<string, Annotation>();
	const find = (id: string | undefined) =>
		id === undefined ? undefined : (readAnnotation(room.doc, id) ?? added.get(id));
	for (const change of changes) if (change.kind === 'add') added.set(change.annotation, change.after);
	for (const change of changes) {
		const isNew = change.kind === 'add';
		const annotation =
			change.kind === 'text'
				? undefined
				: isNew
					? readAnnotation(room.doc, change.annotation)
					: find(change.annotation);
		const root = find(isNew ? change.after.replyTo : (annotation?.replyTo ?? annotation?.id));
		const refusal = judge(actor, change, { articleId, now, textLocked: room.textLocked, annotation, root });
		if (refusal) return refusal;
	}
	return null;
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

function nameLayerChanges(doc: Y.Doc, difference: Difference): Named {
	if (difference.garbage > 0)
		return refused('G1', '-', '-', 'Something was written and removed whole: its place is unknown.');
	const changes = new LayerChanges(doc);
	for (const { item, place, deleted } of difference.items) {
		const refusal = changes.write(place, deleted ? null : item.content);
		if (refusal) return { refusal };
	}
	for (const { place } of difference.deleted) {
		const refusal = changes.erase(place);
		if (refusal) return { refusal };
	}
	return { changes: changes.named() };
}

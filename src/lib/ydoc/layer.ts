/** The layer room: `annotations`, `reactions`, `people` (DESIGN.md, "The documents"). */
import * as Y from 'yjs';
import type { Annotation } from '../domain/annotation.ts';
import { isAnnotationKey, isValid } from '../domain/annotation.ts';
import type { Change } from '../domain/change.ts';
import type { People, Person } from '../domain/principal.ts';

export type Doc = Y.Doc;

export const annotationsOf = (doc: Doc): Y.Map<Y.Map<unknown>> => doc.getMap('annotations');
export const reactionsOf = (doc: Doc): Y.Map<true> => doc.getMap('reactions');
export const peopleOf = (doc: Doc): Y.Map<Person> => doc.getMap('people');

export const reactionKey = (annotation: string, principal: string, emoji: string) =>
	`${annotation} ${principal} ${emoji}`;

/** One annotation as plain data, or undefined. Keys this version does not know stay in the room and out of sight. */
export function readAnnotation(doc: Doc, id: string): Annotation | undefined {
	const entry = annotationsOf(doc).get(id);
	if (!(entry instanceof Y.Map)) return undefined;
	const annotation: Record<string, unknown> = {};
	for (const [key, value] of entry.entries())
		if (isAnnotationKey(key) && isValid(key, value)) annotation[key] = value;
	return annotation.id === id ? (annotation as unknown as Annotation) : undefined;
}

/** All annotations, deleted ones too, in no order. */
export const readAnnotations = (doc: Doc): Annotation[] => [...eachAnnotation(doc)];

/** The same one by one. */
export function* eachAnnotation(doc: Doc): Generator<Annotation> {
	for (const id of annotationsOf(doc).keys()) {
		const annotation = readAnnotation(doc, id);
		if (annotation) yield annotation;
	}
}

export const readPeople = (doc: Doc): People => peopleOf(doc).toJSON() as People;

/** Annotation id → emoji → principals. */
export function readReactions(doc: Doc): Record<string, Record<string, string[]>> {
	const found: Record<string, Record<string, string[]>> = {};
	for (const key of reactionsOf(doc).keys()) {
		const [annotation, principal, emoji] = key.split(' ');
		if (!annotation || !principal || !emoji) continue;
		((found[annotation] ??= {})[emoji] ??= []).push(principal);
	}
	return found;
}

/** Writes changes in one transaction. `origin` is the transaction's. Changes to what is not there are passed over. */
export function applyChanges(doc: Doc, changes: Change[], origin?: unknown): void {
	doc.transact(() => {
		for (const change of changes) applyChange(doc, change);
	}, origin);
}

function applyChange(doc: Doc, change: Change): void {
	switch (change.kind) {
		case 'add': {
			// an entry is never replaced [G4]
			if (annotationsOf(doc).has(change.annotation)) return;
			const given = Object.entries(change.after).filter(([, value]) => value !== undefined);
			annotationsOf(doc).set(change.annotation, new Y.Map(given));
			return;
		}
		case 'set': {
			const entry = annotationsOf(doc).get(change.annotation);
			if (!entry) return;
			if (change.after === undefined) entry.delete(change.key);
			else entry.set(change.key, change.after);
			return;
		}
		case 'react': {
			const key = reactionKey(change.annotation, change.principal, change.emoji);
			if (change.after) reactionsOf(doc).set(key, true);
			else reactionsOf(doc).delete(key);
			return;
		}
		case 'text':
			throw new Error('The text is changed in the text room, not by name.');
	}
}

/** Whether anything in the layer is marked as deleted: quicker to see than to read all of it. */
export function hasDeleted(doc: Doc): boolean {
	for (const entry of annotationsOf(doc).values())
		if (entry instanceof Y.Map && entry.has('deleted')) return true;
	return false;
}

/** Takes entries out of the layer, and the reactions to them. For the server alone [G4, G6]. */
export function purge(doc: Doc, ids: string[]): void {
	const gone = new Set(ids);
	doc.transact(() => {
		for (const id of ids) annotationsOf(doc).delete(id);
		for (const key of [...reactionsOf(doc).keys()])
			if (gone.has(key.split(' ')[0]!)) reactionsOf(doc).delete(key);
	});
}

/** Names the changes of an update in a layer room: which annotation, which key, which value [G0, G1]. */
import * as Y from 'yjs';
import {
	isAnnotationKey,
	isUuid,
	type Annotation,
	type AnnotationKey
} from '../src/lib/domain/annotation.ts';
import type { Change } from '../src/lib/domain/change.ts';
import type { Refusal } from '../src/lib/domain/policy.ts';
import { annotationsOf } from '../src/lib/ydoc/layer.ts';
import type { Place } from './read-update.ts';

type Content = Y.Item['content'];

/** Keys that an annotation gets in its later life, though somebody who was offline sends them along with it. */
const LATER: AnnotationKey[] = ['resolution', 'deleted', 'decision'];

export class LayerChanges {
	readonly #entries: ReturnType<typeof annotationsOf>;
	readonly #added = new Map<string, Record<string, unknown>>();
	/** `<annotation> <key>` → every value that was written there; only the last can stay, each is judged */
	readonly #sets = new Map<string, { annotation: string; key: AnnotationKey; values: unknown[] }>();
	readonly #reactions = new Map<string, Change>();

	constructor(doc: Y.Doc) {
		this.#entries = annotationsOf(doc);
	}

	/** An item is new at this place; without content where its value has been overwritten or removed since. */
	write(place: Place, content: Content | null): Refusal | null {
		const [id, key] = place.path;
		if (place.root === 'reactions' && place.path.length === 1) {
			if (content !== null && readValue(content) !== true)
				return refuse('G1', '-', id ?? '-', 'A reaction is true.');
			return this.#react(id, content !== null);
		}
		if (place.root !== 'annotations' || typeof id !== 'string') return unknownPlace(place);
		if (place.path.length === 1) return this.#add(id, content);
		if (place.path.length > 2 || typeof key !== 'string' || !isAnnotationKey(key)) return unknownPlace(place);
		const value = content && readValue(content);
		if (content && value === undefined) return refuse('G1', id, key, `${key} is of the wrong type.`);
		const added = this.#added.get(id);
		if (!added) return this.#set(id, key, content ? [value] : []);
		if (content === null) return null;
		if (key in added) return refuse('G1', id, key, 'A new annotation has each key once.');
		added[key] = value;
		return null;
	}

	/** What stood at this place is deleted. */
	erase(place: Place): Refusal | null {
		const [id, key] = place.path;
		if (place.root === 'reactions' && place.path.length === 1)
			return this.#reactions.has(id ?? '') ? null : this.#react(id, false);
		if (place.root !== 'annotations' || typeof id !== 'string') return unknownPlace(place);
		if (place.path.length === 1) return refuse('G4', id, 'id', 'An annotation is never removed.');
		if (place.path.length > 2 || typeof key !== 'string' || !isAnnotationKey(key)) return unknownPlace(place);
		// a new value deletes the one before it: one change
		return this.#set(id, key, []);
	}

	named(): Change[] {
		const changes: Change[] = [];
		for (const [id, values] of this.#added) changes.push(...nameAdded(id, values));
		for (const { annotation, key, values } of this.#sets.values()) {
			if (values.length === 0) changes.push({ kind: 'set', annotation, key });
			for (const after of values) changes.push({ kind: 'set', annotation, key, after });
		}
		return [...changes, ...this.#reactions.values()];
	}

	#add(id: string, content: Content | null): Refusal | null {
		if (!(content instanceof Y.ContentType) || !(content.type instanceof Y.Map) || !isUuid(id))
			return refuse('G1', id, 'id', 'An annotation is a map under its UUID.');
		if (this.#entries._map.has(id) || this.#added.has(id))
			return refuse('G4', id, 'id', 'An annotation is never replaced.');
		this.#added.set(id, {});
		return null;
	}

	#set(annotation: string, key: AnnotationKey, values: unknown[]): null {
		const name = `${annotation} ${key}`;
		const before = this.#sets.get(name);
		if (before) before.values.push(...values);
		else this.#sets.set(name, { annotation, key, values });
		return null;
	}

	#react(name: string | null | undefined, after: boolean): Refusal | null {
		const [annotation, principal, emoji, ...rest] = (name ?? '').split(' ');
		if (!annotation || !principal || !emoji || rest.length > 0 || emoji.length > 20)
			return refuse('G1', '-', name ?? '-', 'A reaction is named by annotation, principal and emoji.');
		this.#reactions.set(name!, { kind: 'react', annotation, principal, emoji, after });
		return null;
	}
}

function nameAdded(id: string, values: Record<string, unknown>): Change[] {
	const isLater = (key: string) =>
		LATER.includes(key as AnnotationKey) || (key === 'status' && values.status === 'resolved');
	const entries = Object.entries(values);
	const after = Object.fromEntries(entries.filter(([key]) => !isLater(key)));
	// the key in the map is the id; a record that says otherwise is refused as a missing id
	if (after.id !== id) delete after.id;
	return [
		{ kind: 'add', annotation: id, after: after as unknown as Annotation },
		...entries
			.filter(([key]) => isLater(key))
			.map(([key, after]): Change => ({ kind: 'set', annotation: id, key: key as AnnotationKey, after }))
	];
}

/** A plain value, or undefined for anything that no key may hold. */
function readValue(content: Content): unknown {
	if (content instanceof Y.ContentBinary) return content.content;
	if (content instanceof Y.ContentAny && content.arr.length === 1) return content.arr[0];
	return undefined;
}

const refuse = (rule: string, annotation: string, key: string, message: string): Refusal => ({
	rule,
	annotation,
	key,
	message
});

const unknownPlace = ({ root, path }: Place) =>
	refuse(
		'G1',
		String(path[0] ?? root),
		String(path[1] ?? root),
		'There is no such place in this room, or it is the server’s.'
	);

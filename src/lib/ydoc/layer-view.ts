/**
 * A layer as plain data that follows its document: after a change only what it touched is read again, and what it did not
 * touch stays the same object, so that whoever draws it sees what is new by comparing.
 */
import * as Y from 'yjs';
import type { Annotation } from '../domain/annotation.ts';
import type { People } from '../domain/principal.ts';
import type { Reactions } from '../domain/reaction.ts';
import { annotationsOf, peopleOf, reactionsOf, readAnnotation, readPeople, type Doc } from './layer.ts';

export class LayerView {
	readonly #doc: Doc;
	readonly #annotations = new Map<string, Annotation>();
	readonly #reactions = new Map<string, Reactions>();
	#people: People | null = null;
	/** ids of annotations that have changed since the last reading; null: everything */
	#stale: Set<string> | null = null;
	#reacted: Set<string> | null = null;
	#stop: (() => void)[] = [];

	/** @param changed is called after every transaction that changed the layer */
	constructor(doc: Doc, changed: () => void) {
		this.#doc = doc;
		this.#observe(annotationsOf(doc), (events) => {
			for (const event of events) {
				const [id] = event.path;
				if (id !== undefined) this.#stale?.add(String(id));
				else for (const key of event.keys.keys()) this.#stale?.add(key);
			}
			changed();
		});
		this.#observe(reactionsOf(doc), (events) => {
			for (const { keys } of events) for (const key of keys.keys()) this.#reacted?.add(key.split(' ')[0]!);
			changed();
		});
		this.#observe(peopleOf(doc), () => {
			this.#people = null;
			changed();
		});
	}

	/** All annotations, deleted ones too, in no order; brought up to date. */
	read(): { annotations: Annotation[]; reactions: ReadonlyMap<string, Reactions>; people: People } {
		for (const id of this.#stale ?? annotationsOf(this.#doc).keys()) {
			const annotation = readAnnotation(this.#doc, id);
			if (annotation) this.#annotations.set(id, annotation);
			else this.#annotations.delete(id);
		}
		this.#stale = new Set();
		this.#readReactions();
		return {
			annotations: [...this.#annotations.values()],
			reactions: new Map(this.#reactions),
			people: (this.#people ??= readPeople(this.#doc))
		};
	}

	stop(): void {
		for (const stop of this.#stop) stop();
	}

	#readReactions(): void {
		if (this.#reacted?.size === 0) return;
		const touched = this.#reacted;
		const found = new Map<string, Record<string, string[]>>();
		for (const key of reactionsOf(this.#doc).keys()) {
			const [annotation, principal, emoji] = key.split(' ');
			if (!annotation || !principal || !emoji || (touched && !touched.has(annotation))) continue;
			const of = found.get(annotation) ?? {};
			(of[emoji] ??= []).push(principal);
			found.set(annotation, of);
		}
		for (const id of touched ?? []) this.#reactions.delete(id);
		for (const [id, reactions] of found) this.#reactions.set(id, reactions);
		this.#reacted = new Set();
	}

	#observe<T>(type: Y.Map<T>, listener: (events: Y.YEvent<Y.Map<unknown>>[]) => void): void {
		const observer = listener as Parameters<typeof type.observeDeep>[0];
		type.observeDeep(observer);
		this.#stop.push(() => type.unobserveDeep(observer));
	}
}

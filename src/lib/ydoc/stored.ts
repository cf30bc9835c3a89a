/** What stored updates say, read without a room: for what must see exactly what is stored, such as finishing. */
import * as Y from 'yjs';
import type { Annotation } from '../domain/annotation.ts';
import { resolveRange, type Range } from '../domain/selector.ts';
import { decodeAnchor } from './anchor.ts';
import { readAnnotations, readReactions } from './layer.ts';
import { blocksOf, readText } from './text.ts';

export interface StoredText {
	text: string;
	/** where an annotation stands in the text; null: an orphan, or a note on the whole article */
	rangeOf(annotation: Annotation): Range | null;
}

export const readStoredText = (updates: Uint8Array[]): StoredText => readTextOf(docOf(updates));

/** The text as the document has it now. */
export function readTextOf(doc: Y.Doc): StoredText {
	const text = readText(doc);
	const blocks = blocksOf(doc);
	return {
		text,
		rangeOf(annotation) {
			const { start, end } = annotation;
			const relative = start && end ? decodeAnchor(doc, start, end, blocks) : null;
			return resolveRange(text, annotation, relative);
		}
	};
}

export function readStoredLayer(updates: Uint8Array[]) {
	const doc = docOf(updates);
	return { annotations: readAnnotations(doc), reactions: readReactions(doc) };
}

function docOf(updates: Uint8Array[]): Y.Doc {
	const doc = new Y.Doc();
	doc.transact(() => {
		for (const update of updates) Y.applyUpdate(doc, update);
	});
	return doc;
}

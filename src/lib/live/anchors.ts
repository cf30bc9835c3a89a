/** Where annotations stand in the text of the moment. One for each state of the text; it remembers what it has found. */
import type { Annotation } from '../domain/annotation.ts';
import { describe, resolveRange, type Range } from '../domain/selector.ts';
import { decodeAnchor, encodeAnchor } from '../ydoc/anchor.ts';
import type { Doc } from '../ydoc/layer.ts';
import { blocksOf, type Block } from '../ydoc/text.ts';
import type { Anchor } from './actions.ts';

export class Anchors {
	#doc: Doc;
	#text: string;
	#blocks: Block[];
	#found = new Map<string, { of: Annotation; range: Range | null }>();

	constructor(doc: Doc, text: string) {
		this.#doc = doc;
		this.#text = text;
		this.#blocks = blocksOf(doc);
	}

	/** The range of an annotation in UTF-16 units; null: an orphan, or a note on the whole article. */
	rangeOf = (annotation: Annotation): Range | null => {
		const known = this.#found.get(annotation.id);
		if (known && (known.of === annotation || sameAnchor(known.of, annotation))) return known.range;
		const { start, end } = annotation;
		const relative = start && end ? decodeAnchor(this.#doc, start, end, this.#blocks) : null;
		const range = resolveRange(this.#text, annotation, relative);
		this.#found.set(annotation.id, { of: annotation, range });
		return range;
	};

	/** A range as an annotation keeps it. @throws {RangeError} when it is empty or outside */
	describe({ from, to }: Range): Anchor {
		const described = describe(this.#text, from, to);
		return { ...described, ...encodeAnchor(this.#doc, described) };
	}
}

const KEYS = ['start', 'end', 'exact', 'prefix', 'suffix', 'from'] as const;
// bytes too: an unchanged value of the room is the same object each time it is read
const sameAnchor = (a: Annotation, b: Annotation) => KEYS.every((key) => a[key] === b[key]);

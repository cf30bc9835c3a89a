/**
 * Anchors as relative positions in the text room. Start anchors stick to the right, end anchors to the left
 * (STACK.md, "What Yjs positions survive").
 */
import * as Y from 'yjs';
import { blocksOf, type Block } from './text.ts';

export interface Range {
	from: number;
	to: number;
}

/** Encoded relative positions of a range of the plain text; null when it lies outside. */
export function encodeAnchor(doc: Y.Doc, range: Range): { start: Uint8Array; end: Uint8Array } | null {
	const blocks = blocksOf(doc);
	const start = relativeAt(blocks, range.from, 0);
	const end = relativeAt(blocks, range.to, -1);
	return start && end ? { start, end } : null;
}

/** The range that relative positions name now, or null when they are lost. */
export function decodeAnchor(
	doc: Y.Doc,
	start: Uint8Array,
	end: Uint8Array,
	blocks: Block[] = blocksOf(doc)
): Range | null {
	const from = absoluteOf(doc, blocks, start);
	const to = absoluteOf(doc, blocks, end);
	return from === null || to === null || to < from ? null : { from, to };
}

function relativeAt(blocks: Block[], offset: number, assoc: 0 | -1): Uint8Array | null {
	const block = blocks.find(({ from, text }) => offset >= from && offset <= from + text.length);
	if (!block) return null;
	let index = offset - block.from;
	for (const text of block.texts) {
		// an end at the seam belongs to the text before it, a start to the text after it
		if (assoc === 0 ? index < text.length : index <= text.length)
			return Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(text, index, assoc));
		index -= text.length;
	}
	const last = block.texts.at(-1);
	return last
		? Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(last, last.length, assoc))
		: null;
}

function absoluteOf(doc: Y.Doc, blocks: Block[], encoded: Uint8Array): number | null {
	let position: Y.AbsolutePosition | null;
	try {
		position = Y.createAbsolutePositionFromRelativePosition(Y.decodeRelativePosition(encoded), doc);
	} catch {
		return null; // bytes of another program that are no position
	}
	if (!position) return null;
	for (const block of blocks) {
		let before = block.from;
		for (const text of block.texts) {
			if (text === position.type) return before + position.index;
			before += text.length;
		}
	}
	return null;
}

/**
 * Offsets in the article's plain text ↔ positions in its ProseMirror document. The plain text is the text of all
 * textblocks joined by one line feed (as in ydoc/text.ts); offsets are UTF-16 units.
 */
import type { Node } from '@tiptap/pm/model';

/** A stretch in which offset and position go up together. An empty block is a run of length 0. */
interface Run {
	offset: number;
	position: number;
	length: number;
}

export interface PositionMap {
	runs: Run[];
	text: string;
}

export interface TextRange {
	from: number;
	to: number;
}

const maps = new WeakMap<Node, PositionMap>();

/** The map of a document; made once for each. */
export function positionMap(doc: Node): PositionMap {
	let map = maps.get(doc);
	if (!map) maps.set(doc, (map = makeMap(doc)));
	return map;
}

function makeMap(doc: Node): PositionMap {
	const runs: Run[] = [];
	const lines: string[] = [];
	let offset = 0;
	doc.descendants((node, position) => {
		// a rule is a block without text: one empty line, as the text room counts it
		if (!node.isTextblock && !(node.isBlock && node.isLeaf)) return true;
		const line = addBlock(runs, node, position + (node.isLeaf ? 0 : 1), offset);
		lines.push(line);
		offset += line.length + 1;
		return false;
	});
	return { runs, text: lines.join('\n') };
}

function addBlock(runs: Run[], block: Node, start: number, from: number): string {
	let run: Run = { offset: from, position: start, length: 0 };
	let line = '';
	runs.push(run);
	block.forEach((child, index) => {
		if (!child.isText) return; // a hard break has a position and no text
		const position = start + index;
		if (run.position + run.length !== position) {
			if (run.length === 0) runs.pop();
			runs.push((run = { offset: from + line.length, position, length: 0 }));
		}
		line += child.text;
		run.length += child.text!.length;
	});
	return line;
}

/**
 * The position of an offset; one outside the text gets the nearest.
 * @param side at a seam inside a line: a `start` belongs to what follows it, an `end` to what stands before
 */
export function toPosition({ runs }: PositionMap, offset: number, side: 'start' | 'end' = 'start'): number {
	const index = Math.max(
		lastIndex(runs, (one) => one.offset <= offset),
		0
	);
	let run = runs[index];
	if (!run) return 0;
	const before = runs[index - 1];
	if (side === 'end' && before && before.offset + before.length === offset) run = before;
	return run.position + Math.min(Math.max(offset - run.offset, 0), run.length);
}

/** The offset of a position; one between two lines belongs to the end of the first. */
export function toOffset({ runs }: PositionMap, position: number): number {
	const run = runs[lastIndex(runs, (one) => one.position <= position)];
	return run ? run.offset + Math.min(position - run.position, run.length) : 0;
}

/** Index of the last run for which `holds`; it must hold for a head of the list and for nothing after. */
function lastIndex(runs: Run[], holds: (run: Run) => boolean): number {
	let low = 0;
	let high = runs.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (holds(runs[middle]!)) low = middle + 1;
		else high = middle;
	}
	return low - 1;
}

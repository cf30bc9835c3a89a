/** Which part of the article stands on the screen, and where on the screen a part of it stands. */
import type { Editor } from '@tiptap/core';
import { positionMap, toOffset, toPosition, type TextRange } from './position-map.ts';

/**
 * The part of the plain text between two heights of the screen (px from its top), to about a line; null: none of it. Told by
 * the boxes of the blocks: what lies over the text does not matter.
 */
export function textBetween({ state, view }: Editor, top: number, bottom: number): TextRange | null {
	const map = positionMap(state.doc);
	let [from, to, start] = [Infinity, -1, 0];
	state.doc.forEach((node, position) => {
		const end = Math.max(start, toOffset(map, position + node.nodeSize - 1));
		const element = view.nodeDOM(position);
		const box = element instanceof Element ? element.getBoundingClientRect() : null;
		if (box && box.height > 0 && box.bottom > top && box.top < bottom) {
			const at = (y: number) => start + share(y, box) * (end - start);
			from = Math.min(from, Math.floor(at(top)));
			to = Math.max(to, Math.ceil(at(bottom)));
		}
		start = end + 1;
	});
	return to < 0 ? null : { from, to };
}

const share = (y: number, { top, height }: DOMRect) => Math.min(Math.max((y - top) / height, 0), 1);

/** px from the top of the screen to the line of an offset */
export function topOf({ state, view }: Editor, offset: number): number {
	return view.coordsAtPos(toPosition(positionMap(state.doc), offset)).top;
}

/** px from the top of the screen to somebody's caret; null: they show none */
export function topOfCaret({ view }: Editor, principal: string): number | null {
	const caret = view.dom.querySelector(`[data-principal="${CSS.escape(principal)}"]`);
	return caret?.getBoundingClientRect().top ?? null;
}

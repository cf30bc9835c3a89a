/** Moves the browser's own selection in a text that is only read. */
import type { EditorView } from '@tiptap/pm/view';
import type { Move } from './caret-keys.ts';

/** Moves the browser's selection inside `dom` and never out of it. */
export function makeMove(dom: HTMLElement, { alter, to, by }: Move): void {
	const selection = getSelection();
	if (!selection?.focusNode || !selection.anchorNode) return;
	if (to === 'all') return selection.selectAllChildren(dom);
	if (to === 'start' || to === 'end') {
		const offset = to === 'start' ? 0 : dom.childNodes.length;
		if (alter === 'extend') selection.extend(dom, offset);
		else selection.collapse(dom, offset);
		return;
	}
	const { anchorNode, anchorOffset, focusNode, focusOffset } = selection;
	selection.modify(alter, to, by);
	if (dom.contains(selection.focusNode) && dom.contains(selection.anchorNode)) return;
	selection.setBaseAndExtent(anchorNode, anchorOffset, focusNode, focusOffset);
}

/** A caret that is out of view is taken from its edges; what stands over the page covers some px of it. */
const COVERED = { top: 110, bottom: 40 };

/** Scrolls by most of a page, and the caret goes with it: it stays where it was on the screen. */
export function turnPage(view: EditorView, { alter, to }: Move): void {
	const selection = getSelection();
	if (!selection?.focusNode) return;
	const { left, top, bottom } = view.coordsAtPos(view.posAtDOM(selection.focusNode, selection.focusOffset));
	const middle = Math.min(Math.max((top + bottom) / 2, COVERED.top), innerHeight - COVERED.bottom);
	const far = (innerHeight - COVERED.top - COVERED.bottom) * 0.85 * (to === 'forward' ? 1 : -1);
	const before = scrollY;
	scrollBy({ top: far, behavior: 'instant' });
	// the end of the page stops it early: the caret goes the rest
	const rest = far - (scrollY - before);
	const text = view.dom.getBoundingClientRect();
	const y = middle + rest;
	const found = y > text.top && y < text.bottom ? view.posAtCoords({ left, top: y }) : null;
	const end = to === 'forward' ? view.state.doc.content.size - 1 : 1;
	const { node, offset } = view.domAtPos(found?.pos ?? end);
	if (alter === 'extend') selection.extend(node, offset);
	else selection.collapse(node, offset);
}

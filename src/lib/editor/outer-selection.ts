/**
 * A selection that leaves the text, or begins outside it. The editor heeds none of these and would keep the one before: then
 * other words would be marked than those that look selected. Here what of it lies in the text counts; and when it has gone
 * elsewhere, nothing is selected.
 */
import { Extension } from '@tiptap/core';
import { Plugin, TextSelection } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';

export const OuterSelection = Extension.create({
	name: 'outerSelection',
	addProseMirrorPlugins: () => [
		new Plugin({
			view: (view) => {
				const listening = new AbortController();
				const { signal } = listening;
				let dragging = false;
				const press = ({ pointerType, button }: PointerEvent) =>
					(dragging = pointerType === 'mouse' && button === 0);
				const move = (event: PointerEvent) => dragging && reach(view, event);
				view.dom.addEventListener('pointerdown', press, { signal });
				document.addEventListener('pointermove', move, { signal });
				document.addEventListener('pointerup', () => (dragging = false), { signal });
				document.addEventListener('selectionchange', () => select(view, outer(view)), { signal });
				return { destroy: () => listening.abort() };
			}
		})
	]
});

/**
 * A mouse that is dragged beside the text goes on selecting in the line that is level with it: the browser would select all up to
 * the margin, which comes after the last word. It does so after this event, so the end is set right before the next picture.
 */
function reach(view: EditorView, { target, buttons, clientX, clientY }: PointerEvent): void {
	if (!(buttons & 1) || view.dom.contains(target as Node)) return;
	requestAnimationFrame(() => {
		const selection = getSelection();
		if (!view.dom.contains(selection?.anchorNode ?? null)) return;
		const { left, right, top, bottom } = view.dom.getBoundingClientRect();
		const inside = (at: number, from: number, to: number) => Math.min(Math.max(at, from + 1), to - 1);
		const y = inside(clientY, Math.max(top, 0), Math.min(bottom, innerHeight));
		const found = view.posAtCoords({ left: inside(clientX, left, right), top: y });
		if (!found) return;
		const { node, offset } = view.domAtPos(found.pos);
		selection!.extend(node, offset);
	});
}

/** What does something with the selected words, and takes the browser's selection or the focus for that. */
const USES = 'dialog, [role="dialog"], [role="toolbar"]';
const elementOf = (node: Node | null) => (node instanceof Element ? node : node?.parentElement);

/** What the browser's selection means for the text; null: nothing, or what the editor sees to itself. */
function outer(view: EditorView): TextSelection | null {
	const { anchorNode, focusNode, isCollapsed, rangeCount } = getSelection()!;
	const [begins, ends] = [anchorNode, focusNode].map((node) => view.dom.contains(node));
	const { doc, selection } = view.state;
	if (begins && ends) return null;
	if (begins || ends) {
		if (isCollapsed || rangeCount === 0) return null;
		const { startContainer, startOffset, endContainer, endOffset } = getSelection()!.getRangeAt(0);
		const at = (node: Node, offset: number, otherwise: number) =>
			doc.resolve(view.dom.contains(node) ? view.posAtDOM(node, offset) : otherwise);
		return TextSelection.between(
			at(startContainer, startOffset, 0),
			at(endContainer, endOffset, doc.content.size)
		) as TextSelection;
	}
	const used = [elementOf(anchorNode), document.activeElement].some((one) => one?.closest(USES));
	if (used || view.hasFocus()) return null;
	return TextSelection.near(selection.$head) as TextSelection;
}

function select(view: EditorView, selection: TextSelection | null): void {
	const { tr, selection: before } = view.state;
	if (selection && !selection.eq(before)) view.dispatch(tr.setSelection(selection));
}

/** The article in a read-only Tiptap editor that follows the text room. */
import { Editor } from '@tiptap/core';
import { Collaboration } from '@tiptap/extension-collaboration';
import { CollaborationCaret } from '@tiptap/extension-collaboration-caret';
import { TextSelection } from '@tiptap/pm/state';
import { CONTENT } from '#lib/ydoc/text.ts';
import type { Doc } from '#lib/ydoc/layer.ts';
import { CaretBrowsing } from './caret-browsing.ts';
import { extensions } from './extensions.ts';
import { Highlights } from './highlights.ts';
import { OuterSelection } from './outer-selection.ts';
import { positionMap, toOffset, toPosition, type TextRange } from './position-map.ts';
import { presenceCaret, presenceSelection, type PresentUser } from './presence-caret.ts';
import { RepeatedHead } from './repeated-head.ts';
import { trimRange } from './trim-range.ts';

export type ArticleEditor = Editor;

export interface ArticleEditorOptions {
	element: HTMLElement;
	/** synced: an editor fills an empty document */
	doc: Doc;
	/** the provider of the text room, for its awareness */
	provider: { awareness: unknown };
	user: PresentUser;
	/** the passage picked, in the plain text; null when there is none */
	onselect: (range: TextRange | null) => void;
}

export function createArticleEditor({
	element,
	doc,
	provider,
	user,
	onselect
}: ArticleEditorOptions): Editor {
	return new Editor({
		element,
		editable: false,
		extensions: [
			...extensions(),
			Collaboration.configure({ document: doc, field: CONTENT }),
			CollaborationCaret.configure({
				provider,
				user,
				render: presenceCaret,
				selectionRender: presenceSelection
			}),
			Highlights,
			RepeatedHead,
			CaretBrowsing,
			OuterSelection
		],
		editorProps: {
			attributes: {
				// without tabindex a text that is only read publishes no caret and takes no key
				tabindex: '0',
				role: 'document',
				'aria-label': 'Article text',
				class: 'article-words'
			}
		},
		onSelectionUpdate: ({ editor }) => onselect(selectedRange(editor))
	});
}

/** The passage that is selected, without white space at its ends. */
export function selectedRange(editor: Editor): TextRange | null {
	const { doc, selection } = editor.state;
	const map = positionMap(doc);
	return trimRange(map.text, { from: toOffset(map, selection.from), to: toOffset(map, selection.to) });
}

/** Selects nothing, in editor and browser: else the same words, selected once more, would be no change. */
export function collapseSelection({ view }: Editor): void {
	const { tr, selection } = view.state;
	view.dispatch(tr.setSelection(TextSelection.near(selection.$head)));
	// the editor leaves it alone while the focus is elsewhere
	if (!getSelection()?.isCollapsed) getSelection()?.removeAllRanges();
}

/** Where the caret is, in the plain text. */
export const caretOffset = ({ state }: Editor): number =>
	toOffset(positionMap(state.doc), state.selection.head);

/** Puts the caret there, and the focus into the text. */
export function placeCaret({ view }: Editor, offset: number): void {
	const position = toPosition(positionMap(view.state.doc), offset, 'start');
	view.dom.focus({ preventScroll: true });
	const { node, offset: inNode } = view.domAtPos(position);
	getSelection()?.collapse(node, inNode);
	// the editor would hear of it a moment later
	view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, position)));
}

/** Where a passage stands on the screen: the top of its first line and the bottom of its last, and their outer ends. */
export function passageBox(
	editor: Editor,
	{ from, to }: TextRange
): { top: number; bottom: number; start: number; left: number } {
	const map = positionMap(editor.state.doc);
	const start = editor.view.coordsAtPos(toPosition(map, from, 'start'), 1);
	const end = editor.view.coordsAtPos(toPosition(map, to, 'end'), -1);
	return { top: start.top, bottom: end.bottom, start: start.left, left: end.left };
}

/** A block of the text: the offsets of its words, and where it stands on the screen. */
export interface BlockBox {
	from: number;
	to: number;
	top: number;
	height: number;
}

/** The textblocks in order; one look at the page for each. */
export function blockBoxes({ state, view }: Editor): BlockBox[] {
	const map = positionMap(state.doc);
	const boxes: BlockBox[] = [];
	state.doc.descendants((node, position) => {
		if (!node.isTextblock) return true;
		const element = view.nodeDOM(position);
		if (!(element instanceof HTMLElement)) return false;
		const { top, height } = element.getBoundingClientRect();
		const from = toOffset(map, position + 1);
		boxes.push({ from, to: toOffset(map, position + 1 + node.content.size), top, height });
		return false;
	});
	return boxes;
}

/** Ids of the annotations whose passages hold the element, innermost first. */
export function annotationsAt(target: EventTarget | null): string[] {
	const ids: string[] = [];
	let element = target instanceof Element ? target.closest<HTMLElement>('[data-annotation]') : null;
	while (element) {
		ids.push(element.dataset.annotation!);
		element = element.parentElement?.closest<HTMLElement>('[data-annotation]') ?? null;
	}
	return ids;
}

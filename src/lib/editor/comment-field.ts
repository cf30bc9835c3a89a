/** The field in which a comment is written: a small editor whose value is Markdown. */
import { Editor } from '@tiptap/core';
import { Selection } from '@tiptap/pm/state';
import { askedAt, type Asked } from './asked.ts';
import { cleanHtml, textSlice } from './clean-paste.ts';
import { toContent } from './comment-content.ts';
import { toMarkdown } from './comment-markdown.ts';
import { commentExtensions } from './comment-schema.ts';

export type CommentEditor = Editor;

export interface CommentFieldOptions {
	element: HTMLElement;
	/** the name of the field */
	label: string;
	/** Markdown */
	words: string;
	onchange: (words: string) => void;
	/** the caret or what stands around it has changed */
	onmoved: () => void;
	/** Before the editor sees a key. @returns whether that was all */
	onkey: (event: KeyboardEvent) => boolean;
}

/** Opens with the caret behind the last word. */
export function createCommentField({ element, label, words, ...on }: CommentFieldOptions): CommentEditor {
	const editor = new Editor({
		element,
		extensions: commentExtensions(),
		content: toContent(words),
		// signs in what is pasted mean nothing
		enablePasteRules: false,
		editorProps: {
			attributes: {
				role: 'textbox',
				'aria-multiline': 'true',
				'aria-label': label,
				'aria-autocomplete': 'list',
				class: 'comment-text'
			},
			handleDOMEvents: {
				keydown: (_view, event) => {
					// the page's own keys are not meant
					event.stopPropagation();
					// Tab leaves the field, wherever the caret is
					return event.key === 'Tab' && (on.onkey(event), true);
				}
			},
			// after the editor has seen where the caret is
			handleKeyDown: (_view, event) => on.onkey(event),
			transformPastedHTML: cleanHtml,
			clipboardTextParser: (text, $context) => textSlice($context.doc.type.schema, text)
		},
		onUpdate: ({ editor }) => on.onchange(toMarkdown(editor.state.doc)),
		onTransaction: ({ transaction }) => {
			// not for the focus that comes and goes
			const { docChanged, selectionSet, storedMarksSet } = transaction;
			if (docChanged || selectionSet || storedMarksSet) on.onmoved();
		}
	});
	const { state, view } = editor;
	view.dispatch(state.tr.setSelection(Selection.atEnd(state.doc)));
	view.focus();
	return editor;
}

/** Other words than those that somebody has written: nothing of theirs can be taken back into it. */
export const setWords = (editor: CommentEditor, words: string): void =>
	void editor.commands.setContent(toContent(words), { emitUpdate: false });

export const isBlank = ({ state: { doc } }: CommentEditor): boolean =>
	doc.childCount === 1 && doc.firstChild!.type.name === 'paragraph' && doc.firstChild!.content.size === 0;

export const asked = (editor: CommentEditor, wanted: number | null): Asked | null =>
	askedAt(editor.state, wanted);

/** Where a position stands on the screen. */
export const boxAt = (editor: CommentEditor, position: number) => editor.view.coordsAtPos(position);

/** Puts the sign at the caret, so that its list opens. @returns its position */
export function ask(editor: CommentEditor, sign: Asked['sign']): number {
	const { $from, from, to } = editor.state.selection;
	const before = $from.parent.textBetween(Math.max(0, $from.parentOffset - 1), $from.parentOffset, '', ' ');
	const words = (before.trim() === '' ? '' : ' ') + sign;
	editor.chain().focus().insertContentAt({ from, to }, { type: 'text', text: words }).run();
	return editor.state.selection.from - 1;
}

export function putEmoji(editor: CommentEditor, { from, to }: Asked, emoji: string): void {
	editor.chain().focus().insertContentAt({ from, to }, { type: 'text', text: emoji }).run();
}

export function putMention(
	editor: CommentEditor,
	{ from, to }: Asked,
	{ principal, name }: { principal: string; name: string }
): void {
	const spaced = /^\s/.test(
		editor.state.doc.textBetween(to, Math.min(to + 1, editor.state.doc.content.size))
	);
	const mention = { type: 'mention', attrs: { principal, name } };
	editor
		.chain()
		.focus()
		.insertContentAt({ from, to }, spaced ? [mention] : [mention, { type: 'text', text: ' ' }])
		.run();
}

/** What the row of tools below a comment's field does. */
import { safeHref } from '#lib/domain/comment-link.ts';
import type { CommentEditor } from './comment-field.ts';

export interface Tool {
	name: string;
	/** for people, and as aria-keyshortcuts says it */
	keys?: [shown: string, aria: string];
	isOn: (editor: CommentEditor) => boolean;
	run: (editor: CommentEditor) => void;
}

export const TOOLS = {
	bold: {
		name: 'Bold',
		keys: ['Ctrl/⌘ B', 'Control+B Meta+B'],
		isOn: (editor) => editor.isActive('bold'),
		run: (editor) => editor.chain().focus().toggleBold().run()
	},
	italic: {
		name: 'Italic',
		keys: ['Ctrl/⌘ I', 'Control+I Meta+I'],
		isOn: (editor) => editor.isActive('italic'),
		run: (editor) => editor.chain().focus().toggleItalic().run()
	},
	list: {
		name: 'List',
		keys: ['Ctrl/⌘ Shift 8', 'Control+Shift+8 Meta+Shift+8'],
		isOn: (editor) => editor.isActive('bulletList'),
		run: (editor) => editor.chain().focus().toggleBulletList().run()
	},
	quote: {
		name: 'Quote',
		keys: ['Ctrl/⌘ Shift 9', 'Control+Shift+9 Meta+Shift+9'],
		isOn: (editor) => editor.isActive('blockquote'),
		run: (editor) => editor.chain().focus().toggleBlockquote().run()
	},
	code: {
		name: 'Code',
		keys: ['Ctrl/⌘ E', 'Control+E Meta+E'],
		isOn: (editor) => editor.isActive('code') || editor.isActive('codeBlock'),
		/** what reaches over several paragraphs becomes a block of code */
		run: (editor) => {
			const { $from, $to } = editor.state.selection;
			const block = editor.isActive('codeBlock') || !$from.sameParent($to);
			const chain = editor.chain().focus();
			(block ? chain.toggleCodeBlock() : chain.toggleCode()).run();
		}
	}
} satisfies Record<string, Tool>;

/** Where the link under the caret goes; empty when there is none. */
export const linkAt = (editor: CommentEditor): string => editor.getAttributes('link').href ?? '';

/** The address somebody typed, with https:// where they left it out; null: it cannot be a link. */
export function addressOf(typed: string): string | null {
	const words = typed.trim();
	if (words === '' || /\s/.test(words)) return null;
	if (/^[\w.+-]+@[\w-]+(\.[\w-]+)+$/.test(words)) return safeHref(`mailto:${words}`);
	if (/^(https?:\/\/|mailto:)/i.test(words)) return safeHref(words);
	return /^[\w-]+(\.[\w-]+)+([/?#:]|$)/.test(words) ? safeHref(`https://${words}`) : null;
}

/** Makes the selected words (or the address itself, where none are) a link; null takes the link away. */
export function setLink(editor: CommentEditor, href: string | null): void {
	const chain = editor.chain().focus().extendMarkRange('link');
	if (href === null) chain.unsetLink().run();
	else if (editor.state.selection.empty && !editor.isActive('link'))
		chain
			.insertContent({ type: 'text', text: href, marks: [{ type: 'link', attrs: { href } }] })
			.unsetMark('link')
			.run();
	else chain.setLink({ href }).run();
}

/** What can stand in a comment while it is written: exactly what its Markdown can say. */
import { Extension, InputRule, Node, type Extensions } from '@tiptap/core';
import { StarterKit } from '@tiptap/starter-kit';
import { safeHref } from '#lib/domain/comment-link.ts';
import { isPrincipal } from '#lib/domain/principal.ts';

/** Somebody who is spoken to; one piece, that is deleted as one. */
const Mention = Node.create({
	name: 'mention',
	group: 'inline',
	inline: true,
	atom: true,
	addAttributes: () => ({ principal: { default: null }, name: { default: '' } }),
	parseHTML: () => [
		{
			tag: 'span[data-principal]',
			getAttrs: ({ dataset, textContent }) =>
				isPrincipal(dataset.principal) && {
					principal: dataset.principal,
					name: textContent.replace(/^@/, '')
				}
		}
	],
	renderHTML: ({ node: { attrs } }) => [
		'span',
		{ class: 'mention', 'data-principal': attrs.principal },
		`@${attrs.name}`
	],
	renderText: ({ node }) => `@${node.attrs.name}`
});

/** Beside Tiptap's own; Tab is not among them, since it leaves the field. */
const Keys = Extension.create({
	name: 'commentKeys',
	addKeyboardShortcuts() {
		// asked for anew each time: commands belong to the state in which they are taken
		const { editor } = this;
		return {
			'Mod-Shift-9': () => editor.commands.toggleBlockquote(),
			'Mod-]': () => editor.commands.sinkListItem('listItem'),
			'Mod-[': () => editor.commands.liftListItem('listItem')
		};
	},
	/** `[words](address)`, for those who know Markdown; its other signs are Tiptap's own rules */
	addInputRules: () => [
		new InputRule({
			find: /\[([^[\]]+)\]\(([^()\s]+)\)$/,
			handler: ({ state: { tr, schema }, range, match: [, words, address] }) => {
				const href = safeHref(address!);
				if (href === null) return null;
				tr.replaceWith(range.from, range.to, schema.text(words!, [schema.mark('link', { href })]));
				tr.removeStoredMark(schema.marks.link!);
			}
		})
	]
});

export const commentExtensions = (): Extensions => [
	StarterKit.configure({
		heading: false,
		horizontalRule: false,
		strike: false,
		underline: false,
		trailingNode: false,
		dropcursor: false,
		gapcursor: false,
		link: {
			openOnClick: false,
			// a bare address is a link as soon as it is read
			autolink: false,
			linkOnPaste: true,
			isAllowedUri: (href) => safeHref(href) !== null,
			HTMLAttributes: { target: null, rel: null }
		}
	}),
	Mention,
	Keys
];

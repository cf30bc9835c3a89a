/** The Markdown of a comment as what an editor begins with. */
import type { JSONContent } from '@tiptap/core';
import { parseComment, type CommentBlock, type Inline } from '#lib/domain/comment-text.ts';

type Mark = NonNullable<JSONContent['marks']>[number];

export const toContent = (markdown: string): JSONContent => ({
	type: 'doc',
	content: filled(parseComment(markdown).map(blockOf))
});

const PARAGRAPH: JSONContent = { type: 'paragraph' };
const filled = (blocks: JSONContent[]) => (blocks.length > 0 ? blocks : [PARAGRAPH]);

function blockOf(block: CommentBlock): JSONContent {
	switch (block.type) {
		case 'paragraph':
			return { type: 'paragraph', content: inlineOf(block.children, []) };
		case 'code':
			return { type: 'codeBlock', content: block.text ? [{ type: 'text', text: block.text }] : [] };
		case 'quote':
			return { type: 'blockquote', content: filled(block.children.map(blockOf)) };
		case 'list':
			return {
				type: block.ordered ? 'orderedList' : 'bulletList',
				...(block.ordered && { attrs: { start: block.start } }),
				content: block.items.map((item) => ({ type: 'listItem', content: itemOf(item.map(blockOf)) }))
			};
	}
}

/** An item begins with a paragraph. */
const itemOf = (blocks: JSONContent[]) => (blocks[0]?.type === 'paragraph' ? blocks : [PARAGRAPH, ...blocks]);

const inlineOf = (inlines: Inline[], marks: Mark[]): JSONContent[] =>
	inlines.flatMap((inline): JSONContent | JSONContent[] => {
		switch (inline.type) {
			case 'text':
				return inline.text === '' ? [] : { type: 'text', text: inline.text, marks: ordered(marks) };
			case 'code': {
				// the editor's code bears no other mark, and where a link goes is worth more
				const linked = marks.filter(({ type }) => type === 'link');
				return { type: 'text', text: inline.text, marks: linked.length > 0 ? linked : [{ type: 'code' }] };
			}
			case 'break':
				return { type: 'hardBreak' };
			case 'mention':
				return { type: 'mention', attrs: { principal: inline.principal, name: inline.name } };
			case 'link':
				return inlineOf(inline.children, [...marks, { type: 'link', attrs: { href: inline.href } }]);
			default:
				return inlineOf(inline.children, [...marks, { type: inline.type === 'strong' ? 'bold' : 'italic' }]);
		}
	});

/** Each once, in the order that the schema gives them. */
const ORDER = ['link', 'bold', 'italic'];
const ordered = (marks: Mark[]): Mark[] =>
	ORDER.flatMap((type) => marks.findLast((mark) => mark.type === type) ?? []);

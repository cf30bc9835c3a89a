/** A comment that is written, as Markdown; whatever signs somebody typed come back as the signs that they typed. */
import type { Node } from '@tiptap/pm/model';
import { writeLine } from './comment-line.ts';

/** @param doc of the schema in comment-schema.ts; empty paragraphs say nothing and are left out */
export const toMarkdown = (doc: Node): string => blocksOf(doc).join('\n\n');

function blocksOf(parent: Node): string[] {
	const blocks: string[] = [];
	/** the sign of the list just above: a second one with the same would be part of it */
	let above = '';
	parent.forEach((node) => {
		const sign = signOf(node, above);
		const text = blockOf(node, sign);
		if (text === '') return;
		blocks.push(text);
		above = sign;
	});
	return blocks;
}

const signOf = ({ type }: Node, above: string) =>
	type.name === 'bulletList'
		? above === '-'
			? '*'
			: '-'
		: type.name === 'orderedList'
			? above === '.'
				? ')'
				: '.'
			: '';

function blockOf(node: Node, sign: string): string {
	switch (node.type.name) {
		case 'paragraph':
			return paragraph(node);
		case 'codeBlock':
			return code(node.textContent);
		case 'blockquote':
			return blocksOf(node)
				.join('\n\n')
				.replace(/^(?=.)/gm, '> ')
				.replace(/^$/gm, '>')
				.replace(/^>$/, '');
		default:
			return list(node, sign);
	}
}

/** A break within a paragraph is a line of Markdown. */
function paragraph(node: Node): string {
	const lines: Node[][] = [[]];
	node.forEach((child) => {
		if (child.type.name === 'hardBreak') lines.push([]);
		else lines.at(-1)!.push(child);
	});
	return lines
		.map(writeLine)
		.join('\n')
		.replace(/^\n+|\n+$/g, '');
}

function code(text: string): string {
	if (text.trim() === '') return '';
	const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
	const fence = '`'.repeat(longest + 1);
	return `${fence}\n${text}\n${fence}`;
}

function list(node: Node, sign: string): string {
	const items: string[] = [];
	const start = Number(node.attrs.start ?? 1);
	node.forEach((item) => {
		const mark = sign === '-' || sign === '*' ? `${sign} ` : `${start + items.length}${sign} `;
		const blocks = blocksOf(item);
		// a list right below the words of its item needs no empty line between them
		const tight = blocks.map((block, index) =>
			index === 0 ? block : /^([-*]|1[.)]) /.test(block) ? `\n${block}` : `\n\n${block}`
		);
		const words = tight.join('').replace(/\n(?=.)/g, `\n${' '.repeat(mark.length)}`);
		if (words !== '') items.push(mark + words);
	});
	return items.join('\n');
}

/** One line of a comment as Markdown. */
import type { Mark, Node } from '@tiptap/pm/model';
import { parseInline, wordsOf } from '#lib/domain/comment-inline.ts';
import { addressAt, safeHref } from '#lib/domain/comment-link.ts';

/** Words with the marks that are still to be written around them. */
interface Leaf {
	node: Node;
	marks: readonly Mark[];
}

/** @param nodes text and mentions that stand in one line */
export function writeLine(nodes: Node[]): string {
	const leaves = nodes.map((node) => ({ node, marks: node.marks }));
	const words = nodes.map(textOf).join('').trim();
	const line = atStart(write(leaves));
	if (wordsOf(parseInline(line)).trim() === words) return line;
	// emphasis that begins in the middle of a word within other emphasis: the words are worth more than it
	const plain = ({ marks, ...leaf }: Leaf) => ({
		...leaf,
		marks: marks.filter((mark) => !SIGNS[mark.type.name])
	});
	return atStart(write(leaves.map(plain)));
}

const SIGNS: Record<string, string> = { bold: '**', italic: '*' };

const textOf = (node: Node) => node.text ?? `@${node.attrs.name}`;

/** @param after what stands after them in the line */
function write(leaves: Leaf[], after = ''): string {
	let line = '';
	for (let at = 0; at < leaves.length;) {
		const { node, marks } = leaves[at]!;
		const [mark, end] = furthest(leaves, at);
		const rest = leaves[end] ? textOf(leaves[end].node) : after;
		if (mark) {
			const inner = leaves.slice(at, end).map((leaf) => ({
				...leaf,
				marks: leaf.marks.filter((one) => !one.eq(mark))
			}));
			line += SIGNS[mark.type.name]
				? wrap(SIGNS[mark.type.name]!, write(inner, rest))
				: link(mark, inner, rest);
		} else if (node.type.name === 'mention') {
			line += `[@${escaped(node.attrs.name.trim())}](${node.attrs.principal})`;
		} else if (marks.some(({ type }) => type.name === 'code')) {
			line += code(node.text!);
		} else {
			line += escaped(node.text!, leaves[at + 1]);
		}
		at = end;
	}
	return line;
}

/** The mark that reaches furthest goes outermost. @returns it and the leaf after it */
function furthest(leaves: Leaf[], at: number): [Mark | null, number] {
	let found: [Mark | null, number] = [null, at + 1];
	for (const mark of leaves[at]!.marks) {
		if (mark.type.name === 'code') continue;
		let end = at;
		while (leaves[end]?.marks.some((one) => one.eq(mark))) end++;
		if (!found[0] || end > found[1]) found = [mark, end];
	}
	return found;
}

/** Emphasis neither begins nor ends with white space. */
function wrap(sign: string, inner: string): string {
	const words = inner.trim();
	if (words === '') return inner;
	const from = inner.indexOf(words);
	return inner.slice(0, from) + sign + words + sign + inner.slice(from + words.length);
}

function link(mark: Mark, leaves: Leaf[], after: string): string {
	const href = safeHref(mark.attrs.href ?? '');
	const words = leaves.map(({ node }) => textOf(node)).join('');
	if (href === null) return write(leaves, after);
	const bare = addressAt(words + after, 0) === words && safeHref(words) === href;
	if (bare && leaves.every(({ marks }) => marks.length === 0)) return words;
	return `[${write(leaves)}](${href.replace(/[\\()]/g, '\\$&').replace(/[<>\s]/g, encodeURIComponent)})`;
}

function code(text: string): string {
	const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
	const fence = '`'.repeat(longest + 1);
	const padded = /^`|`$/.test(text) || (/^ [^]* $/.test(text) && text.trim() !== '');
	return padded ? `${fence} ${text} ${fence}` : fence + text + fence;
}

/** Words in which nothing means anything; addresses stay as they are. */
function escaped(text: string, next?: Leaf): string {
	let line = '';
	for (let at = 0; at < text.length;) {
		const address = text[at] === 'h' ? addressAt(text, at) : null;
		line += address ?? (needsEscape(text, at, next) ? `\\${text[at]}` : text[at]);
		at += address?.length ?? 1;
	}
	return line;
}

const WORD = /[\p{L}\p{N}_]/u;

function needsEscape(text: string, at: number, next: Leaf | undefined): boolean {
	const after = text[at + 1] ?? '';
	switch (text[at]) {
		case '\\':
		case '`':
		case '*':
		case '[':
		case ']':
		case '<':
			return true;
		case '_':
			return !(WORD.test(text[at - 1] ?? '') && WORD.test(after));
		case '&':
			return /^&#?\w{1,8};/.test(text.slice(at, at + 12));
		case '~':
			return after === '~';
		case '!':
			return after === '' && next !== undefined;
		default:
			return false;
	}
}

/** What would begin a block, if it stood at the start of a line. White space that was typed there is kept as an entity. */
const atStart = (line: string): string =>
	line
		.trimEnd()
		.replace(/^\s/, (space) => `&#${space.charCodeAt(0)};`)
		.replace(/^(#{1,6}(?=[ \t]|$)|>|[-+](?=[- \t]|$)|=+$|~~~)/, '\\$1')
		.replace(/^(\d{1,9})([.)](?=[ \t]|$))/, '$1\\$2');

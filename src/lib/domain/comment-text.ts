/**
 * What people write in a comment: Markdown, read into a small tree. Nothing that is not in the tree exists: HTML, tables and
 * rules show as the words they are. Our own reader, since a comment is read by everybody who opens the page: 10,000 hostile
 * characters must cost neither seconds nor the stack, so nesting is bounded and nothing is looked for twice.
 */
import { parseInline, wordsOf, type Inline } from './comment-inline.ts';
import type { Principal } from './principal.ts';

export type { Inline } from './comment-inline.ts';

export type CommentBlock =
	| { type: 'paragraph'; children: Inline[] }
	| { type: 'code'; text: string }
	| { type: 'quote'; children: CommentBlock[] }
	| { type: 'list'; ordered: boolean; start: number; items: CommentBlock[][] };

/** Lists and quotes within each other; what is deeper stays as it was typed. */
const DEPTH = 10;

const FENCE = /^( {0,3})(`{3,}|~{3,})[^`]*$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,3})([-*+]|(\d{1,9})[.)])([ \t]+)(?=\S)/;
const HEADING = /^ {0,3}#{1,6}[ \t]+(?=\S)/;
const RULE = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/;

/** The tree of a comment. A single line break is a line break, as people who type expect. */
export const parseComment = (markdown: string): CommentBlock[] =>
	blocksOf(markdown.replace(/\r\n?/g, '\n').split('\n'), 0);

/** A comment's words in one line: for announcements, excerpts and search. */
export const plainWords = (markdown: string): string =>
	blockWords(parseComment(markdown)).replace(/\s+/g, ' ').trim();

/** Who is mentioned, each once. */
export function mentionsIn(markdown: string): Principal[] {
	const found = new Set<Principal>();
	const look = (inline: Inline) => {
		if (inline.type === 'mention') found.add(inline.principal);
		else if ('children' in inline) inline.children.forEach(look);
	};
	const walk = (block: CommentBlock): void => {
		if (block.type === 'paragraph') block.children.forEach(look);
		else if (block.type === 'quote') block.children.forEach(walk);
		else if (block.type === 'list') block.items.flat().forEach(walk);
	};
	parseComment(markdown).forEach(walk);
	return [...found];
}

/** Markdown for other programs, to which nobody's principal means anything: a mention is the name alone. */
export const namesOnly = (markdown: string): string =>
	markdown.replace(/\[(@(?:\\.|[^\][\\\n]){1,200})\]\((?:user|guest):[\w-]{1,100}\)/g, '$1');

const blockWords = (blocks: CommentBlock[]): string =>
	blocks
		.map((block) => {
			if (block.type === 'paragraph') return wordsOf(block.children);
			if (block.type === 'code') return block.text;
			return blockWords(block.type === 'quote' ? block.children : block.items.flat());
		})
		.join('\n');

/** A block that begins at a line, and the line after it. */
type Found = { block: CommentBlock; next: number } | null;

function blocksOf(lines: string[], depth: number): CommentBlock[] {
	const blocks: CommentBlock[] = [];
	let paragraph: string[] = [];
	const endParagraph = () => {
		if (paragraph.length > 0) blocks.push({ type: 'paragraph', children: parseInline(paragraph.join('\n')) });
		paragraph = [];
	};
	for (let at = 0; at < lines.length;) {
		const found =
			fenceAt(lines, at) ??
			headingAt(lines, at) ??
			(depth < DEPTH ? (quoteAt(lines, at, depth) ?? listAt(lines, at, depth, paragraph.length > 0)) : null);
		if (found) {
			endParagraph();
			blocks.push(found.block);
			at = found.next;
			continue;
		}
		const line = lines[at++]!;
		if (line.trim() === '') endParagraph();
		else paragraph.push(line);
	}
	endParagraph();
	return blocks;
}

/** Code, up to a fence that is as long, or to the end. */
function fenceAt(lines: string[], at: number): Found {
	const [, indent, fence] = FENCE.exec(lines[at]!) ?? [];
	if (indent === undefined || fence === undefined) return null;
	const closes = (line: string) => {
		const end = line.trim();
		return end.length >= fence.length && end === fence[0]!.repeat(end.length);
	};
	let next = at + 1;
	while (next < lines.length && !closes(lines[next]!)) next++;
	const text = lines.slice(at + 1, next).map((line) => unindented(line, indent.length));
	return { block: { type: 'code', text: text.join('\n') }, next: next + 1 };
}

/** In a comment a heading is no more than a line in bold. */
function headingAt(lines: string[], at: number): Found {
	const mark = HEADING.exec(lines[at]!)?.[0];
	if (mark === undefined) return null;
	const title = lines[at]!.slice(mark.length)
		.trim()
		.replace(/[ \t]#+$/, '');
	const children: Inline[] = [{ type: 'strong', children: parseInline(title) }];
	return { block: { type: 'paragraph', children }, next: at + 1 };
}

/** A line without its sign ends a quotation: who answers below it does not go on quoting. */
function quoteAt(lines: string[], at: number, depth: number): Found {
	let next = at;
	while (next < lines.length && QUOTE.test(lines[next]!)) next++;
	if (next === at) return null;
	const inner = lines.slice(at, next).map((line) => line.replace(QUOTE, ''));
	return { block: { type: 'quote', children: blocksOf(inner, depth + 1) }, next };
}

function listAt(lines: string[], at: number, depth: number, afterWords: boolean): Found {
	const first = itemAt(lines[at]!);
	// “2019.” at the start of a line within a paragraph is a year
	if (!first || (afterWords && first.number !== null && first.number !== 1)) return null;
	const items: CommentBlock[][] = [];
	let next = at;
	for (let item: Item | null = first; item?.kind === first.kind; item = itemAt(lines[next] ?? '')) {
		const inner = [lines[next]!.slice(item.width)];
		let end = ++next;
		for (; next < lines.length; next++) {
			const line = lines[next]!.replace(/^\t+/, (tabs) => '    '.repeat(tabs.length));
			const blank = line.trim() === '';
			if (!blank && indentOf(line) < item.least) break;
			inner.push(unindented(line, item.width));
			if (!blank) end = next + 1;
		}
		items.push(blocksOf(inner, depth + 1));
		// what stands after an empty line may be the next item; else that line ends the list
		if (itemAt(lines[next] ?? '')?.kind !== first.kind) next = end;
	}
	const { number } = first;
	return { block: { type: 'list', ordered: number !== null, start: number ?? 1, items }, next };
}

interface Item {
	/** the sign that all items of one list have */
	kind: string;
	/** null: a bullet */
	number: number | null;
	/** characters before its words */
	width: number;
	/** the least indent of a line that belongs to it */
	least: number;
}

function itemAt(line: string): Item | null {
	const [, indent, mark, number, space] = ITEM.exec(line) ?? [];
	if (indent === undefined || mark === undefined || space === undefined || RULE.test(line)) return null;
	return {
		kind: mark.at(-1)!,
		number: number === undefined ? null : Number(number),
		width: indent.length + mark.length + (space.length > 4 ? 1 : space.length),
		least: indent.length + 2
	};
}

const indentOf = (line: string) => line.length - line.trimStart().length;

/** Without at most `width` characters of white space at its start. */
const unindented = (line: string, width: number) => line.slice(Math.min(indentOf(line), width));

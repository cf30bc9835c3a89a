/** The text room: `content` (a Tiptap document) and `article` (DESIGN.md, "The documents"). */
import * as Y from 'yjs';
import type { ArticleState } from '../domain/room.ts';

/** Tiptap's field. */
export const CONTENT = 'content';

export const contentOf = (doc: Y.Doc): Y.XmlFragment => doc.getXmlFragment(CONTENT);
export const articleOf = (doc: Y.Doc): Y.Map<unknown> => doc.getMap('article');

/** Fills an empty text room; one paragraph a line. */
export function writeParagraphs(doc: Y.Doc, paragraphs: string[]): void {
	doc.transact(() => {
		const nodes = paragraphs.map((words) => {
			const paragraph = new Y.XmlElement('paragraph');
			paragraph.insert(0, [new Y.XmlText(words)]);
			return paragraph;
		});
		contentOf(doc).insert(0, nodes);
	});
}

/** Writes what differs; an update only where something does. */
export function writeArticleState(doc: Y.Doc, state: ArticleState): void {
	const map = articleOf(doc);
	doc.transact(() => {
		for (const [key, value] of Object.entries(state)) if (map.get(key) !== value) map.set(key, value);
	});
}

export const readArticleState = (doc: Y.Doc): Partial<ArticleState> =>
	articleOf(doc).toJSON() as Partial<ArticleState>;

/** One textblock: a Yjs type whose text is a line of the article's plain text. */
export interface Block {
	texts: Y.XmlText[];
	/** UTF-16 offset of its first character in the article's plain text */
	from: number;
	text: string;
}

/** The textblocks of the article in order. */
export function blocksOf(doc: Y.Doc): Block[] {
	const blocks: Block[] = [];
	let from = 0;
	const visit = (node: Y.XmlFragment | Y.XmlElement) => {
		const children = node.toArray();
		const texts = children.filter((child): child is Y.XmlText => child instanceof Y.XmlText);
		const isBlock = texts.length > 0 || (children.length === 0 && node !== contentOf(doc));
		if (isBlock) {
			const text = texts.map(plainText).join('');
			blocks.push({ texts, from, text });
			from += text.length + 1;
		} else for (const child of children) if (child instanceof Y.XmlElement) visit(child);
	};
	visit(contentOf(doc));
	return blocks;
}

const plainText = (text: Y.XmlText): string =>
	(text.toDelta() as { insert: unknown }[])
		.map((part) => (typeof part.insert === 'string' ? part.insert : ''))
		.join('');

/** The article's plain text: its blocks' text joined by one line feed; every offset counts in it. */
export const readText = (doc: Y.Doc): string =>
	blocksOf(doc)
		.map((block) => block.text)
		.join('\n');

/** Calls `listener` after every transaction that changed the words; returns how to stop. */
export function observeContent(doc: Y.Doc, listener: () => void): () => void {
	const content = contentOf(doc);
	content.observeDeep(listener);
	return () => content.unobserveDeep(listener);
}

/** Calls `listener` after every transaction that changed what the room says of its article; returns how to stop. */
export function observeArticle(doc: Y.Doc, listener: () => void): () => void {
	const article = articleOf(doc);
	article.observe(listener);
	return () => article.unobserve(listener);
}

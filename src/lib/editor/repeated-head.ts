/**
 * Words that came in with an article often begin with what stands over it already: section, headline, date, byline. These
 * blocks are set quietly; they are neither changed nor hidden, and are marked like all others.
 */
import { Extension } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey, type Transaction } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';
import { repeatedHead } from '../domain/plain-text.ts';

interface State {
	title: string;
	set: DecorationSet;
}
const key = new PluginKey<State>('repeatedHead');

/** Tells the plugin what the headline is. */
export const setTitle = (tr: Transaction, title: string): Transaction =>
	tr.setMeta(key, title).setMeta('addToHistory', false);

export const showTitle = (view: EditorView, title: string): void =>
	view.dispatch(setTitle(view.state.tr, title));

export const repeatedHeadPlugin = () =>
	new Plugin<State>({
		key,
		state: {
			init: () => ({ title: '', set: DecorationSet.empty }),
			apply: (tr, state) => {
				const title: string = tr.getMeta(key) ?? state.title;
				return title === state.title && !tr.docChanged ? state : { title, set: draw(tr.doc, title) };
			}
		},
		props: { decorations: (state) => key.getState(state)?.set }
	});

export const RepeatedHead = Extension.create({
	name: 'repeatedHead',
	addProseMirrorPlugins: () => [repeatedHeadPlugin()]
});

function draw(doc: Node, title: string): DecorationSet {
	const lines = doc.children.slice(0, 8).map(({ textContent }) => textContent);
	const blocks: Decoration[] = [];
	let position = 0;
	for (const node of doc.children.slice(0, repeatedHead(lines, title))) {
		blocks.push(Decoration.node(position, position + node.nodeSize, { class: 'repeated' }));
		position += node.nodeSize;
	}
	return DecorationSet.create(doc, blocks);
}

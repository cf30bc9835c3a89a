/**
 * The passages that annotations mark, as decorations: never marks, so that annotating does not write to the text.
 * One set, mapped on local changes. A remote change replaces the whole document in one step, so that mapping loses
 * everything: then the passages are placed anew from their offsets.
 */
import { Extension } from '@tiptap/core';
import { isChangeOrigin } from '@tiptap/extension-collaboration';
import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey, type Transaction } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';
import type { LabelColor } from '../domain/labels.ts';
import { labelStyle } from './label-style.ts';
import { laneOf } from './lanes.ts';
import { positionMap, toPosition, type PositionMap } from './position-map.ts';

/** `draft` is the passage of a comment that is still being written; `quiet` one that is resolved. */
export type Tone = 'normal' | 'quiet' | 'active' | 'draft';

/** `from` and `to` are offsets in the article's plain text. */
export interface Highlight {
	id: string;
	from: number;
	to: number;
	color?: LabelColor;
	tone: Tone;
}

interface Drawn extends Highlight {
	lane: number;
}
interface State {
	drawn: Map<string, Drawn>;
	set: DecorationSet;
}

const key = new PluginKey<State>('highlights');

/** Tells the plugin to show these passages and no others. */
export const setHighlights = (tr: Transaction, highlights: Highlight[]): Transaction =>
	tr.setMeta(key, highlights).setMeta('addToHistory', false);

export const showHighlights = (view: EditorView, highlights: Highlight[]): void =>
	view.dispatch(setHighlights(view.state.tr, highlights));

export const highlightsPlugin = () =>
	new Plugin<State>({
		key,
		state: { init: () => ({ drawn: new Map(), set: DecorationSet.empty }), apply },
		props: { decorations: (state) => key.getState(state)?.set }
	});

export const Highlights = Extension.create({
	name: 'highlights',
	addProseMirrorPlugins: () => [highlightsPlugin()]
});

function apply(tr: Transaction, state: State): State {
	const highlights = tr.getMeta(key) as Highlight[] | undefined;
	if (highlights) return redraw(state, tr.doc, highlights);
	if (!tr.docChanged) return state;
	if (isChangeOrigin(tr))
		return redraw({ drawn: new Map(), set: DecorationSet.empty }, tr.doc, [...state.drawn.values()]);
	return { ...state, set: state.set.map(tr.mapping, tr.doc) };
}

/** Draws what is new or different and leaves the rest: hovering over one of a thousand costs one. */
function redraw(state: State, doc: Node, highlights: Highlight[]): State {
	const lanes = laneOf(highlights);
	const drawn = new Map(highlights.map((one) => [one.id, { ...one, lane: lanes.get(one.id) ?? 0 }]));
	const isSame = (id: string) => same(state.drawn.get(id), drawn.get(id));
	const gone = state.set.find(undefined, undefined, (spec) => !isSame(spec.id));
	const map = positionMap(doc);
	const fresh = [...drawn.values()].filter(({ id }) => !isSame(id)).map((one) => decorate(map, one));
	if (gone.length === 0 && fresh.length === 0) return state;
	return { drawn, set: state.set.remove(gone).add(doc, fresh) };
}

const same = (a: Drawn | undefined, b: Drawn | undefined) =>
	a !== undefined &&
	b !== undefined &&
	a.from === b.from &&
	a.to === b.to &&
	a.color === b.color &&
	a.tone === b.tone &&
	a.lane === b.lane;

function decorate(map: PositionMap, { id, from, to, color, tone, lane }: Drawn): Decoration {
	const attributes = {
		nodeName: 'mark',
		class: `passage ${tone}`,
		'data-annotation': id,
		style: `${labelStyle(color)}; --lane: ${lane}`
	};
	return Decoration.inline(toPosition(map, from, 'start'), toPosition(map, to, 'end'), attributes, { id });
}

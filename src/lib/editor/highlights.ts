/**
 * The passages that annotations mark, as decorations: never marks, so that annotating does not write to the text.
 * One set, mapped on local changes, in which only what is different is drawn anew. A remote change replaces the whole
 * document in one step, so that mapping loses everything: then the passages are placed anew from their offsets.
 */
import { Extension } from '@tiptap/core';
import { isChangeOrigin } from '@tiptap/extension-collaboration';
import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey, type Transaction } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type DecorationAttrs, type EditorView } from '@tiptap/pm/view';
import type { LabelColor } from '../domain/labels.ts';
import { laneOf } from './lanes.ts';
import { positionMap, toPosition } from './position-map.ts';

/** `draft` is the passage of a comment that is still being written; `quiet` one that is resolved. */
export type Tone = 'normal' | 'quiet' | 'draft';

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
	lifted: boolean;
	/** id of its card's element */
	card: string | undefined;
}
/** What changes most often, and of few passages at a time. */
interface Signs {
	lifted: ReadonlySet<string>;
	/** by annotation, the elements of the cards that are in the page */
	cards: ReadonlyMap<string, string>;
}
interface State extends Signs {
	drawn: Map<string, Drawn>;
	set: DecorationSet;
}
/** what to draw, which of it to lift, and which has its card in the page; what is not said stays */
interface Told extends Partial<Signs> {
	highlights?: Highlight[];
}

const key = new PluginKey<State>('highlights');
const NOTHING: State = { drawn: new Map(), lifted: new Set(), cards: new Map(), set: DecorationSet.empty };

const tell = (tr: Transaction, told: Told): Transaction =>
	tr.setMeta(key, told).setMeta('addToHistory', false);

/** Tells the plugin to show these passages and no others. */
export const setHighlights = (tr: Transaction, highlights: Highlight[]): Transaction =>
	tell(tr, { highlights });

/** Tells the plugin which passages stand out: the open one, and the one under the pointer. */
export const setLifted = (tr: Transaction, ids: (string | null)[]): Transaction =>
	tell(tr, { lifted: new Set(ids.filter((id) => id !== null)) });

/**
 * Tells the plugin which passages have their card in the page: a screen reader says that there is one, and goes there. Others
 * point nowhere, as what is pointed to has to be there.
 */
export const setCards = (tr: Transaction, cards: ReadonlyMap<string, string>): Transaction =>
	tell(tr, { cards });

export const showHighlights = (view: EditorView, highlights: Highlight[]): void =>
	view.dispatch(setHighlights(view.state.tr, highlights));

export const liftHighlights = (view: EditorView, ids: (string | null)[]): void =>
	view.dispatch(setLifted(view.state.tr, ids));

export const pointToCards = (view: EditorView, cards: ReadonlyMap<string, string>): void =>
	view.dispatch(setCards(view.state.tr, cards));

export const highlightsPlugin = () =>
	new Plugin<State>({
		key,
		state: { init: () => NOTHING, apply },
		props: { decorations: (state) => key.getState(state)?.set }
	});

export const Highlights = Extension.create({
	name: 'highlights',
	addProseMirrorPlugins: () => [highlightsPlugin()]
});

function apply(tr: Transaction, state: State): State {
	const told = tr.getMeta(key) as Told | undefined;
	if (told?.highlights) return redraw(state, tr.doc, told.highlights);
	if (told) return sign(state, tr.doc, { lifted: state.lifted, cards: state.cards, ...told });
	if (!tr.docChanged) return state;
	if (isChangeOrigin(tr))
		return redraw({ ...state, drawn: NOTHING.drawn, set: NOTHING.set }, tr.doc, [...state.drawn.values()]);
	return { ...state, set: state.set.map(tr.mapping, tr.doc) };
}

/** Draws what is new or different and leaves the rest: one that comes among a thousand costs one. */
function redraw(state: State, doc: Node, highlights: Highlight[]): State {
	const stays = (one: Highlight) => {
		const before = state.drawn.get(one.id);
		return before && before.from === one.from && before.to === one.to ? [before] : [];
	};
	const lanes = laneOf(highlights, highlights.flatMap(stays));
	const drawn = new Map<string, Drawn>();
	const fresh: Drawn[] = [];
	for (const { id, from, to, color, tone } of highlights) {
		const one = { id, from, to, color, tone, lane: lanes.get(id) ?? 0, ...signsOf(id, state) };
		const before = state.drawn.get(id);
		const same = before !== undefined && isSame(before, one);
		drawn.set(id, same ? before : one);
		if (!same) fresh.push(one);
	}
	const gone = state.set.find(undefined, undefined, ({ id }) => drawn.get(id) !== state.drawn.get(id));
	if (gone.length === 0 && fresh.length === 0) return state;
	return { ...state, drawn, set: replace(state.set, doc, gone, fresh) };
}

const signsOf = (id: string, { lifted, cards }: Signs) => ({ lifted: lifted.has(id), card: cards.get(id) });

/** Draws those anew whose signs have changed, and looks at nothing else. */
function sign(state: State, doc: Node, { lifted, cards }: Signs): State {
	const known = [...lifted, ...state.lifted, ...cards.keys(), ...state.cards.keys()];
	const fresh = [...new Set(known)].flatMap((id): Drawn[] => {
		const before = state.drawn.get(id);
		const one = before && { ...before, ...signsOf(id, { lifted, cards }) };
		return one && !isSame(before, one) ? [one] : [];
	});
	if (fresh.length === 0) return { ...state, lifted, cards };
	const drawn = new Map(state.drawn);
	for (const one of fresh) drawn.set(one.id, one);
	const gone = state.set.find(undefined, undefined, ({ id }) => drawn.get(id) !== state.drawn.get(id));
	return { drawn, lifted, cards, set: replace(state.set, doc, gone, fresh) };
}

function replace(set: DecorationSet, doc: Node, gone: Decoration[], fresh: Drawn[]): DecorationSet {
	const map = positionMap(doc);
	const place = (one: Drawn) => ({
		from: toPosition(map, one.from, 'start'),
		to: toPosition(map, one.to, 'end')
	});
	return set.remove(gone).add(
		doc,
		fresh.map((one) => decorate(one, place(one)))
	);
}

const isSame = (a: Drawn, b: Drawn) =>
	a.from === b.from &&
	a.to === b.to &&
	a.color === b.color &&
	a.tone === b.tone &&
	a.lane === b.lane &&
	a.lifted === b.lifted &&
	a.card === b.card;

/** Classes alone say how it looks (passages.css): thousands of them share a few styles. */
function decorate(one: Drawn, { from, to }: { from: number; to: number }): Decoration {
	const { id, color = 'yellow', tone, lane, lifted, card } = one;
	const attributes: DecorationAttrs = {
		nodeName: 'mark',
		class: `passage ${tone} hue-${color} lane-${lane}${lifted ? ' lifted' : ''}`,
		'data-annotation': id
	};
	if (card) attributes['aria-details'] = card;
	return Decoration.inline(from, to, attributes, { id });
}

import { getSchema } from '@tiptap/core';
import { EditorState } from '@tiptap/pm/state';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import { describe, expect, test } from 'vitest';
import { extensions } from '../../src/lib/editor/extensions.ts';
import {
	highlightsPlugin,
	setCards,
	setHighlights,
	setLifted,
	type Highlight
} from '../../src/lib/editor/highlights.ts';

const schema = getSchema(extensions());
const docOf = (...lines: string[]) =>
	schema.node(
		'doc',
		null,
		lines.map((line) => schema.node('paragraph', null, line ? [schema.text(line)] : []))
	);

const LINES = ['The bridge stays closed.', 'The mayor said so.'];
const passage = (id: string, from: number, to: number, more: Partial<Highlight> = {}): Highlight => ({
	id,
	from,
	to,
	tone: 'normal',
	...more
});

function stateWith(...highlights: Highlight[]) {
	const plugin = highlightsPlugin();
	const state = EditorState.create({ doc: docOf(...LINES), plugins: [plugin] });
	return { plugin, state: state.apply(setHighlights(state.tr, highlights)) };
}
const drawn = (plugin: ReturnType<typeof highlightsPlugin>, state: EditorState) =>
	plugin
		.getState(state)!
		.set.find()
		.map(({ from, to, spec }) => `${spec.id}: ${state.doc.textBetween(from, to, '|')}`)
		.sort();

describe('highlights', () => {
	test('are drawn where their words are, across lines and over each other', () => {
		const { plugin, state } = stateWith(passage('a', 4, 10), passage('b', 0, 16), passage('c', 17, 34));
		expect(drawn(plugin, state)).toEqual(['a: bridge', 'b: The bridge stays', 'c: closed.|The mayor']);
	});

	test('one that changes leaves the others as they are', () => {
		const { plugin, state } = stateWith(passage('a', 4, 10), passage('b', 17, 23));
		const before = plugin.getState(state)!.set.find();
		const next = state.apply(
			setHighlights(state.tr, [passage('a', 4, 10), passage('b', 17, 23, { tone: 'quiet' })])
		);
		const after = plugin.getState(next)!.set.find();
		const of = (id: string, set: typeof before) => set.find(({ spec }) => spec.id === id)!.spec;
		expect(of('a', after)).toBe(of('a', before));
		expect(of('b', after)).not.toBe(of('b', before));
	});

	test('the same again changes nothing', () => {
		const { plugin, state } = stateWith(passage('a', 4, 10));
		const next = state.apply(setHighlights(state.tr, [passage('a', 4, 10)]));
		expect(plugin.getState(next)).toBe(plugin.getState(state));
	});

	test('go with the words when the text is edited here', () => {
		const { plugin, state } = stateWith(passage('a', 4, 10));
		expect(drawn(plugin, state.apply(state.tr.insertText('Today: ', 1)))).toEqual(['a: bridge']);
	});

	test('are placed anew after a remote change, which replaces the whole document', () => {
		const { plugin, state } = stateWith(passage('a', 4, 10));
		const tr = state.tr.replaceWith(0, state.doc.content.size, docOf(...LINES, 'More.').content);
		const next = state.apply(tr.setMeta(ySyncPluginKey, { isChangeOrigin: true }));
		expect(drawn(plugin, next)).toEqual(['a: bridge']);
	});

	test('lifting one of a thousand draws that one anew, and letting it down too', () => {
		const long = docOf(...Array.from({ length: 100 }, () => 'word '.repeat(20).trim()));
		const plugin = highlightsPlugin();
		const empty = EditorState.create({ doc: long, plugins: [plugin] });
		const many = Array.from({ length: 1000 }, (_, i) => passage(String(i), i * 9, i * 9 + 20));
		const state = empty.apply(setHighlights(empty.tr, many));
		const specs = (of: EditorState) =>
			new Set(
				plugin
					.getState(of)!
					.set.find()
					.map(({ spec }) => spec)
			);
		const anew = (before: EditorState, after: EditorState) => {
			const known = specs(before);
			return [...specs(after)].filter((spec) => !known.has(spec));
		};
		const lifted = state.apply(setLifted(state.tr, ['500', null]));
		expect(anew(state, lifted)).toEqual([{ id: '500' }]);
		const other = lifted.apply(setLifted(lifted.tr, ['7']));
		expect(anew(lifted, other)).toHaveLength(2);
		const more = other.apply(setHighlights(other.tr, [passage('new', 4000, 4030), ...many]));
		expect(anew(other, more)).toEqual([{ id: 'new' }]);
		const pointed = more.apply(setCards(more.tr, new Map([['12', 'card-12']])));
		expect(anew(more, pointed)).toEqual([{ id: '12' }]);
		expect(pointed.apply(setCards(pointed.tr, new Map([['12', 'card-12']])))).toSatisfy(
			(same: EditorState) => plugin.getState(same)!.set === plugin.getState(pointed)!.set
		);
		const typed = more.apply(more.tr.insertText('x', 1));
		expect(anew(more, typed)).toEqual([]);
		expect(specs(typed).size).toBe(1001);
	});
});

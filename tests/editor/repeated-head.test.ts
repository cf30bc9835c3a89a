import { getSchema } from '@tiptap/core';
import { EditorState } from '@tiptap/pm/state';
import { expect, test } from 'vitest';
import { extensions } from '../../src/lib/editor/extensions.ts';
import { repeatedHeadPlugin, setTitle } from '../../src/lib/editor/repeated-head.ts';

const schema = getSchema(extensions());
const LINES = ['Region', 'Bridge stays closed', 'The bridge over the Ilm stays closed until Friday.'];

test('first blocks that repeat the headline are set quietly, and follow headline and text; no word is touched', () => {
	const plugin = repeatedHeadPlugin();
	const doc = schema.node(
		'doc',
		null,
		LINES.map((line) => schema.node('paragraph', null, [schema.text(line)]))
	);
	const quiet = (state: EditorState) =>
		plugin
			.getState(state)!
			.set.find()
			.map(({ from, to }) => state.doc.textBetween(from, to));
	const before = EditorState.create({ doc, plugins: [plugin] });
	expect(quiet(before)).toEqual([]);
	const state = before.apply(setTitle(before.tr, 'Bridge stays closed'));
	expect(quiet(state)).toEqual(LINES.slice(0, 2));
	expect(state.doc.eq(doc)).toBe(true);
	const renamed = state.apply(setTitle(state.tr, 'Ford floods'));
	expect(quiet(renamed)).toEqual([]);
	const typed = state.apply(state.tr.insertText('No: ', 9));
	expect(quiet(typed)).toEqual([]);
});

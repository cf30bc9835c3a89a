import { getSchema } from '@tiptap/core';
import { EditorState, TextSelection } from '@tiptap/pm/state';
import { describe, expect, test } from 'vitest';
import { choicesFor } from '../../src/lib/components/article/words/comment-choices.ts';
import { askedAt } from '../../src/lib/editor/asked.ts';
import { textSlice } from '../../src/lib/editor/clean-paste.ts';
import { commentExtensions } from '../../src/lib/editor/comment-schema.ts';
import { addressOf } from '../../src/lib/editor/comment-tools.ts';
import { EMOJI, findEmoji } from '../../src/lib/editor/emoji.ts';
import type { ArticlePerson } from '../../src/lib/live/article-people.ts';

const schema = getSchema(commentExtensions());

describe('what is asked for', () => {
	const asked = (words: string, mark?: string, wanted: number | null = null) => {
		const text = schema.text(words, mark ? [schema.mark(mark)] : []);
		const doc = schema.node('doc', null, [schema.node('paragraph', null, [text])]);
		const found = askedAt(EditorState.create({ doc, selection: TextSelection.atEnd(doc) }), wanted);
		return found && `${found.sign}${found.query}`;
	};
	test.each([
		['@', '@'],
		['Ask @Ann', '@Ann'],
		['Ask (@Ann van der', '@Ann van der'],
		['Ask @Ann van der Berg', '@Ann van der Berg'],
		['Ask @Ann ', null],
		['desk@a.example', null],
		['so :th', ':th'],
		[':+1', ':+1'],
		['so :t', null],
		['10:30', null],
		['a:smile', null],
		['Note: this', null]
	])('%j: %j', (words, expected) => expect(asked(words)).toBe(expected));
	test('code asks for nothing', () => expect(asked('@Ann', 'code')).toBeNull());
	test('a button’s sign asks for everything', () => {
		expect(asked('so :', undefined, 4)).toBe(':');
		expect(asked('so :', undefined, 3)).toBeNull();
	});
});

test('people are found by any of their names, with or without accents', () => {
	const people: ArticlePerson[] = [
		{ principal: 'user:1', name: 'Ánn Annotator', role: 'annotator' },
		{ principal: 'guest:2', name: 'Olga van der Berg' }
	];
	const found = (query: string) =>
		choicesFor({ sign: '@', query, from: 0, to: 0 }, people).map(({ principal }) => principal);
	expect(found('')).toEqual(['user:1', 'guest:2']);
	expect(found('ann')).toEqual(['user:1']);
	expect(found('der b')).toEqual(['guest:2']);
	expect(found('erg')).toEqual([]);
});

test('emoji are found by the beginning of a word of one of their names', () => {
	expect(new Set(EMOJI.map(({ sign }) => sign)).size).toBe(EMOJI.length);
	expect(findEmoji('').length).toBe(EMOJI.length);
	expect(findEmoji('thumbs_d').map(({ sign }) => sign)).toEqual(['👎']);
	expect(findEmoji('+1')[0]?.sign).toBe('👍');
	expect(findEmoji('check')[0]?.sign).toBe('✅');
	expect(findEmoji('nothing of the kind')).toEqual([]);
});

test.each([
	['https://a.example/x', 'https://a.example/x'],
	[' a.example/x ', 'https://a.example/x'],
	['desk@a.example', 'mailto:desk@a.example'],
	['javascript:alert(1)', null],
	['data:text/html,x', null],
	['two words', null],
	['word', null],
	['', null]
])('an address that is typed: %j', (typed, href) => expect(addressOf(typed)).toBe(href));

test('plain text that is pasted keeps its lines', () => {
	const { content } = textSlice(schema, '\r\none\r\ntwo\n\n\nthree *x*');
	expect(content.toJSON()).toEqual([
		{
			type: 'paragraph',
			content: [{ type: 'text', text: 'one' }, { type: 'hardBreak' }, { type: 'text', text: 'two' }]
		},
		{ type: 'paragraph', content: [{ type: 'text', text: 'three *x*' }] }
	]);
});

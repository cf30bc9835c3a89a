import { getSchema } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { initProseMirrorDoc } from '@tiptap/y-tiptap';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { extensions } from '../../src/lib/editor/extensions.ts';
import { positionMap, toOffset, toPosition } from '../../src/lib/editor/position-map.ts';
import { contentOf, readText, writeParagraphs } from '../../src/lib/ydoc/text.ts';

const schema = getSchema(extensions());
const paragraph = (...content: unknown[]) => ({ type: 'paragraph', content });
const text = (words: string, ...marks: string[]) => ({
	type: 'text',
	text: words,
	marks: marks.map((type) => ({ type }))
});
const docOf = (...content: unknown[]): Node => schema.nodeFromJSON({ type: 'doc', content });

const DOCS: [name: string, doc: Node, text: string][] = [
	['one paragraph', docOf(paragraph(text('The bridge.'))), 'The bridge.'],
	[
		'several',
		docOf(paragraph(text('One')), paragraph(text('Two')), paragraph(text('Three'))),
		'One\nTwo\nThree'
	],
	[
		'an empty one between',
		docOf(paragraph(text('One')), paragraph(), paragraph(text('Three'))),
		'One\n\nThree'
	],
	['marks inside a word', docOf(paragraph(text('un'), text('believ', 'bold'), text('able'))), 'unbelievable'],
	['characters of two units', docOf(paragraph(text('a 🌉 b')), paragraph(text('🌉🌉'))), 'a 🌉 b\n🌉🌉'],
	[
		'a list and a quote',
		docOf(
			{ type: 'bulletList', content: [{ type: 'listItem', content: [paragraph(text('Item'))] }] },
			{ type: 'blockquote', content: [paragraph(text('Said')), paragraph(text('so'))] }
		),
		'Item\nSaid\nso'
	],
	[
		'a break inside a line',
		docOf(paragraph(text('Roses'), { type: 'hardBreak' }, text('are red'))),
		'Rosesare red'
	],
	[
		'a break at both ends',
		docOf(paragraph({ type: 'hardBreak' }, text('red'), { type: 'hardBreak' })),
		'red'
	],
	[
		'a rule',
		docOf(paragraph(text('Above')), { type: 'horizontalRule' }, paragraph(text('Below'))),
		'Above\n\nBelow'
	]
];

describe('text ↔ position', () => {
	test.each(DOCS)('%s: the plain text', (_name, doc, expected) => {
		expect(positionMap(doc).text).toBe(expected);
	});

	test.each(DOCS)('%s: every offset there and back, from both sides', (_name, doc, expected) => {
		const map = positionMap(doc);
		for (let offset = 0; offset <= expected.length; offset++) {
			expect(toOffset(map, toPosition(map, offset, 'start'))).toBe(offset);
			expect(toOffset(map, toPosition(map, offset, 'end'))).toBe(offset);
		}
	});

	test.each(DOCS)('%s: every position of the document has an offset, in order', (_name, doc, expected) => {
		const map = positionMap(doc);
		const offsets = Array.from({ length: doc.content.size + 1 }, (_, position) => toOffset(map, position));
		expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
		expect(offsets.at(-1)).toBe(expected.length);
	});

	test('every passage of the text is the same passage of the document', () => {
		for (const [, doc, expected] of DOCS) {
			const map = positionMap(doc);
			for (let from = 0; from < expected.length; from++)
				for (let to = from + 1; to <= expected.length; to++) {
					const start = toPosition(map, from, 'start');
					const end = toPosition(map, to, 'end');
					const words = doc.textBetween(Math.min(start, end), Math.max(start, end), '\n');
					expect(words.replaceAll('\n', '')).toBe(expected.slice(from, to).replaceAll('\n', ''));
				}
		}
	});

	test('a start at a break stands after it, an end before it', () => {
		const map = positionMap(docOf(paragraph(text('Roses'), { type: 'hardBreak' }, text('red'))));
		expect(toPosition(map, 5, 'end')).toBe(6);
		expect(toPosition(map, 5, 'start')).toBe(7);
	});

	test('what lies outside gets the nearest', () => {
		const map = positionMap(docOf(paragraph(text('One'))));
		expect(toPosition(map, -5)).toBe(1);
		expect(toPosition(map, 99)).toBe(4);
		expect(toOffset(map, 0)).toBe(0);
	});

	test('agrees with the text room on the plain text', () => {
		const line = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((words) => !/[\r\n]/.test(words));
		fc.assert(
			fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), (lines) => {
				const room = new Y.Doc();
				writeParagraphs(room, lines);
				const { doc } = initProseMirrorDoc(contentOf(room), schema);
				expect(positionMap(doc).text).toBe(readText(room));
			})
		);
	});
});

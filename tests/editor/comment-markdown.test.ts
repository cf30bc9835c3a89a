import { getSchema, type JSONContent } from '@tiptap/core';
import { Node } from '@tiptap/pm/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseComment, plainWords, type CommentBlock } from '../../src/lib/domain/comment-text.ts';
import { wordsOf } from '../../src/lib/domain/comment-inline.ts';
import { toContent } from '../../src/lib/editor/comment-content.ts';
import { toMarkdown } from '../../src/lib/editor/comment-markdown.ts';
import { commentExtensions } from '../../src/lib/editor/comment-schema.ts';

const schema = getSchema(commentExtensions());
const docOf = (json: JSONContent): Node => {
	const doc = Node.fromJSON(schema, json);
	doc.check();
	return doc;
};
/** As it comes back into the editor. */
const again = (doc: Node): Node => docOf(toContent(toMarkdown(doc)));
const rewritten = (markdown: string) => toMarkdown(docOf(toContent(markdown)));

describe('Markdown into the field and out again', () => {
	test.each([
		['plain', 'Just words'],
		['lines', 'one\ntwo\n\nthree'],
		['emphasis', '**bold *both*** and *italic **both***'],
		['bold and italic side by side', '**a***b* `c`'],
		['links', '[a *site*](https://a.example/b) https://a.example/x_y. And [x](https://a.example/\\(b\\))'],
		['mentions', 'Ask [@Ann \\*A\\*](user:ann) now\\![@Gus](guest:gus)'],
		['lists', '- one\n- two\n  1. deep\n  2. deeper\n- three\n\n* another list'],
		['an item of several blocks', '3. one\n\n   more\n\n   ```\n   x\n   ```\n4. two'],
		['quotes', '> quoted\n> more\n>\n> > twice\n\nanswer'],
		['code', '```\nlet a = "*x*";\n\n  b\n```'],
		['code with fences in it', '````\n```\n````'],
		['signs', '\\*not\\* snake_case \\_x\\_ \\[x\\] \\<b> AT&T \\&amp; C:\\\\temp \\`'],
		['signs at the start of lines', '\\# no\n1984\\. A year\n\\- no\n\\> no\n\\+ no\n\\--- no\n\\=='],
		['spaces at the start', '&#32;  aligned\n&#32; more']
	])('%s', (_name, markdown) => expect(rewritten(markdown)).toBe(markdown));

	test.each([
		['<b>bold</b>', '\\<b>bold\\</b>'],
		['# Heading', '**Heading**'],
		['__a__ _b_', '**a** *b*'],
		['[`code`](https://a.example/)', '[code](https://a.example/)'],
		['> ', ''],
		['- - deep', '- - deep'],
		['a  \nb\\\nc', 'a\nb\nc']
	])('%j becomes %j', (before, after) => expect(rewritten(before)).toBe(after));
});

const SIGNS = [...'*_`[]()<>#+-=~!&\\|:;."\'@1. \t\u00a0aäb😀'];
const WORDS = [
	'http',
	'https://a.example/x_(y)',
	'&amp;',
	'**',
	'```',
	'1. ',
	'- ',
	'> ',
	'# ',
	'[@A](user:a)',
	'](',
	'http://'
];
const typed = fc
	.array(fc.oneof(fc.constantFrom(...SIGNS), fc.constantFrom(...WORDS)), { minLength: 1, maxLength: 25 })
	.map((parts) => parts.join(''));
const text = (words: string, ...marks: string[]) =>
	schema.text(
		words,
		marks.map((mark) => schema.mark(mark, mark === 'link' ? { href: 'https://l.example/' } : null))
	);

describe('whatever somebody types comes back as they typed it', () => {
	const linesOf = (blocks: CommentBlock[]): string[] =>
		blocks.flatMap((block) =>
			block.type === 'paragraph' ? wordsOf(block.children).split('\n') : ['not a paragraph']
		);

	test('in paragraphs and lines', () => {
		fc.assert(
			fc.property(
				fc.array(fc.array(typed, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
				(paragraphs) => {
					const doc = schema.node(
						'doc',
						null,
						paragraphs.map((lines) =>
							schema.node(
								'paragraph',
								null,
								lines.flatMap((line, i) => (i ? [schema.node('hardBreak'), text(line)] : [text(line)]))
							)
						)
					);
					const expected = paragraphs
						.flat()
						.map((line) => line.trimEnd())
						.filter(Boolean);
					expect(linesOf(parseComment(toMarkdown(doc)))).toEqual(expected);
				}
			),
			{ numRuns: 3000 }
		);
	});

	test('with marks, and in lists and quotes', () => {
		const marks = fc.subarray(['bold', 'italic', 'link']);
		const leaf = fc.oneof(
			{ weight: 6, arbitrary: fc.tuple(typed, marks).map(([words, on]) => text(words, ...on)) },
			typed.map((words) => text(words, 'code')),
			typed.map((name) => schema.node('mention', { principal: 'user:a', name: `A${name.trim()}` }))
		);
		const paragraph = fc
			.array(leaf, { minLength: 1, maxLength: 5 })
			.map((leaves) => schema.node('paragraph', null, leaves));
		const { block } = fc.letrec<{ block: Node }>((tie) => ({
			block: fc.oneof(
				{ depthSize: 'small', withCrossShrink: true },
				paragraph,
				typed.map((words) => schema.node('codeBlock', null, schema.text(words))),
				fc
					.array(tie('block'), { minLength: 1, maxLength: 3 })
					.map((inner) => schema.node('blockquote', null, inner)),
				fc
					.tuple(
						fc.constantFrom('bulletList', 'orderedList'),
						fc.array(fc.tuple(paragraph, fc.array(tie('block'), { maxLength: 2 })), {
							minLength: 1,
							maxLength: 3
						})
					)
					.map(([type, items]) =>
						schema.node(
							type,
							null,
							items.map(([first, rest]) => schema.node('listItem', null, [first, ...rest]))
						)
					)
			)
		}));
		/** each block of words with what it stands in; white space at the ends of lines is not kept */
		const outline = (doc: Node): string[] => {
			const found: string[] = [];
			doc.descendants((node, at) => {
				if (!node.isTextblock) return true;
				const around = doc.resolve(at);
				const path = Array.from({ length: around.depth }, (_, i) => around.node(i + 1).type.name).join(' ');
				const words = node.textBetween(0, node.content.size, '', (inner) => `@${inner.attrs.name}`);
				if (words.trim())
					found.push(`${path} ${node.type.name} ${node.type.name === 'paragraph' ? words.trimEnd() : words}`);
				return false;
			});
			return found;
		};
		fc.assert(
			fc.property(fc.array(block, { minLength: 1, maxLength: 4 }), (blocks) => {
				const doc = schema.node('doc', null, blocks);
				expect(outline(again(doc))).toEqual(outline(doc));
			}),
			{ numRuns: 1500 }
		);
	});

	test('and every mark between words is there again', () => {
		const word = fc.constantFrom('Who', 'says', 'so?', '(really)', '“quoted”', 'a*b', 'x_y', '1.');
		const leaf = fc
			.tuple(word, fc.subarray(['bold', 'italic', 'link']))
			.map(([words, on]) => [text(words, ...on), text(' ')]);
		fc.assert(
			fc.property(fc.array(leaf, { minLength: 1, maxLength: 6 }), (leaves) => {
				const doc = schema.node('doc', null, [schema.node('paragraph', null, leaves.flat())]);
				const marked = (node: Node) => {
					const found: string[] = [];
					node.descendants((one) => {
						for (const words of one.text?.split(' ') ?? [])
							if (words) found.push(`${words} ${one.marks.map((m) => m.type.name).join()}`);
					});
					return found;
				};
				expect(marked(again(doc))).toEqual(marked(doc));
			}),
			{ numRuns: 1000 }
		);
	});
});

test('what comes in cannot hold more than a comment can', () => {
	const doc = docOf(
		toContent(
			'# A\n\n| a |\n\n<script>x</script>\n\n![i](https://a.example/i.png)\n\n- [ ] task\n\n1. ```\n   x\n   ```'
		)
	);
	expect(plainWords(toMarkdown(doc))).toBe('A | a | <script>x</script> i [ ] task x');
});

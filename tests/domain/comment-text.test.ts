import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	mentionsIn,
	namesOnly,
	parseComment,
	plainWords,
	type CommentBlock
} from '../../src/lib/domain/comment-text.ts';
import { hostBeside } from '../../src/lib/domain/comment-link.ts';
import type { Inline } from '../../src/lib/domain/comment-inline.ts';

/** The tree as a line: what a reader would see, with its structure. */
const shown = (blocks: CommentBlock[]): string =>
	blocks
		.map((block) => {
			if (block.type === 'paragraph') return `p(${inline(block.children)})`;
			if (block.type === 'code') return `pre(${block.text})`;
			if (block.type === 'quote') return `quote(${shown(block.children)})`;
			const items = block.items.map((item) => `li(${shown(item)})`).join('');
			return `${block.ordered ? `ol${block.start}` : 'ul'}(${items})`;
		})
		.join('');
const inline = (parts: Inline[]): string =>
	parts
		.map((part) => {
			if (part.type === 'text') return part.text;
			if (part.type === 'break') return '⏎';
			if (part.type === 'mention') return `{@${part.name} ${part.principal}}`;
			if (part.type === 'code') return `code(${part.text})`;
			if (part.type === 'link') return `a(${inline(part.children)} ${part.href})`;
			return `${part.type}(${inline(part.children)})`;
		})
		.join('');
const hrefs = (markdown: string): string[] =>
	[...JSON.stringify(parseComment(markdown)).matchAll(/"href":"([^"]*)"/g)].map(([, href]) => href!);
const read = (markdown: string) => shown(parseComment(markdown));

describe('Markdown as people and programs write it', () => {
	test.each([
		['', ''],
		['Just words', 'p(Just words)'],
		['one\ntwo', 'p(one⏎two)'],
		['one  \r\ntwo\\\nthree', 'p(one⏎two⏎three)'],
		['one\n\n\ntwo', 'p(one)p(two)'],
		['   aligned\n     more', 'p(   aligned⏎     more)'],
		[
			'**bold** and *italic*, __bold__ and _italic_',
			'p(strong(bold) and em(italic), strong(bold) and em(italic))'
		],
		['***both***', 'p(em(strong(both)))'],
		['**bold *both* bold**', 'p(strong(bold em(both) bold))'],
		['*a **b***', 'p(em(a strong(b)))'],
		['a*b**c**d*e', 'p(aem(bstrong(c)d)e)'],
		['**Note:**this, un*believ*able', 'p(strong(Note:)this, unem(believ)able)'],
		['snake_case_name and 2 * 3 * 4', 'p(snake_case_name and 2 * 3 * 4)'],
		['**open, *crossed** over*', 'p(em(em(open, em(crossed)) over))'],
		['**bold\nover a line**', 'p(strong(bold⏎over a line))'],
		['`code *as is* \\`', 'p(code(code *as is* \\))'],
		['`` a ` b ``', 'p(code(a ` b))'],
		['`never closed', 'p(`never closed)'],
		['\\*not\\* \\[x\\] \\<b> C:\\temp', 'p(*not* [x] <b> C:\\temp)'],
		['AT&amp;T &#60;b&#x3e; &bogus; &#0;', 'p(AT&T <b> &bogus; \ufffd)'],
		['> quoted\n> more\nanswer', 'p(answer)'.replace('p(', 'quote(p(quoted⏎more))p(')],
		['> > twice\n>\n> once', 'quote(quote(p(twice))p(once))'],
		['- one\n- two\n  - deep\n\n- three', 'ul(li(p(one))li(p(two)ul(li(p(deep))))li(p(three)))'],
		['1. one\n\n   more\n2. two\nafter', 'ol1(li(p(one)p(more))li(p(two)))p(after)'],
		['3) three\n4) four', 'ol3(li(p(three))li(p(four)))'],
		['1. one\n\t- deep', 'ol1(li(p(one)ul(li(p(deep)))))'],
		['- one\n* another list', 'ul(li(p(one)))ul(li(p(another list)))'],
		['He was born in\n1984. Really', 'p(He was born in⏎1984. Really)'],
		['-\n+1\n-- so', 'p(-⏎+1⏎-- so)'],
		['```js\nlet a = "<b>";\n\n  // *x*\n```\nafter', 'pre(let a = "<b>";\n\n  // *x*)p(after)'],
		['~~~\nnever closed', 'pre(never closed)'],
		['- code:\n  ```\n  in a list\n  ```', 'ul(li(p(code:)pre(in a list)))'],
		['## A *heading* ##\ntext', 'p(strong(A em(heading)))p(text)'],
		['#hashtag', 'p(#hashtag)'],
		['---\n***\n- - -', 'p(---⏎***⏎- - -)'],
		['Title\n=====', 'p(Title⏎=====)'],
		['| a | b |\n| - | - |', 'p(| a | b |⏎| - | - |)'],
		['~~gone~~ [^1]', 'p(~~gone~~ [^1])']
	])('%j', (markdown, expected) => expect(read(markdown)).toBe(expected));
});

describe('links', () => {
	test.each([
		['[a *site*](https://a.example/b)', 'p(a(a em(site) https://a.example/b))'],
		['[x](<https://a.example/b c> "title")', 'p(a(x https://a.example/b%20c))'],
		[
			'[x](https://a.example/Ilm_(river)) [x](https://a.example/\\))',
			'p(a(x https://a.example/Ilm_(river)) a(x https://a.example/)))'
		],
		['[](https://a.example/)', 'p(a(https://a.example/ https://a.example/))'],
		[
			'[write](mailto:desk@a.example) <desk@a.example>',
			'p(a(write mailto:desk@a.example) a(desk@a.example mailto:desk@a.example))'
		],
		['![a *map*](https://a.example/map.png)', 'p(a(a em(map) https://a.example/map.png))'],
		[
			'[[https://a.example/x](https://b.example/)](https://c.example/)',
			'p([a(https://a.example/x https://b.example/)](a(https://c.example/ https://c.example/)))'
		],
		['<https://a.example/b_c>', 'p(a(https://a.example/b_c https://a.example/b_c))'],
		['**https://a.example/b**', 'p(strong(a(https://a.example/b https://a.example/b)))'],
		['[x] (https://a.example/), [x](y z)', 'p([x] (a(https://a.example/ https://a.example/)), [x](y z))']
	])('%j', (markdown, expected) => expect(read(markdown)).toBe(expected));

	test.each([
		['no link', 'Just words', []],
		['a link at the end of a sentence', 'See https://a.example/b.', ['https://a.example/b']],
		['in brackets', '(https://a.example/b)', ['https://a.example/b']],
		['in brackets at the end', '(see https://a.example/b).', ['https://a.example/b']],
		['with brackets of its own', 'https://a.example/Ilm_(river)', ['https://a.example/Ilm_(river)']],
		['in a list with underscores', '- https://a.example/_b_c_/d', ['https://a.example/_b_c_/d']],
		[
			'several',
			'http://a.example and https://b.example/?x=1&y=2!',
			['http://a.example/', 'https://b.example/?x=1&y=2']
		],
		['another scheme', 'javascript:alert(1) ftp://a.example', []],
		['broken', 'https:// http://[', []]
	])('an address that stands alone: %s', (_name, words, expected) => {
		expect(plainWords(words)).toBe(words.replace(/^- /, ''));
		expect(hrefs(words)).toEqual(expected);
	});
});

describe('nothing in it can run', () => {
	test.each([
		'<script>alert(1)</script>',
		'<img src=x onerror="alert(1)">',
		'<a href="javascript:alert(1)">x</a>',
		'<!-- <b onclick=alert(1)> -->',
		'[x](javascript:alert(1))',
		'[x](JaVaScRiPt:alert(1))',
		'[x](data:text/html,<script>alert(1)</script>)',
		'[x](vbscript:msgbox)',
		'[x](file:///etc/passwd)',
		'[x](/articles/1)',
		'[x](//evil.example)',
		'![x](javascript:alert(1))',
		'![x](data:image/svg+xml;base64,PHN2Zz4=)',
		'<javascript:alert(1)>',
		'[x]: javascript:alert(1)',
		'[@x](javascript:alert(1))',
		'[@x](user:../../x)'
	])('%s is the words it is', (markdown) => expect(read(markdown)).toBe(`p(${markdown})`));
	test.each([
		['[x](java&#115;cript:alert(1))'],
		['[x](java\\script:alert(1))'],
		['[x](&#106;avascript:alert(1))'],
		['[x](<java\tscript:alert(1)>)'],
		['[x]( javascript&colon;alert(1))'],
		['&#60;script&#62;alert(1)&lt;/script&gt;']
	])('%s opens nothing', (markdown) => expect(read(markdown)).not.toContain('a('));

	test('whatever is written, a link begins with http:, https: or mailto:', () => {
		const bits = fc.constantFrom(
			'[',
			']',
			'(',
			')',
			'<',
			'>',
			'!',
			'*',
			'_',
			'`',
			'\\',
			'\n',
			' ',
			'"',
			'&#58;',
			':',
			'/',
			'@',
			'a',
			'javascript:',
			'data:',
			'https://a.example',
			'mailto:',
			'user:a',
			'x',
			'> ',
			'- ',
			'1. ',
			'```',
			'\t'
		);
		fc.assert(
			fc.property(fc.array(bits, { maxLength: 60 }), (parts) => {
				for (const href of hrefs(parts.join(''))) expect(href).toMatch(/^(https?|mailto):/);
			}),
			{ numRuns: 1500 }
		);
	});
});

describe('mentions', () => {
	test('say whom', () => {
		const markdown =
			'Ask [@Ann \\*A\\*](user:ann-1) and [@Gus](guest:g_2)\n\n> [@Ann](user:ann-1)\n\n- **[@Bo](user:bo)**';
		expect(read(markdown)).toBe(
			'p(Ask {@Ann *A* user:ann-1} and {@Gus guest:g_2})quote(p({@Ann user:ann-1}))ul(li(p(strong({@Bo user:bo}))))'
		);
		expect(mentionsIn(markdown)).toEqual(['user:ann-1', 'guest:g_2', 'user:bo']);
		expect(plainWords(markdown)).toBe('Ask @Ann *A* and @Gus @Ann @Bo');
	});
	test('are names alone for other programs', () =>
		expect(namesOnly('**[@Ann \\*A\\*](user:ann-1)**, [@Gus](guest:g) [x](https://a.example/) [@x](y)')).toBe(
			'**@Ann \\*A\\***, @Gus [x](https://a.example/) [@x](y)'
		));
	test.each(['[Ann](user:ann)', '![@Ann](user:ann)', '`[@Ann](user:ann)`', '\\[@Ann](user:ann)'])(
		'%s is none',
		(markdown) => expect(mentionsIn(markdown)).toEqual([])
	);
});

test.each([
	['**Is** this\n\n- right?\n- _or_ `wrong`', 'Is this right? or wrong'],
	['> said\n\n```\ncode\n```', 'said code'],
	['', '']
])('the words of %j in a line', (markdown, words) => expect(plainWords(markdown)).toBe(words));

describe('10,000 hostile characters', () => {
	const fill = (part: string) => part.repeat(Math.ceil(10_000 / part.length)).slice(0, 10_000);
	const depth = (value: unknown): number =>
		typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0;
	const stairs = Array.from({ length: 130 }, (_, i) => `${' '.repeat(i)}- a`).join('\n');
	test.each(
		[
			...[
				'>',
				'> ',
				'- ',
				'1. ',
				'*',
				'_',
				'*a ',
				'*a**',
				'_a',
				'[',
				'![',
				'[a](',
				'[a](<',
				'<a ',
				'`',
				'``` ',
				'~~~\n'
			],
			...[
				'\\',
				'&#',
				'http://',
				'https://a)',
				'a@',
				'**a *b ',
				'*a_b ',
				'> - ',
				']',
				'[]',
				'](user:a)',
				'#',
				'# #',
				'\t'
			],
			...['- a\n\n', '[a]: b\n', '<a@b.', '(', ')', '\n', '*a\n']
		]
			.map(fill)
			.concat(
				stairs,
				'*'.repeat(5000) + 'a' + '*'.repeat(5000),
				'['.repeat(5000) + ']'.repeat(5000),
				'*a '.repeat(1600) + 'a* '.repeat(1600),
				`a${' '.repeat(9998)}b`,
				Array.from({ length: 140 }, (_, i) => '`'.repeat(i)).join(' ')
			)
	)('%#: are read, and nothing is nested without end', (markdown) => {
		const blocks = parseComment(markdown);
		expect(depth(blocks)).toBeLessThan(100);
		plainWords(markdown);
		mentionsIn(markdown);
	});
});

test.each([
	['the report', 'https://a.example/x', null],
	['a.example', 'https://www.a.example/x', null],
	['https://www.a.example/x', 'https://a.example/x', null],
	['The Wire (wire.example)', 'https://news.wire.example/', null],
	['bücher.example', 'https://xn--bcher-kva.example/', null],
	['desk@a.example', 'mailto:desk@a.example', null],
	['https://bank.example', 'https://evil.example/?bank.example', 'evil.example'],
	['bank.example', 'https://bank.example.evil.example/', 'bank.example.evil.example'],
	['bank.example', 'https://notbank.example/', 'notbank.example'],
	['desk@a.example', 'mailto:thief@b.example', 'thief@b.example'],
	['\u202eelpmaxe.knab', 'https://evil.example/', 'evil.example'],
	['ba\u200bnk', 'https://evil.example/', 'evil.example']
])('words that name another address: %j to %s', (words, href, host) =>
	expect(hostBeside(words, href)).toBe(host)
);

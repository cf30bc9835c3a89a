import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import * as plain from '../../src/lib/domain/plain-text.ts';
import { SAMPLE_STORY } from '../../src/lib/domain/sample-story.ts';
import { realFiles } from './stories.ts';

const { articleText, decodeUtf8, firstWords, MAX_ARTICLE_BYTES, paragraphsOf } = plain;

describe('paragraphs', () => {
	test.each([
		['one\ntwo', ['one', 'two'], 'LF'],
		['one\r\ntwo\r\n', ['one', 'two'], 'CRLF'],
		['one\rtwo', ['one', 'two'], 'CR'],
		['one\n\r\n \t \n\n\u00a0\ntwo', ['one', 'two'], 'blank lines of every kind'],
		['\ufeffone\n  two  ', ['one', 'two'], 'a BOM, and blanks around'],
		['a  b\tc', ['a  b\tc'], 'blanks within stay'],
		['a\u2028b\u0085c', ['a\u2028b\u0085c'], 'other separators are characters'],
		['', [], 'nothing']
	])('%j → %j: %s', (text, expected) => expect(paragraphsOf(text)).toEqual(expected));

	it('loses and adds nothing but blank lines and blanks at the ends', () => {
		fc.assert(
			fc.property(fc.array(fc.string({ unit: 'binary' })), (lines) => {
				const expected = lines.flatMap((line) => line.split(/[\r\n]/)).map((line) => line.trim());
				expect(paragraphsOf(lines.join('\r\n'))).toEqual(expected.filter(Boolean));
				expect(paragraphsOf(articleText(paragraphsOf(lines.join('\n'))))).toEqual(expected.filter(Boolean));
			})
		);
	});

	it('takes real files as they are', () => {
		for (const [name, bytes] of realFiles) {
			const lines = Buffer.from(bytes).toString('utf8').split('\n');
			const expected = lines.map((line) => line.trim()).filter((line) => line !== '');
			expect(articleText(paragraphsOf(decodeUtf8(bytes))), name).toBe(expected.join('\n'));
			expect(plain.whatIsWrong(decodeUtf8(bytes)), name).toBeNull();
		}
	});
});

describe('what comes in', () => {
	it('is UTF-8, with a BOM or not', () => {
		expect(decodeUtf8(new TextEncoder().encode('\ufeffKyiv “said”'))).toBe('Kyiv “said”');
		for (const bytes of [[0xff, 0xfe, 65, 0], [0xe4], [0xed, 0xa0, 0x80], [0xc0, 0x80]])
			expect(() => decodeUtf8(new Uint8Array(bytes))).toThrow('UTF-8');
	});
	test.each([
		['A text.\n\twith tabs\f', null],
		['a\0b', 'U+0000'],
		['\x1b[31m', 'U+001B'],
		['%PDF-1.7\x05', 'U+0005'],
		['half \ud800 a pair', 'surrogate'],
		[' \n\u00a0\ufeff', 'nothing'],
		['', 'nothing']
	])('%j: %s', (text, wrong) => {
		if (wrong === null) expect(plain.whatIsWrong(text)).toBeNull();
		else expect(plain.whatIsWrong(text)).toContain(wrong);
	});
	it('is at most 2 MB, and says so', () => {
		expect(plain.tooLarge(MAX_ARTICLE_BYTES)).toBeNull();
		expect(plain.tooLarge(MAX_ARTICLE_BYTES + 1)).toContain('2 MB at most');
	});
});

describe('first lines that stand over the text already', () => {
	const TITLE = 'Bridge stays closed';
	const TEXT = ['The bridge stays closed until Friday.', 'So it is.'];
	test.each([
		['the headline', [TITLE, ...TEXT], 1],
		['with other spaces and letters', ['  BRIDGE  stays closed ', ...TEXT], 1],
		[
			'a section before it, date and byline after it',
			['Region', TITLE, '17 March 2026', 'By Ines Valdorf', ...TEXT],
			4
		],
		['none', TEXT, 0],
		['a date alone', ['17 March 2026', ...TEXT], 0],
		['a sentence before the headline', [TEXT[0]!, TITLE, TEXT[1]!], 0],
		['a short sentence after it is text', [TITLE, 'So it is.'], 1],
		['nothing but the headline', [TITLE], 1],
		['no text', [], 0]
	])('%s', (_name, lines, count) => expect(plain.repeatedHead(lines, TITLE)).toBe(count));
	test('of the sample story', () =>
		expect(SAMPLE_STORY.map(({ title, text }) => plain.repeatedHead(paragraphsOf(text), title))).toEqual([
			2, 2, 1
		]));
});

describe('a title', () => {
	const BODY = 'The mayor said on Tuesday that the bridge would stay shut for at least three weeks.';
	test.each<[string[], string | null, string]>([
		[['Mayor shuts bridge', BODY], 'Mayor shuts bridge', 'a headline'],
		[['World', 'Mayor shuts bridge', BODY], 'Mayor shuts bridge', 'below a section'],
		[
			['US Politics', '17 March 2026', 'By Ines Valdorf', 'Mayor shuts bridge'],
			'Mayor shuts bridge',
			'below all'
		],
		[['2026-03-17', 'Is the bridge safe?', BODY], 'Is the bridge safe?', 'a question'],
		[['Published: March 17, 2026', BODY], null, 'a date is none'],
		[[BODY, 'Mayor shuts bridge'], null, 'a sentence is none, and nothing below it'],
		[['Talks to begin in the U.S.', BODY], 'Talks to begin in the U.S.', 'an abbreviation ends no sentence'],
		[['“Nobody crosses”: mayor shuts bridge'], '“Nobody crosses”: mayor shuts bridge', 'with a quote'],
		[['市長が橋を閉鎖', BODY], '市長が橋を閉鎖', 'without spaces'],
		[['x '.repeat(100), BODY], null, 'too long'],
		[['World'], null, 'a section alone'],
		[[], null, 'nothing']
	])('%j → %j: %s', (paragraphs, expected) => {
		expect(plain.proposeTitle(paragraphs)).toBe(expected);
		expect(plain.titleFrom(paragraphs)).not.toBe('');
	});

	it('is found in the sample story', () => {
		for (const { title, text } of SAMPLE_STORY) expect(plain.proposeTitle(paragraphsOf(text))).toBe(title);
	});

	it('is the headline of a real article, never its date or section', () => {
		const titles = realFiles.map(([, bytes]) => plain.titleFrom(paragraphsOf(decodeUtf8(bytes))));
		if (titles.length === 0) return;
		expect(titles).toEqual([
			'Ukrainian President Volodymyr Zelensky said Sunday he would be willing to meet Russian counterpart…',
			'Ukrainian President Volodymyr Zelensky has extended an invitation to Russian President Vladimir…',
			'Zelensky Calls for Meeting with Putin in Turkey After Trump Urges Direct Talks'
		]);
	});

	it('is never empty, never over 200, whatever comes', () => {
		fc.assert(
			fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 400 })), (lines) => {
				const title = plain.titleFrom(paragraphsOf(lines.join('\n')));
				expect(title.trim()).not.toBe('');
				expect(title.length).toBeLessThanOrEqual(200);
				expect(title.isWellFormed()).toBe(true);
			})
		);
		expect(firstWords('aaa bbb ccc', 9)).toBe('aaa bbb…');
		expect(firstWords('😀😀😀😀', 6)).toBe('😀😀…');
	});
});

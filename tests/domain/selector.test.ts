import fc from 'fast-check';
import { describe as group, expect, it, test } from 'vitest';
import { ACCEPTED, allowedErrors, anchorQuote, describe, findUnique } from '../../src/lib/domain/selector.ts';
import { resolveRange, toCodePoints, type Quote } from '../../src/lib/domain/selector.ts';
import { quoteOf } from './make.ts';
import { texts } from './stories.ts';

const TEXT = [
	'The mayor said on Tuesday that the bridge would stay shut.',
	'“Nobody crosses until the engineers tell me that they would cross it with their own children,” she said.',
	'The engineers said nothing. The bridge was opened in 1965 😀 by another mayor.'
].join('\n');

const words = (text: string, range: { from: number; to: number } | null) =>
	range && text.slice(range.from, range.to);

group('describe', () => {
	it('keeps the quote and 32 characters on each side', () => {
		expect(quoteOf(TEXT, 'engineers tell')).toEqual({
			exact: 'engineers tell',
			prefix: 'y shut.\n“Nobody crosses until the '.slice(-32),
			suffix: ' me that they would cross it wit',
			from: TEXT.indexOf('engineers tell'),
			to: TEXT.indexOf('engineers tell') + 14
		});
		expect(quoteOf('one two', 'one')).toMatchObject({ prefix: '', suffix: ' two' });
	});
	it('never cuts a surrogate pair, at any place', () => {
		fc.assert(
			fc.property(
				fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }),
				fc.nat(),
				fc.nat(),
				(text, a, b) => {
					const from = a % text.length;
					const to = from + 1 + (b % (text.length - from));
					const quote = describe(text, from, to);
					for (const part of [quote.exact, quote.prefix, quote.suffix])
						expect(part.isWellFormed()).toBe(true);
					expect(quote.from).toBeLessThanOrEqual(from);
					expect(quote.to).toBeGreaterThanOrEqual(to);
					expect(text.slice(quote.from, quote.to)).toBe(quote.exact);
				}
			)
		);
	});
	test.each([
		[3, 3],
		[-1, 2],
		[0, 1000],
		[5, 4],
		[NaN, 4]
	])('refuses %d to %d', (from, to) => expect(() => describe(TEXT, from, to)).toThrow(RangeError));
});

group('anchorQuote', () => {
	/** [what stands in the text, the edit, the passage afterwards (null: an orphan), what it shows] */
	test.each<[string, (text: string) => string, string | null, string]>([
		['engineers tell', (t) => t, 'engineers tell', 'nothing changed'],
		['engineers tell', (t) => `A new beginning.\n${t}`, 'engineers tell', 'all moved'],
		[
			'“Nobody crosses',
			(t) => t.split('\n').reverse().join('\n'),
			'“Nobody crosses',
			'paragraphs changed places'
		],
		[
			'would stay shut',
			(t) => t.replace('would stay shut', 'would stay closed'),
			null,
			'half of few words retyped'
		],
		['would stay shut', (t) => t.replace('stay', 'stays'), 'would stays shut', 'one letter more'],
		['shut', (t) => t.replace('shut', 'shot'), null, 'a word has no errors'],
		[
			'said',
			(t) => t.replace('The mayor said on', 'The mayor spoke on'),
			null,
			'a common word does not jump'
		],
		['shut', (t) => t.replace('that the bridge would stay', 'it was to be'), 'shut', 'one side changed'],
		[
			'Nobody crosses until the engineers tell me that they would cross it',
			(t) => t.replace('tell me that they', 'tell me they'),
			'Nobody crosses until the engineers tell me they would cross it',
			'a word less'
		],
		[
			'said on Tuesday that the bridge would stay shut.\n“Nobody crosses until',
			(t) => t.replace('Tuesday', 'Wednesday').replace('\n', ' '),
			'said on Wednesday that the bridge would stay shut. “Nobody crosses until',
			'across paragraphs'
		],
		[
			'bridge was opened in 1965 😀',
			(t) => t.replace('😀', '😁'),
			'bridge was opened in 1965 😁',
			'half a pair'
		],
		['The bridge was opened in 1965 😀', (t) => t.replace(/The bridge was.*/, ''), null, 'deleted']
	])('%j after an edit → %j: %s', (passage, edit, expected) => {
		const text = edit(TEXT);
		const match = anchorQuote(text, quoteOf(TEXT, passage));
		expect(words(text, match)).toBe(expected);
		if (match) expect(match.score).toBeGreaterThanOrEqual(ACCEPTED);
	});

	test.each<[string, Quote, number | null, string]>([
		['ab ab ab', { exact: 'ab', from: 4 }, 3, 'the nearest'],
		['ab ab ab', { exact: 'ab' }, 0, 'the first, when no place is said'],
		[
			'x ab y, z ab w',
			{ exact: 'ab', prefix: 'z ', suffix: ' w', from: 0 },
			10,
			'the context goes before nearness'
		],
		['x ab y, z ab w', { exact: 'ab', suffix: ' w' }, 10, 'a suffix alone tells'],
		['one ab two, six ab two', { exact: 'ab', prefix: 'sax ', suffix: ' two' }, 16, 'the better context'],
		['Chinese machines', { exact: 'Linus' }, null, 'a name is no part of another word'],
		['nothing here', { exact: 'something else entirely' }, null, 'not there'],
		['abc', { exact: '' }, null, 'nothing to find'],
		['', { exact: 'abc', from: 9 }, null, 'nowhere to look'],
		['abc', { exact: 'abc', from: 999 }, 0, 'a place beyond the end']
	])('in %j %j → %j: %s', (text, quote, from) => {
		expect(anchorQuote(text, quote)?.from ?? null).toBe(from);
	});

	it('is stricter with short quotes', () => {
		expect([1, 7, 8, 31, 32, 100, 1000].map((length) => allowedErrors(length) / length)).toEqual(
			[1, 7, 8, 31, 32, 100, 1000].map((length) => allowedErrors(length) / length).sort((a, b) => a - b)
		);
		expect(allowedErrors(7)).toBe(0);
	});

	test.each(texts)('finds every phrase again in its text: %s', (_, text) => {
		for (const found of text.matchAll(/\S+ \S+ \S+/g)) {
			const quote = describe(text, found.index, found.index + found[0].length);
			const match = anchorQuote(`Something new.\n${text}`, { ...quote, from: undefined });
			expect(match).toEqual({ from: quote.from + 15, to: quote.to + 15, score: 1 });
		}
	});

	it('finds any range again where nothing changed', () => {
		const anyText = fc.string({
			unit: fc.constantFrom('a', 'b', ' ', '\n', '😀', 'é'),
			minLength: 1,
			maxLength: 200
		});
		fc.assert(
			fc.property(anyText, fc.nat(), fc.nat(), (text, a, b) => {
				const from = a % text.length;
				const quote = describe(text, from, from + 1 + (b % (text.length - from)));
				expect(anchorQuote(text, quote)).toEqual({ from: quote.from, to: quote.to, score: 1 });
				expect(resolveRange(text, quote, null)).toEqual({ from: quote.from, to: quote.to });
			})
		);
	});

	it('finds an edited passage of several paragraphs by its ends', () => {
		const [, text] = texts[0]!;
		const quote = describe(text, 100, 1000);
		const edited = `New.\n${text.replace('Fenwright told', 'Fenwright has told').replace('forearm', 'arm')}`;
		const found = words(edited, anchorQuote(edited, quote))!;
		expect(found.startsWith(quote.exact.slice(0, 20))).toBe(true);
		expect(found.endsWith(quote.exact.slice(-20))).toBe(true);
	});

	it('takes bounded time in a text of a million characters', () => {
		const long = TEXT.repeat(Math.ceil(1e6 / TEXT.length));
		const started = performance.now();
		for (const length of [10, 100, 1000, 20_000])
			anchorQuote(long, { exact: 'qwrt zxcv '.repeat(length / 10), prefix: 'q', suffix: 'z', from: 500_000 });
		expect(performance.now() - started).toBeLessThan(2000);
	});
});

group('resolveRange', () => {
	const quote = quoteOf(TEXT, 'The bridge was');
	const there = { from: quote.from, to: quote.to };
	it('takes the relative range while its words are the quote, wherever it is', () => {
		const text = `The bridge was here. ${TEXT}`;
		expect(resolveRange(text, quote, { from: 0, to: 14 })).toEqual({ from: 0, to: 14 });
	});
	it('else finds the quote, and else there is none', () => {
		expect(resolveRange(TEXT, quote, { from: 3, to: 3 })).toEqual(there);
		expect(resolveRange(TEXT, quote, null)).toEqual(there);
		expect(resolveRange('Other words.', quote, { from: 0, to: 5 })).toBeNull();
		expect(resolveRange(TEXT, {}, null)).toBeNull();
	});
});

group('findUnique', () => {
	test.each<[string, Quote, unknown, string]>([
		['a ab c', { exact: 'ab' }, { from: 2, to: 4 }, 'once'],
		['a ab c', { exact: 'ab', prefix: 'elsewhere' }, { from: 2, to: 4 }, 'once, whatever the prefix'],
		['a ab c', { exact: 'x' }, 'missing', 'not there'],
		['a Ab c', { exact: 'ab' }, 'missing', 'not word for word'],
		['a ab c', { exact: '' }, 'missing', 'nothing'],
		['1 ab 2 ab 3', { exact: 'ab' }, 'ambiguous', 'twice'],
		['1 ab 2 ab 3', { exact: 'ab', prefix: '2 ' }, { from: 7, to: 9 }, 'a prefix tells'],
		['1 ab 2 ab 3', { exact: 'ab', suffix: ' 2' }, { from: 2, to: 4 }, 'a suffix tells'],
		['1 ab 2 ab 3', { exact: 'ab', prefix: ' ' }, 'ambiguous', 'a prefix that tells nothing'],
		['1 ab 2 ab 3', { exact: 'ab', prefix: 'zzz' }, 'ambiguous', 'a prefix that is nowhere'],
		['one\nab, two ab', { exact: 'ab', prefix: 'one  ' }, { from: 4, to: 6 }, 'other white space'],
		['aaa', { exact: 'aa' }, 'ambiguous', 'overlapping']
	])('in %j %j → %j: %s', (text, quote, expected) => expect(findUnique(text, quote)).toEqual(expected));
});

group('code points', () => {
	test.each<[string, number, number]>([
		['abc', 2, 2],
		['a😀b', 1, 1],
		['a😀b', 3, 2],
		['a😀b', 4, 3],
		['😀😀', 4, 2],
		['\ud83d', 1, 1],
		['é', 1, 1]
	])('of %j: %d UTF-16 units are %d', (text, units, points) => {
		expect(toCodePoints(text).fromUtf16(units)).toBe(points);
		expect(toCodePoints(text).toUtf16(points)).toBe(units);
	});

	it('goes there and back at every code point', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (text) => {
				const points = toCodePoints(text);
				let units = 0;
				for (const [index, character] of [...text].entries()) {
					expect(points.toUtf16(index)).toBe(units);
					expect(points.fromUtf16(units)).toBe(index);
					units += character.length;
				}
				expect(points.fromUtf16(text.length)).toBe([...text].length);
			})
		);
	});

	it('is fast in a long text', () => {
		const text = 'abc😀'.repeat(250_000);
		const started = performance.now();
		const points = toCodePoints(text);
		for (let i = 0; i < 20_000; i++) points.toUtf16(points.fromUtf16(i * 50));
		expect(performance.now() - started).toBeLessThan(1000);
	});
});

import { describe, expect, it } from 'vitest';
import { paragraphsOf, proposeTitle, whatIsWrong } from '../../src/lib/domain/plain-text.ts';
import { SAMPLE_STORY } from '../../src/lib/domain/sample-story.ts';

describe('the sample story', () => {
	it('is three short articles that come in like all others', () => {
		expect(SAMPLE_STORY).toHaveLength(3);
		for (const { title, text } of SAMPLE_STORY) {
			const paragraphs = paragraphsOf(text);
			expect(paragraphs.length).toBeGreaterThanOrEqual(8);
			expect(paragraphs.length).toBeLessThanOrEqual(14);
			expect(whatIsWrong(text)).toBeNull();
			expect(proposeTitle(paragraphs)).toBe(title);
		}
	});
	it('stands at addresses that nobody has', () => {
		for (const { source } of SAMPLE_STORY)
			expect(new URL(source.url).hostname).toMatch(/\.example\.(org|com)$/);
	});
	it('quotes one person in three ways', () => {
		const quotes = SAMPLE_STORY.map(
			({ text }) => /[^“]*their own children|[^“]*long queue[^”]*/.exec(text)?.[0]
		);
		expect(new Set(quotes).size).toBe(3);
	});
	it('ends one article in a cut-off sentence and a sign-up line', () => {
		const lines = SAMPLE_STORY.map(({ text }) => paragraphsOf(text).slice(-2));
		expect(lines).toContainEqual([
			expect.stringMatching(/as soon as$/),
			'Subscribe to our newsletter to stay'
		]);
	});
});

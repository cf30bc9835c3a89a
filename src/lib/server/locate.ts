/** The passage that selectors of another program name. */
import { describe, findUnique, toCodePoints } from '../domain/selector.ts';
import type { Selector } from '../domain/w3c.ts';
import { invalid } from './errors.ts';

/**
 * Finds the passage and describes it anew. The quote decides; the position tells between several places where it
 * stands, or stands alone.
 * @throws {AppError} invalid: the quote is not there, or not unique; the position is not in the text
 */
export function locate(text: string, { exact, prefix, suffix, start, end }: Selector) {
	const points = toCodePoints(text);
	const from = start === undefined ? undefined : points.toUtf16(start);
	if (exact === undefined) {
		const to = points.toUtf16(end!);
		if (to > text.length)
			throw invalid(
				'target.selector',
				`The text has ${points.fromUtf16(text.length)} code points; the passage ends after it.`
			);
		return describe(text, from!, to);
	}
	const range = findUnique(text, { exact, prefix, suffix });
	if (range === 'missing') throw invalid('target.selector', 'The quote does not stand in the article.');
	if (range !== 'ambiguous') return describe(text, range.from, range.to);
	if (from !== undefined && text.startsWith(exact, from)) return describe(text, from, from + exact.length);
	throw invalid(
		'target.selector',
		'The quote stands in the article more than once: send a prefix and suffix, or the position, that tell which.'
	);
}

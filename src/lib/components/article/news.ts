/** What others have just done, in a sentence for a screen reader. Pure. */
import type { Annotation } from '#lib/domain/annotation.ts';
import { plainWords } from '#lib/domain/comment-text.ts';

/** Annotations that are new since last time and not one's own. */
export const newSince = (seen: ReadonlySet<string>, now: Annotation[], me: string): Annotation[] =>
	now.filter(({ id, creator, deleted }) => !seen.has(id) && creator !== me && !deleted);

/** Empty when there is nothing to say. */
export function newsOf(fresh: Annotation[], nameOf: (annotation: Annotation) => string): string {
	const [first] = fresh;
	if (!first) return '';
	if (fresh.length > 1) return `${fresh.length} new comments and highlights by others.`;
	const name = nameOf(first);
	if (first.replyTo) return `${name} replied: ${plainWords(first.body ?? '')}`;
	const quote = first.exact ? ` on “${first.exact.slice(0, 80)}”` : '';
	return first.body
		? `${name} commented${quote}: ${plainWords(first.body)}`
		: `${name} highlighted${quote.replace(' on', '')}`;
}

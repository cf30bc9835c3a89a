/** Short ways to say people and annotations in tests of the domain. */
import { createHash } from 'node:crypto';
import type { Annotation } from '../../src/lib/domain/annotation.ts';
import { LIMITS } from '../../src/lib/domain/annotation.ts';
import type { Access, Actor, Role } from '../../src/lib/domain/policy.ts';
import { describe as describeQuote } from '../../src/lib/domain/selector.ts';

export const ARTICLE = '00000000-0000-4000-8000-00000000000a';
export const NOON = '2026-11-22T12:00:00.000Z';

/** The n-th UUID. */
export const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

export const member = (role: Role, id: string = role): Actor => ({
	kind: 'member',
	principal: `user:${id}`,
	name: id,
	role
});
export const guest = (access: Access, articleId: string = ARTICLE): Actor => ({
	kind: 'guest',
	principal: `guest:${access}`,
	name: access,
	access,
	articleId,
	layers: ['shared']
});

/** A comment by user:annotator, unless said otherwise. */
export const comment = (more: Partial<Annotation> = {}): Annotation => ({
	id: uuid(1),
	creator: 'user:annotator',
	created: NOON,
	motivation: 'commenting',
	body: 'Says who?',
	...more
});
export const reply = (more: Partial<Annotation> = {}): Annotation =>
	comment({ id: uuid(2), motivation: 'replying', replyTo: uuid(1), ...more });

/** The quote of `words` in the text, as an annotation keeps it. */
export function quoteOf(text: string, words: string): ReturnType<typeof describeQuote> {
	const from = text.indexOf(words);
	return describeQuote(text, from, from + words.length);
}

export const tooLong = (key: keyof typeof LIMITS): string => 'x'.repeat(LIMITS[key] + 1);

/** What `@` and `:` offer in the field of a comment. */
import type { Asked } from '#lib/editor/asked.ts';
import { findEmoji } from '#lib/editor/emoji.ts';
import type { ArticlePerson } from '#lib/live/article-people.ts';

export interface Choice {
	name: string;
	/** the emoji */
	sign?: string;
	/** the person */
	principal?: string;
	/** what tells two people of one name apart */
	hint?: string;
}

const folded = (words: string) => words.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** People by any word of their name, with or without accents. */
export function choicesFor({ sign, query }: Asked, people: ArticlePerson[]): Choice[] {
	if (sign === ':') return findEmoji(query).map(({ sign, name }) => ({ sign, name }));
	const wanted = folded(query);
	return people
		.filter(({ name }) => ` ${folded(name)}`.includes(` ${wanted}`))
		.map(({ principal, name, role }) => ({ principal, name, hint: role }));
}

/** What can be chosen in the filter, by the names that people read. */
import { labelName, type Label } from '#lib/domain/labels.ts';
import type { Principal } from '#lib/domain/principal.ts';
import { CONCERNS, FACETS, type Concern, type Counts, type Facet, type Filter } from './filter.ts';
import { KINDS, type Kind } from '../thread/thread-facts.ts';

/** What names are looked up in. */
export interface Names {
	labels: Label[];
	nameOf: (principal: Principal) => string;
}

export interface Choice {
	value: string;
	name: string;
	/** how many threads there would be */
	count: number;
	chosen: boolean;
}
export interface Section {
	key: Facet | 'only';
	title: string;
	choices: Choice[];
}

const TITLES: Record<Facet | 'only', string> = {
	only: 'For you',
	kind: 'Kind',
	label: 'Label',
	tag: 'Tag',
	by: 'Person',
	assignee: 'Assigned to'
};
const CONCERN_NAMES: Record<Concern, string> = {
	unread: 'Unread',
	mentions: 'Mentions you',
	assigned: 'Assigned to you',
	mine: 'You wrote in it'
};
const KIND_NAMES: Record<Kind, string> = {
	comment: 'Comments',
	question: 'Questions',
	highlight: 'Highlights',
	suggestion: 'Suggestions',
	note: 'On the whole article'
};

export function choiceName(key: Facet | 'only', value: string, { labels, nameOf }: Names): string {
	if (key === 'only') return CONCERN_NAMES[value as Concern];
	if (key === 'kind') return KIND_NAMES[value as Kind] ?? value;
	if (key === 'label') return labelName(labels, value);
	return key === 'tag' ? value : nameOf(value as Principal);
}

/** All that there is to choose from; what is chosen stays, though there be none of it. */
export function sectionsOf(filter: Filter, counts: Counts, names: Names): Section[] {
	const only = CONCERNS.map((value) => choice('only', value, counts.only[value]));
	const facets = FACETS.map((key) => {
		const values = new Set([...counts.facets[key].keys(), ...filter[key]]);
		const choices = [...values].map((value) => choice(key, value, counts.facets[key].get(value) ?? 0));
		return { key, title: TITLES[key], choices: choices.sort(orderOf(key, names)) };
	});
	return [{ key: 'only' as const, title: TITLES.only, choices: only }, ...facets].filter(
		({ choices }) => choices.length > 0
	);

	function choice(key: Facet | 'only', value: string, count: number): Choice {
		const chosen = (filter[key] as string[]).includes(value);
		return { value, name: choiceName(key, value, names), count, chosen };
	}
}

/** Kinds and labels as they are listed elsewhere, all else by name. */
function orderOf(key: Facet, { labels }: Names): (a: Choice, b: Choice) => number {
	const list: readonly string[] = key === 'kind' ? KINDS : key === 'label' ? labels.map(({ id }) => id) : [];
	const rank = ({ value }: Choice) => (list.includes(value) ? list.indexOf(value) : list.length);
	return (a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name);
}

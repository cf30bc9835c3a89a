/** Which threads are shown. It lives in the URL, so that a view can be sent to somebody. */
import type { Thread } from '#lib/domain/thread.ts';
import { factsOf, fold, type ThreadFacts } from '../thread/thread-facts.ts';

export { isResolved } from '../thread/thread-facts.ts';

/** Of each, nothing chosen lets everything through, several values any of them. */
export const FACETS = ['kind', 'label', 'tag', 'by', 'assignee'] as const;
export type Facet = (typeof FACETS)[number];

/** What concerns the one who reads; each that is chosen has to hold. */
export const CONCERNS = ['unread', 'mentions', 'assigned', 'mine'] as const;
export type Concern = (typeof CONCERNS)[number];

export type Filter = Record<Facet, string[]> & {
	status: 'open' | 'resolved' | 'all';
	only: Concern[];
	/** each of its words is somewhere in the thread */
	text: string;
};

/** Who reads. */
export interface Reader {
	/** principal */
	me: string;
	/** @param id of a thread */
	isUnread: (id: string) => boolean;
}

export const NO_FILTER: Filter = {
	status: 'open',
	only: [],
	text: '',
	kind: [],
	label: [],
	tag: [],
	by: [],
	assignee: []
};

export function parseFilter(search: URLSearchParams): Filter {
	const status = search.get('status');
	const chosen = Object.fromEntries(FACETS.map((facet) => [facet, search.getAll(facet)]));
	return {
		...(chosen as Record<Facet, string[]>),
		status: status === 'resolved' || status === 'all' ? status : 'open',
		only: CONCERNS.filter((concern) => search.getAll('only').includes(concern)),
		text: search.get('q') ?? ''
	};
}

/** The search part of the URL, with what else stood in it. */
export function withFilter(search: URLSearchParams, filter: Filter): string {
	const next = new URLSearchParams(search);
	const put = (key: string, values: string[]) => {
		next.delete(key);
		for (const value of values) next.append(key, value);
	};
	put('status', filter.status === 'open' ? [] : [filter.status]);
	for (const facet of FACETS) put(facet, filter[facet]);
	put('only', filter.only);
	put('q', filter.text.trim() === '' ? [] : [filter.text]);
	return next.size > 0 ? `?${next}` : '';
}

/** Whether anything is chosen beside the state. */
export const isChosen = (filter: Filter): boolean =>
	filter.text.trim() !== '' || filter.only.length > 0 || FACETS.some((facet) => filter[facet].length > 0);

/** The filter with a value put in, or taken out where it was in. */
export function toggle<K extends Facet | 'only'>(filter: Filter, key: K, value: Filter[K][number]): Filter {
	const values = filter[key] as string[];
	const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
	return { ...filter, [key]: next };
}

/** Asks of one thread after the other whether the filter lets it through. */
export function passing(filter: Filter, reader: Reader): (thread: Thread) => boolean {
	const words = wordsOf(filter);
	return (thread) => failing(filter, words, thread, reader).length === 0;
}

/** How many threads there would be with each choice, all else of the filter kept. */
export interface Counts {
	status: Record<Filter['status'], number>;
	only: Record<Concern, number>;
	/** each value that is in the article, of which there may be none with this filter */
	facets: Record<Facet, Map<string, number>>;
}

/** One pass: a thread counts for a choice if it fails in nothing else. */
export function countThreads(filter: Filter, threads: Iterable<Thread>, reader: Reader): Counts {
	const counts: Counts = {
		status: { open: 0, resolved: 0, all: 0 },
		only: { unread: 0, mentions: 0, assigned: 0, mine: 0 },
		facets: { kind: new Map(), label: new Map(), tag: new Map(), by: new Map(), assignee: new Map() }
	};
	const words = wordsOf(filter);
	for (const thread of threads) {
		const facts = factsOf(thread);
		const fails = failing(filter, words, thread, reader);
		const counted = (what: Part) => fails.length === 0 || (fails.length === 1 && fails[0] === what);
		if (counted('status')) {
			counts.status[facts.status]++;
			counts.status.all++;
		}
		for (const concern of CONCERNS)
			if (counted(concern) && concerns(concern, facts, thread, reader)) counts.only[concern]++;
		for (const facet of FACETS) {
			const values = counts.facets[facet];
			const more = counted(facet) ? 1 : 0;
			for (const value of facts[facet]) values.set(value, (values.get(value) ?? 0) + more);
		}
	}
	return counts;
}

type Part = Facet | Concern | 'status' | 'text';

/** The parts of the filter that the thread does not pass. */
function failing(filter: Filter, words: string[], thread: Thread, reader: Reader): Part[] {
	const facts = factsOf(thread);
	const parts: Part[] = [];
	if (filter.status !== 'all' && facts.status !== filter.status) parts.push('status');
	for (const facet of FACETS) {
		const chosen = filter[facet];
		if (chosen.length > 0 && !facts[facet].some((value) => chosen.includes(value))) parts.push(facet);
	}
	for (const concern of filter.only) if (!concerns(concern, facts, thread, reader)) parts.push(concern);
	if (words.some((word) => !facts.words.includes(word))) parts.push('text');
	return parts;
}

const wordsOf = ({ text }: Filter): string[] => (text === '' ? [] : fold(text).split(/\s+/).filter(Boolean));

function concerns(concern: Concern, facts: ThreadFacts, { root }: Thread, { me, isUnread }: Reader): boolean {
	switch (concern) {
		case 'unread':
			return isUnread(root.id);
		case 'mentions':
			return facts.mentions.includes(me);
		case 'assigned':
			return root.assignee === me;
		case 'mine':
			return facts.by.includes(me);
	}
}

/** What there is to find on one desk: what its keys do, what its filter can show, who is here, and what was said. */
import { plainWords } from '#lib/domain/comment-text.ts';
import type { Principal } from '#lib/domain/principal.ts';
import { sectionsOf } from './choices.ts';
import type { Desk } from '../desk.svelte.ts';
import { isChosen, NO_FILTER, passing } from './filter.ts';
import { KEYS } from '../keys/keys.ts';
import type { Entry } from './palette.ts';

export const keyEntries = (desk: Desk): Entry[] =>
	KEYS.flatMap(({ keys }) => keys)
		.filter(({ keyOnly, when }) => !keyOnly && when(desk))
		.map(({ does, shown, run }) => ({
			id: does,
			name: does,
			group: 'Do',
			keys: shown,
			run: () => run(desk)
		}));

export const peopleEntries = ({ together }: Desk): Entry[] =>
	together.others.map(({ principal, name }) => ({
		id: `follow ${principal}`,
		name: `Follow ${name}`,
		detail: together.doingOf(principal) ?? undefined,
		group: 'People',
		run: () => together.follow.start(principal)
	}));

/** Each shows that and nothing else. */
export function filterEntries({ find, workspace }: Desk): Entry[] {
	const show = (id: string, name: string, detail: string | undefined, run: () => void): Entry => ({
		id: `show ${id}`,
		name,
		detail,
		group: 'Show',
		run
	});
	const states = (['open', 'resolved', 'all'] as const).map((status) =>
		show(status, `Show ${status} comments`, undefined, () => find.clear(status))
	);
	const names = {
		labels: workspace.everyLabel,
		nameOf: (principal: Principal) => workspace.nameOf(principal)
	};
	const choices = sectionsOf(NO_FILTER, find.counts, names).flatMap(({ key, title, choices }) =>
		choices.map(({ value, name }) =>
			show(`${key} ${value}`, `Show only: ${name}`, title, () =>
				find.choose({ ...NO_FILTER, status: find.filter.status, [key]: [value] })
			)
		)
	);
	const clear = show('everything', 'Clear the filter', undefined, () => find.clear());
	return [...(isChosen(find.filter) ? [clear] : []), ...states, ...choices];
}

export interface CommentEntry {
	id: string;
	name: string;
	detail: string;
}

/** comments offered */
const MANY = 20;

/** Threads in which all these words stand, in text order, resolved ones too; the rest is only counted. */
export function commentsWith(text: string, { workspace }: Desk): { found: CommentEntry[]; more: number } {
	if (text.trim().length < 2) return { found: [], more: 0 };
	const reader = { me: workspace.actor.principal, isUnread: () => false };
	const lets = passing({ ...NO_FILTER, status: 'all', text }, reader);
	const threads = workspace.threads.map(({ thread }) => thread).filter(lets);
	const found = threads.slice(0, MANY).map(({ root, replies, removed }) => {
		const quote = root.exact ? `“${shorten(root.exact)}”` : 'On the whole article';
		const said = (removed ? replies[0]?.body : root.body) ?? '';
		const state = root.status === 'resolved' ? ' · resolved' : '';
		const detail = `${workspace.nameOf(root.creator)}${said ? ` · ${quote}` : ''}${state}`;
		return { id: root.id, name: said ? shorten(plainWords(said)) : quote, detail };
	});
	return { found, more: threads.length - found.length };
}

const shorten = (words: string) => (words.length > 90 ? `${words.slice(0, 88).trimEnd()}…` : words);

/**
 * Who is in a room and what they show of themselves, as its awareness says; the server vouches for the names (RULES.md, R7).
 * Faces and places live in the text room. What has to do with threads lives in the room of their layer: whoever may not open
 * that learns nothing of it.
 */
import { untrack } from 'svelte';
import { createSubscriber } from 'svelte/reactivity';
import { isPrincipal, type Principal } from '../domain/principal.ts';
import type { Range } from '../domain/selector.ts';

/** What is used of an awareness (y-protocols). */
export interface Awareness {
	getStates(): States;
	getLocalState(): Record<string, unknown> | null;
	setLocalState(state: Record<string, unknown> | null): void;
	on(event: 'change', listener: () => void): void;
	off(event: 'change', listener: () => void): void;
}
type States = Map<number, Record<string, unknown>>;

export interface Somebody {
	principal: Principal;
	name: string;
	color: string;
}

/** Somebody in the text room. */
export interface Present extends Somebody {
	/** whether one of their tabs shows a caret */
	placed: boolean;
	/** the part of the plain text that they have before them; null: they do not say */
	view: Range | null;
	/** nothing was done for a while, or the tab is out of sight */
	idle: boolean;
	follows: Principal | null;
}

/** Somebody in a layer's room. */
export interface Busy extends Somebody {
	/** id of the thread that is open before them */
	open: string | null;
	/** id of the thread in which they are writing; NEW: a comment that is not there yet */
	writing: string | null;
}
export const NEW = 'new';

/** ms between two tellings of what one shows */
const TELL_EVERY = 250;

/** The people of one room. @param T what is known of each */
export class Presence<T extends Somebody> {
	#awareness: Awareness;
	#read: (states: States) => T[];
	#subscribe: () => void;
	#shown: Record<string, unknown> = {};
	#resting = false;

	constructor(awareness: Awareness, read: (states: States) => T[]) {
		this.#awareness = awareness;
		this.#read = read;
		this.#subscribe = createSubscriber((update) => {
			// the editor may show something of itself while the page is being drawn, as when it is taken away with the focus in it
			const changed = () => untrack(update);
			awareness.on('change', changed);
			return () => awareness.off('change', changed);
		});
	}

	/** One entry a person, however many tabs they have; by name. */
	get people(): T[] {
		this.#subscribe();
		return this.#read(this.#awareness.getStates());
	}

	/** Shows this of oneself from now on, beside what one shows already; a few times a second at most. */
	show(part: Record<string, unknown>): void {
		Object.assign(this.#shown, part);
		if (!this.#resting) this.#tell();
	}

	#tell(): void {
		const state = this.#awareness.getLocalState();
		const isNews = ([key, value]: [string, unknown]) =>
			JSON.stringify(state?.[key] ?? null) !== JSON.stringify(value);
		if (state === null || !Object.entries(this.#shown).some(isNews)) return;
		this.#awareness.setLocalState({ ...state, ...this.#shown });
		this.#resting = true;
		setTimeout(() => {
			this.#resting = false;
			this.#tell();
		}, TELL_EVERY);
	}
}

export const presentIn = (states: States): Present[] =>
	eachPerson(states, (user, tabs) => {
		// where they have several, the one that they use
		const [tab] = tabs.toSorted((a, b) => rank(a) - rank(b));
		const { view, follows } = tab!;
		return {
			...user,
			placed: tabs.some(({ cursor }) => Boolean(cursor)),
			view: isRange(view) ? { from: view.from, to: view.to } : null,
			idle: tabs.every(({ idle }) => idle === true),
			follows: isPrincipal(follows) ? follows : null
		};
	});

const rank = ({ idle, view }: Record<string, unknown>) => (idle === true ? 2 : 0) + (isRange(view) ? 0 : 1);

export const busyIn = (states: States): Busy[] =>
	eachPerson(states, (user, tabs) => ({
		...user,
		open: tabs.map(({ open }) => open).find(isId) ?? null,
		writing: tabs.map(({ writing }) => writing).find(isId) ?? null
	}));

/** Whether following `from` would end at `me`: two who follow each other would chase each other through the text. */
export function leadsTo(people: Present[], from: Principal, me: Principal): boolean {
	const seen = new Set<Principal>();
	let at: Principal | null = from;
	while (at !== null && !seen.has(at)) {
		if (at === me) return true;
		seen.add(at);
		at = people.find(({ principal }) => principal === at)?.follows ?? null;
	}
	return false;
}

function eachPerson<T extends Somebody>(
	states: States,
	read: (user: Somebody, tabs: Record<string, unknown>[]) => T
): T[] {
	const tabs = new Map<Principal, { user: Somebody; states: Record<string, unknown>[] }>();
	for (const state of states.values()) {
		const { user } = state;
		if (!isSomebody(user)) continue;
		const { principal, name, color } = user;
		const known = tabs.get(principal)?.states ?? [];
		tabs.set(principal, { user: { principal, name, color }, states: [...known, state] });
	}
	return [...tabs.values()]
		.map(({ user, states }) => read(user, states))
		.sort((a, b) => a.name.localeCompare(b.name));
}

function isSomebody(value: unknown): value is Somebody {
	const user = value as Partial<Somebody> | null | undefined;
	return isPrincipal(user?.principal) && typeof user?.name === 'string' && typeof user.color === 'string';
}
function isRange(value: unknown): value is Range {
	const { from, to } = (value ?? {}) as Partial<Range>;
	return Number.isInteger(from) && Number.isInteger(to) && from! >= 0 && from! <= to!;
}
const isId = (value: unknown): value is string => typeof value === 'string' && value.length <= 100;

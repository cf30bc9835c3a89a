/** Following somebody: my view goes where theirs goes, until I do something of my own. */
import { untrack } from 'svelte';
import type { Principal } from '#lib/domain/principal.ts';
import { passageBox } from '#lib/editor/create.ts';
import { topOf, topOfCaret } from '#lib/editor/in-view.ts';
import { leadsTo, type Present } from '#lib/live/presence.svelte.ts';
import type { Desk } from '../desk.svelte.ts';
import { BAR } from './place.svelte.ts';
import type { Together } from './together.svelte.ts';

/** px from the top of the screen at which the first line of their view comes to stand in mine */
const TOP = BAR + 16;
/** px: less is no reason to move */
const NEAR = 12;
/** ms that somebody may be away, as while their network changes */
const PATIENCE = 5000;

export class Follow {
	principal = $state<Principal | null>(null);
	#desk: Desk;
	#together: Together;
	#goal = NaN;
	/** the thread that following has opened */
	#opened: string | null = null;
	#last: Present | null = null;
	#waiting: ReturnType<typeof setTimeout> | undefined;

	constructor(desk: Desk, together: Together) {
		this.#desk = desk;
		this.#together = together;
	}

	/** whom I follow; as they were last while they are away for a moment */
	readonly person: Present | null = $derived.by(() => {
		const { principal } = this;
		if (principal === null) return null;
		const here = this.#together.others.find((one) => one.principal === principal);
		return here ?? untrack(() => this.#last);
	});

	start(principal: Principal): void {
		const { others } = this.#together;
		const person = others.find((one) => one.principal === principal);
		if (!person) return;
		if (leadsTo(others, principal, this.#desk.workspace.actor.principal))
			return this.#desk.tell(`${person.name} follows you: you see the same already.`);
		this.stop();
		this.#last = person;
		this.principal = principal;
		this.#desk.said = `Following ${person.name}. Escape stops.`;
	}

	stop(): void {
		clearTimeout(this.#waiting);
		if (this.principal !== null && this.#last) this.#desk.said = `Not following ${this.#last.name} any more.`;
		[this.principal, this.#last, this.#goal, this.#opened] = [null, null, NaN, null];
	}

	/** The next person here, by name; after the last one nobody. */
	next(): void {
		const { others } = this.#together;
		const next = others[others.findIndex(({ principal }) => principal === this.principal) + 1];
		if (next) this.start(next.principal);
		else this.stop();
	}

	/** Runs again whenever they have moved. */
	keepUp(): void {
		const { principal } = this;
		if (principal === null) return;
		const person = this.#together.others.find((one) => one.principal === principal);
		const busy = this.#together.busy.find((one) => one.principal === principal);
		clearTimeout(this.#waiting);
		if (!person) {
			const left = () => {
				this.#desk.tell(`${this.#last?.name} has left.`);
				this.stop();
			};
			this.#waiting = setTimeout(left, PATIENCE);
			return;
		}
		this.#last = person;
		untrack(() => {
			if (leadsTo(this.#together.others, principal, this.#desk.workspace.actor.principal)) return this.stop();
			this.#openWhat(busy?.open ?? null);
			this.#goWhere(person);
		});
	}

	/** Opens the thread that they have open, and closes it with them. */
	#openWhat(open: string | null): void {
		const desk = this.#desk;
		if (open === this.#opened || (open === null && desk.active !== this.#opened)) return;
		if (open !== null && !desk.workspace.threads.some(({ thread }) => thread.root.id === open)) return;
		[desk.active, desk.asked, this.#opened] = [open, null, open];
	}

	#goWhere({ principal, view }: Present): void {
		const { editor, open } = this.#desk;
		if (!editor || !view) return;
		const range = open?.thread.root.id === this.#opened ? open?.range : null;
		const goal = goalOf({
			top: view.from === 0 ? -scrollY : topOf(editor, view.from) - TOP,
			focus: range ? passageBox(editor, range).top : topOfCaret(editor, principal),
			bottom: topOf(editor, view.to),
			height: innerHeight * (range && matchMedia('(max-width: 56.25rem)').matches ? 0.4 : 1)
		});
		const to = Math.max(goal + scrollY, 0);
		if (Math.abs(to - this.#goal) < NEAR) return;
		this.#goal = to;
		const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
		if (Math.abs(to - scrollY) >= NEAR) scrollTo({ top: to, behavior: still ? 'instant' : 'smooth' });
	}
}

/**
 * How far to scroll (px): their first line comes to stand on top. Where my screen is smaller than theirs and would not show what
 * they are at, that comes first.
 * @param focus where their caret or open passage stands on my screen; null: nowhere
 */
export function goalOf(where: { top: number; focus: number | null; bottom: number; height: number }): number {
	const { top, focus, bottom, height } = where;
	const isTheirs = focus !== null && focus >= top && focus <= bottom;
	return isTheirs && focus - top > height - 80 ? focus - Math.max(height * 0.35, TOP) : top;
}

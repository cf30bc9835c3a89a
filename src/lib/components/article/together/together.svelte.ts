/** The others in the article, as one person sees them: who is here, who writes where, whom one follows. */
import type { Principal } from '#lib/domain/principal.ts';
import { NEW, type Busy, type Present } from '#lib/live/presence.svelte.ts';
import type { Desk } from '../desk.svelte.ts';
import { Follow } from './follow.svelte.ts';
import { Place } from './place.svelte.ts';
import { Writing } from './writing.svelte.ts';

export class Together {
	readonly follow: Follow;
	readonly place: Place;
	readonly writing = new Writing();
	#desk: Desk;

	constructor(desk: Desk) {
		this.#desk = desk;
		this.place = new Place(desk);
		this.follow = new Follow(desk, this);
	}

	/** everybody who is here but me, by name */
	readonly others: Present[] = $derived.by(() => this.#notMe(this.#desk.workspace.text.presence.people));

	/** those of them who are in the layer too, and what they do there */
	readonly busy: Busy[] = $derived.by(() => this.#notMe(this.#desk.workspace.layer.presence.people));

	/** names of those who are writing, by thread; NEW: a comment of their own */
	readonly writers: ReadonlyMap<string, string[]> = $derived.by(() => {
		const writers = new Map<string, string[]>();
		for (const { writing, name } of this.busy)
			if (writing !== null) writers.set(writing, [...(writers.get(writing) ?? []), name]);
		return writers;
	});

	/** What somebody writes at the moment, as a participle; null: nothing. */
	doingOf(principal: Principal): string | null {
		const writing = this.busy.find((one) => one.principal === principal)?.writing;
		return writing ? (writing === NEW ? 'writing a comment' : 'replying') : null;
	}

	#notMe = <T extends { principal: Principal }>(people: T[]): T[] =>
		people.filter(({ principal }) => principal !== this.#desk.workspace.actor.principal);
}

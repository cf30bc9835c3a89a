/** What one person looks for among the threads, and how many there are of what. */
import { tick } from 'svelte';
import type { Thread } from '#lib/domain/thread.ts';
import type { Unread } from '#lib/live/unread.svelte.ts';
import type { Workspace } from '#lib/live/workspace.svelte.ts';
import {
	countThreads,
	isResolved,
	NO_FILTER,
	passing,
	type Counts,
	type Filter,
	type Reader
} from './filter.ts';

/** The filter as it stands in the address of the page. */
export interface FilterInUrl {
	get: () => Filter;
	/** Resolves when it stands there. @param typed it changed while typing: no step of its own to go back to */
	set: (filter: Filter, typed: boolean) => Promise<void>;
}

export const SEARCH_FIELD = 'find-words';

export class Finding {
	/** whether the field for words is shown */
	searching = $state(false);
	#workspace: Workspace;
	#unread: Unread;
	#url: FilterInUrl;
	#reader: Reader;
	#before: Element | null = null;

	constructor(workspace: Workspace, unread: Unread, url: FilterInUrl) {
		this.#workspace = workspace;
		this.#unread = unread;
		this.#url = url;
		this.#reader = { me: workspace.actor.principal, isUnread: unread.shows };
		this.searching = url.get().text !== '';
	}

	get filter(): Filter {
		return this.#url.get();
	}

	readonly passes: (thread: Thread) => boolean = $derived.by(() => passing(this.filter, this.#reader));

	readonly passesInAnyState: (thread: Thread) => boolean = $derived.by(() =>
		passing({ ...this.filter, status: 'all' }, this.#reader)
	);

	readonly counts: Counts = $derived.by(() =>
		countThreads(
			this.filter,
			this.#workspace.threads.map(({ thread }) => thread),
			this.#reader
		)
	);

	/** how many are unread of those that would be shown in each state */
	readonly unreadIn: Record<'open' | 'resolved', number> = $derived.by(() => {
		const sum = { open: 0, resolved: 0 };
		if (this.#unread.count === 0) return sum;
		for (const { thread } of this.#workspace.threads)
			if (this.#unread.has(thread.root.id) && this.passesInAnyState(thread))
				sum[isResolved(thread) ? 'resolved' : 'open']++;
		return sum;
	});

	/** Resolves when the threads are those that are let through. */
	choose(change: Partial<Filter>, typed = false): Promise<void> {
		if (change.only) this.#unread.settle();
		return this.#url.set({ ...this.filter, ...change }, typed);
	}

	/** Shows whatever is in this state. */
	clear(status = this.filter.status): void {
		this.searching = false;
		void this.choose({ ...NO_FILTER, status });
	}

	/** Into the field for words; {@link leave} brings back to where one was. */
	async search(): Promise<void> {
		if (document.activeElement?.id !== SEARCH_FIELD) this.#before = document.activeElement;
		this.searching = true;
		await tick();
		const field = document.getElementById(SEARCH_FIELD) as HTMLInputElement | null;
		field?.focus();
		field?.select();
	}

	/** Closes the field; the focus goes back to where it was. */
	leave(fallback?: HTMLElement): void {
		this.searching = false;
		const back = this.#before?.isConnected && this.#before !== document.body ? this.#before : fallback;
		if (back instanceof HTMLElement) back.focus({ preventScroll: true });
	}
}

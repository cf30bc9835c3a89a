/**
 * The threads in which others have said or done something since I read them: what the server has kept since my last visit,
 * and what happens during this one. Opening a thread reads it.
 */
import { untrack } from 'svelte';
import type { Annotation } from '../domain/annotation.ts';
import { mentionsIn } from '../domain/comment-text.ts';
import type { Thread } from '../domain/thread.ts';
import { api } from './api.ts';
import { byId, doneByOthers, type Doing } from './others.ts';
import { ReadMarks } from './read-marks.ts';
import type { Workspace } from './workspace.svelte.ts';

interface UnreadJson {
	threads: { id: string; mentions: boolean }[];
}

export class Unread {
	/** what others have done last, during this visit */
	latest = $state.raw<Doing[]>([]);
	/** id of a thread → whether something new in it mentions me */
	#threads = $state.raw<ReadonlyMap<string, boolean>>(new Map());
	/** read while the filter shows what is unread: they stay in it until it is chosen anew */
	#justRead = $state.raw<ReadonlySet<string>>(new Set());
	/** new since the server was last asked: its answer may not know of them */
	#since = new Set<string>();
	#workspace: Workspace;
	#open: () => string | null;
	#marks: ReadMarks;

	/** @param open id of the thread that is open */
	constructor(workspace: Workspace, open: () => string | null) {
		this.#workspace = workspace;
		this.#open = open;
		this.#marks = new ReadMarks(workspace.actor.principal, workspace.articleId);
	}

	has = (thread: string): boolean => this.#threads.has(thread);

	/** Whether it is unread, or was when the filter was chosen: what one reads does not go from under one's eyes. */
	shows = (thread: string): boolean => this.#threads.has(thread) || this.#justRead.has(thread);

	/** how many threads */
	readonly count: number = $derived.by(() => this.#there(() => true));

	/** in how many of them I am mentioned anew */
	readonly mentions: number = $derived.by(() => this.#there((id) => this.#threads.get(id)!));

	read(thread: string): void {
		if (!this.#threads.has(thread)) return;
		this.#threads = new Map([...this.#threads].filter(([id]) => id !== thread));
		this.#justRead = new Set([...this.#justRead, thread]);
		this.#marks.add(thread);
	}

	readAll(): void {
		this.#threads = new Map();
		this.#marks.addAll();
	}

	/** Whether somebody else has written in it. */
	mayBe = ({ root, replies, removed }: Thread): boolean =>
		this.#theirs(removed ? replies : [root, ...replies]).length > 0;

	/** What others wrote last in it is new again. @returns whether the server has kept it */
	async putBack(thread: Thread): Promise<boolean> {
		const { root, replies } = thread;
		if (!(await this.#marks.putBack(root.id))) return false;
		const last = this.#theirs([root, ...replies]).at(-1);
		this.#add([{ id: root.id, mentions: this.#mentionsMe(last?.body) }]);
		return true;
	}

	#theirs = (entries: Annotation[]) =>
		entries.filter(({ creator }) => creator !== this.#workspace.actor.principal);
	#mentionsMe = (body = '') => mentionsIn(body).includes(this.#workspace.actor.principal);

	/** The filter is chosen anew: what has been read goes out of it. */
	settle(): void {
		this.#justRead = new Set();
	}

	/** Follows the article until it is stopped. */
	follow(): () => void {
		const stop = $effect.root(() => {
			$effect(() => {
				if (this.#workspace.loaded) return untrack(() => this.#watch());
			});
			// what could not be told while the server was away, and what was read elsewhere meanwhile
			const connected = $derived(this.#workspace.layer.wire.open);
			let before = false;
			$effect(() => {
				if (!connected) return;
				if (before && this.#workspace.loaded) untrack(() => void this.#load());
				before = true;
			});
			$effect(() => {
				const open = this.#open();
				if (open !== null && !document.hidden) untrack(() => this.read(open));
			});
		});
		const back = () => {
			if (document.hidden) return;
			const open = this.#open();
			if (open !== null) this.read(open);
			if (this.#workspace.loaded) void this.#load();
		};
		document.addEventListener('visibilitychange', back);
		return () => {
			stop();
			document.removeEventListener('visibilitychange', back);
			this.#marks.close();
		};
	}

	#there(which: (id: string) => boolean): number {
		if (this.#threads.size === 0) return 0;
		return this.#workspace.threads.filter(({ thread: { root } }) => this.has(root.id) && which(root.id))
			.length;
	}

	/** What is kept since the last visit, then what others do. */
	#watch(): () => void {
		const { layer } = this.#workspace;
		let before = byId(layer.annotations);
		void this.#load();
		layer.onread = (now) => {
			if (now.length === before.size && now.every((one) => before.get(one.id) === one)) return;
			this.#heed(doneByOthers(before, now, this.#workspace.actor.principal, this.#touched()));
			before = byId(now);
		};
		return () => (layer.onread = null);
	}

	/** What the server knows; what was read elsewhere meanwhile is read here too. */
	async #load(): Promise<void> {
		const before = [...this.#threads.keys()];
		this.#since.clear();
		await this.#marks.send();
		const asked = await api<UnreadJson>(fetch, 'GET', this.#marks.path('unread')).catch(() => null);
		if (!asked) return;
		const unread = new Set(asked.threads.map(({ id }) => id));
		const gone = before.filter((id) => !unread.has(id) && !this.#since.has(id));
		if (gone.length > 0) this.#threads = new Map([...this.#threads].filter(([id]) => !gone.includes(id)));
		this.#add(asked.threads.filter(({ id }) => !this.#marks.has(id)));
	}

	/** What I have just changed myself. */
	#touched(): ReadonlySet<string> {
		const changes = this.#workspace.layer.work.flatMap(({ action }) => action.changes);
		return new Set(changes.flatMap((change) => (change.kind === 'text' ? [] : change.annotation)));
	}

	#heed(done: Doing[]): void {
		if (done.length === 0) return;
		// what was deleted is told, and there is nothing in it to read
		const toRead = done.filter(({ what }) => what !== 'removed');
		const found = toRead.map(({ annotation: { id, replyTo, body } }) => ({
			id: replyTo ?? id,
			mentions: this.#mentionsMe(body)
		}));
		for (const { id } of found) this.#since.add(id);
		this.#add(found);
		this.latest = done;
	}

	/** All at once: thousands may be new since the last visit. */
	#add(found: { id: string; mentions: boolean }[]): void {
		const threads = new Map(this.#threads);
		for (const { id, mentions } of found) {
			if (id === this.#open() && !document.hidden) this.#marks.add(id);
			else {
				this.#marks.forget(id);
				threads.set(id, mentions || (threads.get(id) ?? false));
			}
		}
		this.#threads = threads;
	}
}

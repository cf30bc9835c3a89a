/**
 * Tells the server which threads I have read: a few at a time, on leaving the page too, and what could not be told (offline)
 * later, on the next visit at the latest.
 */
import { api } from './api.ts';
import { readKept, writeKept } from './kept.ts';

/** ms for which what is read gathers */
const GATHER = 1000;
const ALL = 'all';

export class ReadMarks {
	#articleId: string;
	#guest: string | null;
	#kept: string;
	#threads: Set<string>;
	#all: boolean;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#stop = new AbortController();
	/** ends with the last telling */
	#sent: Promise<void> = Promise.resolve();

	constructor(principal: string, articleId: string) {
		this.#articleId = articleId;
		this.#guest = principal.startsWith('guest:') ? principal : null;
		this.#kept = `galley.read ${principal} ${articleId}`;
		const kept = readKept<string[] | typeof ALL>(this.#kept) ?? [];
		this.#all = kept === ALL;
		this.#threads = new Set(kept === ALL ? [] : kept);
		const { signal } = this.#stop;
		addEventListener('online', () => void this.send(), { signal });
		document.addEventListener('visibilitychange', () => document.hidden && void this.send(), { signal });
		addEventListener('pagehide', () => void this.send(), { signal });
	}

	/** Where in the API it is, said by whom where two people share a browser. */
	path = (what: 'unread' | 'read'): string =>
		`/articles/${this.#articleId}/${what}${this.#guest ? `?as=${encodeURIComponent(this.#guest)}` : ''}`;

	add(thread: string): void {
		this.#threads.add(thread);
		this.#soon();
	}

	addAll(): void {
		this.#all = true;
		this.#threads.clear();
		this.#soon();
	}

	/** There is something new in it before it was told: it is unread again. */
	forget(thread: string): void {
		if (this.#threads.delete(thread)) this.#keep();
	}

	/** Whether it is read and not told yet. */
	has = (thread: string): boolean => this.#all || this.#threads.has(thread);

	/** What was new last in the thread is new again. @returns whether it was told: it is not kept for later */
	async putBack(thread: string): Promise<boolean> {
		this.forget(thread);
		await this.send();
		if (this.has(thread)) return false;
		const body = { threads: [thread] };
		return api(fetch, 'POST', this.path('unread'), body).then(
			() => true,
			() => false
		);
	}

	/** Tells what there is to tell; resolves when nothing is under way any more. Never throws: what fails is kept. */
	send = (): Promise<void> => (this.#sent = Promise.all([this.#sent, this.#tell()]).then(() => {}));

	async #tell(): Promise<void> {
		clearTimeout(this.#timer);
		if (!this.#all && this.#threads.size === 0) return;
		const threads = [...this.#threads];
		const all = this.#all;
		this.#all = false;
		this.#threads.clear();
		const outlasting: typeof fetch = (url, init) => fetch(url, { ...init, keepalive: true });
		try {
			await api(outlasting, 'POST', this.path('read'), all ? { all } : { threads });
		} catch {
			this.#all ||= all;
			for (const thread of threads) this.#threads.add(thread);
		}
		this.#keep();
	}

	close(): void {
		void this.send();
		this.#stop.abort();
	}

	#soon(): void {
		this.#keep();
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.send(), GATHER);
	}

	#keep(): void {
		writeKept(this.#kept, this.#all ? ALL : this.#threads.size > 0 ? [...this.#threads] : null);
	}
}

/**
 * Tells the server which threads I have read: a few at a time, on leaving the page too, and what could not be told (offline)
 * later, on the next visit at the latest.
 */
import { api } from './api.ts';
import { serverNow } from './clock.ts';
import { readKept, writeKept } from './kept.ts';

/** ms for which what is read gathers */
const GATHER = 1000;
const ALL = 'all';

/** What could not be told when it was read: what has come since is not meant. */
interface Late {
	threads: string[] | typeof ALL;
	/** ISO */
	at: string;
}

export class ReadMarks {
	#articleId: string;
	#guest: string | null;
	#kept: string;
	#threads = new Set<string>();
	#all = false;
	#late: Late[];
	#timer: ReturnType<typeof setTimeout> | undefined;
	#stop = new AbortController();
	/** ends with the last telling */
	#sent: Promise<void> = Promise.resolve();

	constructor(principal: string, articleId: string) {
		this.#articleId = articleId;
		this.#guest = principal.startsWith('guest:') ? principal : null;
		this.#kept = `galley.read-late ${principal} ${articleId}`;
		this.#late = readKept<Late[]>(this.#kept) ?? [];
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
		this.#threads.delete(thread);
		this.#late = this.#late.flatMap((one) => {
			if (one.threads === ALL) return [one];
			const threads = one.threads.filter((id) => id !== thread);
			return threads.length > 0 ? [{ ...one, threads }] : [];
		});
		this.#keep();
	}

	/** Whether it is read and not told yet. */
	has = (thread: string): boolean =>
		this.#all ||
		this.#threads.has(thread) ||
		this.#late.some(({ threads }) => threads === ALL || threads.includes(thread));

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
		const late = this.#late;
		const now = this.#unsent();
		this.#all = false;
		this.#threads.clear();
		this.#late = [];
		const failed: Late[] = [];
		for (const one of late) if (!(await this.#told(one.threads, one.at))) failed.push(one);
		if (now && !(await this.#told(now.threads))) failed.push(now);
		this.#late = [...failed, ...this.#late];
		this.#keep();
	}

	async #told(threads: Late['threads'], at?: string): Promise<boolean> {
		const outlasting: typeof fetch = (url, init) => fetch(url, { ...init, keepalive: true });
		const body = { ...(threads === ALL ? { all: true } : { threads }), at };
		return api(outlasting, 'POST', this.path('read'), body).then(
			() => true,
			() => false
		);
	}

	/** What has been read and not been tried to tell. */
	#unsent(): Late | null {
		if (!this.#all && this.#threads.size === 0) return null;
		return { threads: this.#all ? ALL : [...this.#threads], at: new Date(serverNow()).toISOString() };
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
		const all = [...this.#late, this.#unsent()].filter((one) => one !== null);
		writeKept(this.#kept, all.length > 0 ? all : null);
	}
}

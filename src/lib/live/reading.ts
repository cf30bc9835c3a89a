/** How far somebody has read, told to the server: the furthest part of the text that they have had before them for a while. */

/** ms for which one looks at a place before it counts as read */
const DWELL = 1500;
/** ms between two tellings */
const TELL_EVERY = 10_000;
/** less of the text than this is not worth a telling */
const STEP = 0.01;

export class Reading {
	#tell: (to: number) => void;
	#now = 0;
	/** the least that was seen since the look began */
	#least = 0;
	#read = 0;
	#told = 0;
	#dwelling: ReturnType<typeof setTimeout> | undefined;
	#resting: ReturnType<typeof setTimeout> | undefined;

	/** @param tell takes a share of the text, 0–1, that only grows */
	constructor(tell: (to: number) => void) {
		this.#tell = tell;
	}

	/** One has the text before one as far as this, 0–1; null: one does not look at it. */
	saw(to: number | null): void {
		this.#now = to ?? 0;
		this.#least = Math.min(this.#least, this.#now);
		if (!this.#dwelling) this.#look();
	}

	/** Tells what is not told yet, as when one leaves. */
	flush = () => {
		if (this.#read <= this.#told) return;
		this.#told = this.#read;
		this.#tell(this.#read);
	};

	stop(): void {
		clearTimeout(this.#dwelling);
		clearTimeout(this.#resting);
		this.flush();
	}

	/** What stays in sight for the whole of it is read, also while one goes on slowly. */
	#look(): void {
		if (this.#now <= this.#read) return;
		this.#least = this.#now;
		this.#dwelling = setTimeout(() => {
			this.#dwelling = undefined;
			this.#read = Math.max(this.#read, this.#least);
			this.#tellSoon();
			this.#look();
		}, DWELL);
	}

	#tellSoon(): void {
		if (this.#resting || (this.#read - this.#told < STEP && this.#read < 1)) return;
		this.flush();
		this.#resting = setTimeout(() => {
			this.#resting = undefined;
			this.#tellSoon();
		}, TELL_EVERY);
	}
}

/** Tells the server; what does not arrive is told again with the next step. */
export function tellReading(articleId: string, guest: string | null, to: number): void {
	const as = guest === null ? '' : `?as=${encodeURIComponent(guest)}`;
	const told = fetch(`/api/v1/articles/${articleId}/reading${as}`, {
		method: 'PUT',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ to }),
		// goes out when the page is left, too
		keepalive: true
	});
	told.catch(() => {});
}

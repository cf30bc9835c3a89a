/**
 * How much a connection leaves unread. What a room is opened with may be more than is allowed otherwise (a stock provider
 * gets a whole document in one go): it counts only when there has been time to read it, at this rate at least.
 */
const OPENING_BYTES_PER_MS = 256;
const OPENING_GRACE_MS = 30_000;

export class UnreadBytes {
	readonly #most: number;
	/** bytes queued behind the opening that is being read; Infinity: none is */
	#behind = Infinity;
	#until = 0;
	/** the last part of it is still to come */
	#hasMore = false;

	constructor(most: number) {
		this.#most = most;
	}

	/** Whether so many more bytes may be queued behind the `buffered` ones; they are counted then. */
	add(buffered: number, bytes: number): boolean {
		if (!this.#hasMore && this.#behind >= buffered) this.#behind = Infinity;
		if (performance.now() > this.#until) this.#behind = Infinity;
		if (Math.min(buffered, this.#behind) > this.#most) return false;
		this.#behind += bytes;
		return true;
	}

	/** The same for what a room is opened with, part by part: one opening at a time is let off. */
	open(buffered: number, bytes: number, isLast: boolean): boolean {
		if (!this.add(buffered, 0)) return false;
		if (this.#behind === Infinity) {
			this.#behind = 0;
			this.#until = performance.now() + OPENING_GRACE_MS;
		} else if (!this.#hasMore) return this.#behind + bytes <= this.#most && this.add(buffered, bytes);
		this.#hasMore = !isLast;
		this.#until += bytes / OPENING_BYTES_PER_MS;
		return true;
	}
}

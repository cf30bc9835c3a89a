/**
 * Updates that come before the work they build on: a stock provider sends what is typed as soon as the socket is
 * open, and all that it did offline only when it answers our first step. Such an update waits for that answer, but
 * not for long once the step has gone out: it may be a gap after all [G1].
 */
import type { Member, UpdateJob } from './turn.ts';

/** ms from our first step to its answer */
const PATIENCE_MS = 3000;
const MAX_BYTES = 8 * 1024 * 1024;

interface Waiting {
	jobs: UpdateJob[];
	bytes: number;
}

export class EarlyUpdates {
	readonly #again: (job: UpdateJob) => void;
	readonly #asked = new WeakSet<Member>();
	readonly #answered = new WeakSet<Member>();
	readonly #waiting = new Map<Member, Waiting>();

	/** `again` is given what has waited in vain. */
	constructor(again: (job: UpdateJob) => void) {
		this.#again = again;
	}

	/** Our first step has gone out to the member. */
	asked(member: Member): void {
		this.#asked.add(member);
		if (this.#waiting.has(member)) this.#giveUpLater(member);
	}

	/** Keeps an update that left a gap, unless there is nothing to wait for, or it is too much. */
	keep(job: UpdateJob): 'kept' | 'gap' | 'too much' {
		const { member, update } = job;
		if (this.#answered.has(member)) return 'gap';
		const waiting = this.#waiting.get(member) ?? { jobs: [], bytes: 0 };
		if (waiting.bytes + update.length > MAX_BYTES) return 'too much';
		if (waiting.jobs.length === 0 && this.#asked.has(member)) this.#giveUpLater(member);
		waiting.jobs.push(job);
		waiting.bytes += update.length;
		this.#waiting.set(member, waiting);
		return 'kept';
	}

	/** The member has answered our first step: what waited for that, in order. */
	release(member: Member): UpdateJob[] {
		this.#answered.add(member);
		const waiting = this.#waiting.get(member)?.jobs ?? [];
		this.#waiting.delete(member);
		return waiting;
	}

	forget(member: Member): void {
		this.#waiting.delete(member);
	}

	#giveUpLater(member: Member): void {
		const giveUp = () => {
			if (this.#waiting.has(member)) for (const job of this.release(member)) this.#again(job);
		};
		setTimeout(giveUp, PATIENCE_MS).unref();
	}
}

/**
 * Updates that come before the work they build on: a stock provider sends what is typed as soon as the socket is
 * open, and all that it did offline only when it answers our first step. Such an update waits for that answer, but
 * not for long: it may be a gap after all [G1].
 */
import type { Member, UpdateJob } from './turn.ts';

const PATIENCE_MS = 2000;
const MAX_WAITING = 200;

export class EarlyUpdates {
	readonly #again: (job: UpdateJob) => void;
	readonly #answered = new WeakSet<Member>();
	readonly #waiting = new Map<Member, UpdateJob[]>();

	/** `again` is given what has waited in vain. */
	constructor(again: (job: UpdateJob) => void) {
		this.#again = again;
	}

	/** Keeps an update that left a gap; false when there is nothing to wait for. */
	keep(job: UpdateJob): boolean {
		const waiting = this.#waiting.get(job.member) ?? [];
		if (this.#answered.has(job.member) || waiting.length >= MAX_WAITING) return false;
		this.#waiting.set(job.member, [...waiting, job]);
		setTimeout(
			() => this.#waiting.get(job.member)?.includes(job) && this.#giveUp(job.member),
			PATIENCE_MS
		).unref();
		return true;
	}

	/** The member has answered our first step: what waited for that, in order. */
	release(member: Member): UpdateJob[] {
		this.#answered.add(member);
		const waiting = this.#waiting.get(member) ?? [];
		this.#waiting.delete(member);
		return waiting;
	}

	forget(member: Member): void {
		this.#waiting.delete(member);
	}

	#giveUp(member: Member): void {
		for (const job of this.release(member)) this.#again(job);
	}
}

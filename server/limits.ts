/** How far connections, people and addresses may go [R6]. The numbers are settings: config.ts. */
import type { IncomingMessage } from 'node:http';
import proxyAddress from 'proxy-addr';

/** Seconds' worth of frames that may come at once: who was offline sends all of its work in one go. */
const BURST_S = 3;
const SUMMARY_MS = 10_000;

/** Frames a second on one connection. */
export class Pace {
	readonly #perMs: number;
	readonly #most: number;
	#left: number;
	#at = performance.now();

	constructor(perSecond: number) {
		this.#perMs = perSecond / 1000;
		this.#most = this.#left = perSecond * BURST_S;
	}

	/** Whether one more is within it. */
	take(): boolean {
		const now = performance.now();
		this.#left = Math.min(this.#most, this.#left + (now - this.#at) * this.#perMs) - 1;
		this.#at = now;
		return this.#left >= 0;
	}
}

/** How many there are of each name, up to so many. */
export class Tally {
	readonly #most: number;
	readonly #counts = new Map<string, number>();

	constructor(most: number) {
		this.#most = most;
	}

	/** Counts one more; false, and not counted, where there are enough. */
	add(name: string): boolean {
		const count = this.#counts.get(name) ?? 0;
		if (count >= this.#most) return false;
		this.#counts.set(name, count + 1);
		return true;
	}

	remove(name: string): void {
		const left = this.#counts.get(name)! - 1;
		if (left > 0) this.#counts.set(name, left);
		else this.#counts.delete(name);
	}
}

/** Lines about what comes in storms: the first at once, those of the next seconds as one with their number. */
export class Storms {
	readonly #waiting = new Map<string, number>();

	note(name: string, write: (times: number) => void): void {
		const waiting = this.#waiting.get(name);
		if (waiting !== undefined) return void this.#waiting.set(name, waiting + 1);
		write(1);
		this.#watch(name, write);
	}

	#watch(name: string, write: (times: number) => void): void {
		this.#waiting.set(name, 0);
		setTimeout(() => {
			const times = this.#waiting.get(name)!;
			this.#waiting.delete(name);
			if (times === 0) return;
			write(times);
			this.#watch(name, write);
		}, SUMMARY_MS).unref();
	}
}

/** Who is at the other end: forwarded addresses count only as far as they come from proxies that are trusted. */
export function addressReader(trustProxy: string[]): (request: IncomingMessage) => string {
	const trust = proxyAddress.compile(trustProxy);
	return (request) => {
		// gone already, so no address
		if (!request.socket.remoteAddress) return 'unknown';
		return proxyAddress(request, trust).replace(/^::ffff:(?=\d+\.)/i, '');
	};
}

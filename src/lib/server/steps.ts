/** Work in steps: done at once where it is small, and with turns for everybody else in between where it is large [R5]. */

export type Steps<T> = Generator<undefined, T>;

/** Does all of it at once. */
export function finish<T>(steps: Steps<T>): T {
	for (;;) {
		const { done, value } = steps.next();
		if (done) return value;
	}
}

const SLICE_MS = 10;

/** Does it some milliseconds at a time, so that the event loop turns in between. */
export async function finishSlowly<T>(steps: Steps<T>): Promise<T> {
	for (let until = performance.now() + SLICE_MS; ;) {
		const { done, value } = steps.next();
		if (done) return value;
		if (performance.now() < until) continue;
		await new Promise(setImmediate);
		until = performance.now() + SLICE_MS;
	}
}

const EVERY = 500;

/** A step for each some hundred of them, or as many as said. */
export function* stepping<T>(things: Iterable<T>, handle: (thing: T) => void, every = EVERY): Steps<void> {
	let count = 0;
	for (const thing of things) {
		handle(thing);
		if (++count % every === 0) yield;
	}
}

/** The text that these pieces make. */
export async function joinSlowly(pieces: Iterable<string>): Promise<string> {
	const all: string[] = [];
	await finishSlowly(stepping(pieces, (piece) => void all.push(piece)));
	return all.join('');
}

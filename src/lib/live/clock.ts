/** The server's clock, as far as its answers tell: a machine whose own is wrong stamps what is done on it like everybody's. */

/** ms that a date to the second and the way of the answer account for */
const CLOSE_ENOUGH = 3000;

/** ms that the server's clock is ahead of ours */
let ahead = 0;

/** Learns from an answer that has just come, and not from a cache. */
export function heedClock(answer: Response): void {
	const told = Date.parse(answer.headers.get('date') ?? '');
	if (Number.isNaN(told)) return;
	const difference = told - Date.now();
	ahead = Math.abs(difference) > CLOSE_ENOUGH ? difference : 0;
}

/** ms since 1970, as the server counts them. */
export const serverNow = (): number => Date.now() + ahead;

/**
 * Whether the page answers yet. It is shown before its script has run, and a click until then would be lost: so
 * buttons rest until the layout has woken them.
 */
let alive = $state(false);

export const isAlive = (): boolean => alive;

/** In the browser only: on the server it would hold for every request. */
export const wake = (): void => {
	alive = true;
};

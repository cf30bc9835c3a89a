/** How the sheet of a narrow screen behaves: it stands over the on-screen keyboard, and is swiped. */

/** px that a finger goes before it is a swipe, and how much more in that direction than across it */
const FAR = 60;
const STRAIGHT = 2;

export type Swipe = 'left' | 'right' | 'down';

export function swipeOf(dx: number, dy: number): Swipe | null {
	if (Math.abs(dx) > FAR && Math.abs(dx) > STRAIGHT * Math.abs(dy)) return dx < 0 ? 'left' : 'right';
	return dy > FAR && dy > STRAIGHT * Math.abs(dx) ? 'down' : null;
}

/** An attachment: says which way one finger went over it. Fields and lists that scroll sideways keep theirs. */
export const swiped = (onswipe: (way: Swipe) => void) => (node: HTMLElement) => {
	let from: Touch | undefined;
	const start = ({ touches, target }: TouchEvent) => {
		const taken = target instanceof Element && target.closest('textarea, [contenteditable="true"], pre');
		from = touches.length === 1 && !taken ? touches[0] : undefined;
	};
	const end = ({ changedTouches: [to] }: TouchEvent) => {
		const way = from && to && swipeOf(to.clientX - from.clientX, to.clientY - from.clientY);
		from = undefined;
		if (way) onswipe(way);
	};
	node.addEventListener('touchstart', start, { passive: true });
	node.addEventListener('touchend', end, { passive: true });
	return () => {
		node.removeEventListener('touchstart', start);
		node.removeEventListener('touchend', end);
	};
};

/**
 * An attachment: keeps what is fixed to the bottom over the on-screen keyboard, where that covers the page, and what one writes
 * in within it in sight. `onmoved` hears how many px are covered.
 */
export const aboveKeyboard = (onmoved: (covered: number) => void) => (node: HTMLElement) => {
	const view = window.visualViewport;
	if (!view) return;
	const place = () => {
		const covered = document.documentElement.clientHeight - view.height - view.offsetTop;
		const px = Math.max(0, Math.round(covered));
		node.style.setProperty('--covered', `${px}px`);
		node.style.setProperty('--seen', `${Math.round(view.height)}px`);
		onmoved(px);
	};
	const resize = () => {
		place();
		const field = node.contains(document.activeElement) ? document.activeElement : null;
		// with its buttons, where there is room for them
		field?.closest('form')?.scrollIntoView({ block: 'nearest' });
		field?.scrollIntoView({ block: 'nearest' });
	};
	place();
	view.addEventListener('resize', resize);
	view.addEventListener('scroll', place);
	return () => {
		view.removeEventListener('resize', resize);
		view.removeEventListener('scroll', place);
	};
};

/** How far to scroll so that a passage stands between the bars above and the sheet; 0 where it does. */
export function scrollFor(
	passage: { top: number; bottom: number },
	sheetTop: number,
	barsBottom: number
): number {
	const GAP = 16;
	const fits = passage.top >= barsBottom && Math.min(passage.bottom, passage.top + 60) <= sheetTop - GAP;
	return fits ? 0 : passage.top - barsBottom - GAP;
}

/** Shows for a moment what a link has led to. */
import { cardId } from '../desk.svelte.ts';

/** Gives the focus to a reply, which has none otherwise. */
export function focusReply(id: string): HTMLElement | null {
	const reply = document.getElementById(cardId(id));
	if (reply) reply.tabIndex = -1;
	reply?.focus({ preventScroll: true });
	return reply;
}

/** A reply in its open card: in view, with the focus. */
export function flashReply(id: string): void {
	const reply = focusReply(id);
	reply?.scrollIntoView({ block: 'nearest' });
	reply?.animate([{ background: 'var(--accent-soft)' }, {}], { duration: 2000, easing: 'ease-out' });
}

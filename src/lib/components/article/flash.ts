/** Shows for a moment what a link has led to. */
import { cardId } from './desk.svelte.ts';

/** A reply in its open card: in view, with the focus. */
export function flashReply(id: string): void {
	const reply = document.getElementById(cardId(id));
	reply?.focus({ preventScroll: true });
	reply?.scrollIntoView({ block: 'nearest' });
	reply?.animate([{ background: 'var(--accent-soft)' }, {}], { duration: 2000, easing: 'ease-out' });
}

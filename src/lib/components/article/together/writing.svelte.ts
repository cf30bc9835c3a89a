/** In which thread I am writing just now, so that others wait for it. Nothing of the words is told. */
import { NEW } from '#lib/live/presence.svelte.ts';

/** ms without a new letter after which one does not count as writing any more */
export const PAUSE = 6000;
/** ms between two looks whether the field is still there */
const LOOK_EVERY = 400;
const FIELDS = 'textarea, [contenteditable="true"]';

export class Writing {
	/** id of the thread, or NEW for a comment that is not there yet; null: nowhere */
	thread = $state<string | null>(null);
	#field: HTMLElement | null = null;
	#last = 0;
	#looking: ReturnType<typeof setInterval> | undefined;

	/** Somebody has typed. @param rootOf the thread of an annotation */
	typed(target: EventTarget | null, rootOf: (annotation: string) => string): void {
		const field = target instanceof Element ? target.closest<HTMLElement>(FIELDS) : null;
		const card = field?.closest('[id^="annotation-"]');
		if (!field || (!card && !field.closest('.composer'))) return;
		this.#field = field;
		this.#last = Date.now();
		this.thread = card ? rootOf(card.id.replace('annotation-', '')) : NEW;
		this.#looking ??= setInterval(this.#look, LOOK_EVERY);
		this.#look();
	}

	/** Sent, given up, left alone or left: all the same to others. */
	stop = () => {
		clearInterval(this.#looking);
		this.#looking = undefined;
		this.#field = null;
		this.thread = null;
	};

	#look = () => {
		const field = this.#field;
		const words = field instanceof HTMLTextAreaElement ? field.value : field?.textContent;
		const isAtIt = field?.isConnected && field.contains(document.activeElement);
		if (!isAtIt || !words?.trim() || Date.now() - this.#last >= PAUSE) this.stop();
	};
}

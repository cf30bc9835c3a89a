/** Where in the article one is, and whether one is at it: what others see of it, and how far one has read. */
import { textBetween } from '#lib/editor/in-view.ts';
import type { TextRange } from '#lib/editor/position-map.ts';
import type { Desk } from '../desk.svelte.ts';

/** px of the screen that the bar covers */
export const BAR = 64;
/** ms between two looks while the page moves */
const LOOK_EVERY = 200;
/** ms without a sign of life after which one counts as idle */
const IDLE_AFTER = 3 * 60_000;

export class Place {
	view = $state.raw<TextRange | null>(null);
	idle = $state(false);
	#desk: Desk;
	#looking: ReturnType<typeof setTimeout> | undefined;
	#sleeping: ReturnType<typeof setTimeout> | undefined;

	constructor(desk: Desk) {
		this.#desk = desk;
	}

	/** The page has moved, or the text in it. */
	moved = () => {
		this.#looking ??= setTimeout(() => {
			this.#looking = undefined;
			const { editor } = this.#desk;
			if (editor) this.#see(textBetween(editor, BAR, innerHeight));
		}, LOOK_EVERY);
	};

	/** A sign of life. */
	stirred = () => {
		clearTimeout(this.#sleeping);
		this.#sleeping = setTimeout(() => (this.idle = true), IDLE_AFTER);
		this.idle = document.hidden;
	};

	stop(): void {
		clearTimeout(this.#looking);
		clearTimeout(this.#sleeping);
	}

	#see(view: TextRange | null): void {
		if (view?.from !== this.view?.from || view?.to !== this.view?.to) this.view = view;
	}
}

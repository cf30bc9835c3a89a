/** Whether the highlights are out of sight, so that one reads the article alone; kept in this browser. */
import { readKept, writeKept } from '#lib/live/kept.ts';

const KEPT = 'galley.highlights-hidden';

export class HiddenMarks {
	hidden = $state(readKept<boolean>(KEPT) ?? false);

	/** @returns what to say of it */
	toggle(): string {
		this.hidden = !this.hidden;
		writeKept(KEPT, this.hidden || null);
		return this.hidden ? 'Highlights are hidden. V shows them again.' : 'Highlights are shown.';
	}
}

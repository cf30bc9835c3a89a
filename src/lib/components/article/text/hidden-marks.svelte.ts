/** Whether the highlights are out of sight, so that one reads the article alone; kept in this browser. */

const KEY = 'galley:highlights-hidden';

export class HiddenMarks {
	hidden = $state(read());

	/** @returns what to say of it */
	toggle(): string {
		this.hidden = !this.hidden;
		try {
			if (this.hidden) localStorage.setItem(KEY, '1');
			else localStorage.removeItem(KEY);
		} catch {
			// a browser that keeps nothing
		}
		return this.hidden ? 'Highlights are hidden. V shows them again.' : 'Highlights are shown.';
	}
}

function read(): boolean {
	try {
		return localStorage.getItem(KEY) === '1';
	} catch {
		return false;
	}
}

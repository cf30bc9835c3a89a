/** Whether the highlights are out of sight, so that one reads the article alone; kept in this browser. */

const KEY = 'galley:highlights-hidden';

export class HiddenMarks {
	hidden = $state(read());

	toggle(): void {
		this.hidden = !this.hidden;
		try {
			if (this.hidden) localStorage.setItem(KEY, '1');
			else localStorage.removeItem(KEY);
		} catch {
			// a browser that keeps nothing
		}
	}
}

function read(): boolean {
	try {
		return localStorage.getItem(KEY) === '1';
	} catch {
		return false;
	}
}

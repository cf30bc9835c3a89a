/** What a list to choose from offers, how typing narrows it, and where it stands. */

export interface Choice {
	id: string;
	name: string;
	/** one line that says what it is for */
	line?: string;
	/** the digit that picks it at once */
	key?: string | null;
	/** for a style attribute: colours of its sign */
	style?: string;
	/** more words by which it is found */
	also?: string;
}

const plain = (words: string) =>
	words
		.normalize('NFD')
		.replace(/\p{Mn}/gu, '')
		.toLowerCase();

/** Those in which every typed word stands; those that begin with what was typed come first. */
export function narrow(choices: Choice[], typed: string): Choice[] {
	const words = plain(typed).split(/\s+/).filter(Boolean);
	if (words.length === 0) return choices;
	const found = choices.filter(({ name, also = '' }) => {
		const all = plain(`${name} ${also}`);
		return words.every((word) => all.includes(word));
	});
	const first = (choice: Choice) => Number(!plain(choice.name).startsWith(words.join(' ')));
	return found.sort((a, b) => first(a) - first(b));
}

const GAP = 4;
const EDGE = 8;

/** Puts a popover under its button, or over it where there is more room; it scrolls with the page. */
export function placeBeside(list: HTMLElement, button: HTMLElement): void {
	const at = button.getBoundingClientRect();
	const { width, height } = list.getBoundingClientRect();
	const { clientWidth, clientHeight } = document.documentElement;
	const left = Math.min(at.left, clientWidth - width - EDGE);
	const under = clientHeight - at.bottom;
	const over = under < height + GAP + EDGE && at.top > under;
	list.style.left = `${Math.max(left, EDGE) + scrollX}px`;
	list.style.top = over ? 'auto' : `${at.bottom + GAP + scrollY}px`;
	list.style.bottom = over ? `${clientHeight - at.top + GAP - scrollY}px` : 'auto';
}

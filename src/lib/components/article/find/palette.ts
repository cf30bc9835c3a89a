/** What the palette offers for what somebody has typed, best first. Pure. */
import { fold } from '../thread/thread-facts.ts';

export interface Entry {
	/** the same on every visit, for what was used last */
	id: string;
	name: string;
	/** one more line */
	detail?: string;
	group: 'Do' | 'Show' | 'People';
	/** the key that does it too */
	keys?: string;
	run: () => void;
}

export interface Offer {
	title: string;
	entries: Entry[];
}

/** entries offered of one group */
const MANY = 8;

/**
 * In groups, the group with the best entry first. With nothing typed: what was used last, then what can be done.
 * @param recent ids of entries, the last one used first
 */
export function offersFor(query: string, entries: Entry[], recent: string[]): Offer[] {
	const words = fold(query).split(/\s+/).filter(Boolean);
	if (words.length === 0) return startOf(entries, recent);
	const groups = new Map<string, { entry: Entry; score: number }[]>();
	for (const entry of entries) {
		const score = scoreOf(words, entry) + (recent.includes(entry.id) ? 0.5 : 0);
		if (score >= 1) groups.set(entry.group, [...(groups.get(entry.group) ?? []), { entry, score }]);
	}
	return [...groups]
		.map(([title, found]) => ({ title, found: found.sort((a, b) => b.score - a.score).slice(0, MANY) }))
		.sort((a, b) => b.found[0]!.score - a.found[0]!.score)
		.map(({ title, found }) => ({ title, entries: found.map(({ entry }) => entry) }));
}

function startOf(entries: Entry[], recent: string[]): Offer[] {
	const last = recent.flatMap((id) => entries.find((entry) => entry.id === id) ?? []);
	const rest = (group: Entry['group']) => entries.filter((one) => one.group === group && !last.includes(one));
	return [
		{ title: 'Used last', entries: last },
		{ title: 'Do', entries: rest('Do') },
		{ title: 'People', entries: rest('People') }
	].filter(({ entries }) => entries.length > 0);
}

/** 0: a word is nowhere in it; each word counts more at the beginning, and in the name rather than below it. */
function scoreOf(words: string[], { name, detail = '' }: Entry): number {
	const [inName, inDetail] = [fold(name), fold(detail)];
	let sum = 0;
	for (const word of words) {
		const score = Math.max(place(word, inName), place(word, inDetail) / 2, inOrder(word, inName) ? 1 : 0);
		if (score === 0) return 0;
		sum += score;
	}
	return sum / words.length;
}

function place(word: string, text: string): number {
	const at = text.indexOf(word);
	if (at < 0) return 0;
	if (at === 0) return 4;
	return wordsIn(text).some((one) => one.startsWith(word)) ? 3 : 2;
}

/** Whether the letters stand at beginnings of words in this order: `rc` for “Reply to the open comment”. */
function inOrder(letters: string, text: string): boolean {
	let at = 0;
	for (const word of wordsIn(text)) if (word[0] === letters[at]) at++;
	return letters.length > 1 && at >= letters.length;
}

const wordsIn = (text: string) => text.split(/[^\p{L}\p{N}]+/u).filter(Boolean);

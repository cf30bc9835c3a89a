/** One or two letters for a name: of the first and the last word, by what readers see as one letter. */
export function initials(name: string): string {
	const words = name.trim().split(/\s+/);
	const ends = words.length > 1 ? [words[0]!, words.at(-1)!] : words;
	return ends.map(firstLetter).join('').toLocaleUpperCase() || '?';
}

const letters = new Intl.Segmenter();
const firstLetter = (word: string): string => {
	for (const { segment } of letters.segment(word)) return segment;
	return '';
};

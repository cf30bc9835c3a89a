/** Names of exported files. */

export interface FileFacts {
	title: string;
	/** null: the article as it is now */
	setNumber: number | null;
	/** ISO 8601; its day is used */
	date: string;
	/** without the dot */
	extension: string;
}

/** `zelensky-calls-for-meeting-set-1-2026-11-22.csv`: article, set and date, in ASCII that every system takes. */
export function fileName({ title, setNumber, date, extension }: FileFacts): string {
	const set = setNumber === null ? 'live' : `set-${setNumber}`;
	return `${slug(title)}-${set}-${date.slice(0, 10)}.${extension}`;
}

const LETTERS: Record<string, string> = {
	ß: 'ss',
	æ: 'ae',
	œ: 'oe',
	ø: 'o',
	ł: 'l',
	đ: 'd',
	ð: 'd',
	þ: 'th',
	ı: 'i'
};

/** At most 48 characters of a–z, 0–9 and single hyphens, cut between words. */
function slug(title: string): string {
	const words = title
		.normalize('NFKD')
		.toLowerCase()
		.replace(/[ßæœøłđðþı]/g, (letter) => LETTERS[letter]!)
		.replace(/[\p{M}'’]/gu, '')
		.replace(/[^a-z0-9]+/g, '-')
		.replace(/^-|-$/g, '');
	const cut = words.length > 48 ? words.slice(0, 49).replace(/-[^-]*$/, '') : words;
	return cut.slice(0, 48) || 'article';
}

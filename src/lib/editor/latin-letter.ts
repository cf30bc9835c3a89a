const LETTER = /^\p{L}$/u;
const LATIN = /^\p{Script=Latin}$/u;

/** The letter of a key; where people write in another script, the Latin one that stands in its place: J right of H in Kyiv, too. */
export function latinLetter({ key, code }: Pick<KeyboardEvent, 'key' | 'code'>): string {
	if (!LETTER.test(key) || LATIN.test(key)) return key;
	return /^Key([A-Z])$/.exec(code)?.[1]!.toLowerCase() ?? key;
}

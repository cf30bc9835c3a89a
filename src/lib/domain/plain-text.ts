/** Plain text as it comes in: lines to paragraphs, a title for it, and what cannot be taken. */

/** Bytes of UTF-8. */
export const MAX_ARTICLE_BYTES = 2 * 1024 * 1024;

/** Each non-blank line, trimmed, is a paragraph; lines end with CRLF, LF or CR, and a BOM is no character. */
export const paragraphsOf = (text: string): string[] =>
	text
		.split(/\r\n|\r|\n/)
		.map((line) => line.trim()) // trims a BOM too
		.filter((line) => line !== '');

/** The article's plain text, in which every offset counts. */
export const articleText = (paragraphs: string[]): string => paragraphs.join('\n');

/** The text of a file. @throws {Error} when the bytes are not UTF-8; a BOM is dropped */
export function decodeUtf8(bytes: Uint8Array): string {
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		throw new Error('This is not UTF-8 text. Save it as UTF-8 (plain text) and try again.');
	}
}

/** Why this is no article, as a sentence, or null. */
export function whatIsWrong(text: string): string | null {
	if (text.trim() === '') return 'There is nothing in it.';
	if (!text.isWellFormed()) return 'It holds broken characters (half of a surrogate pair).';
	const control = /[\0-\x08\x0e-\x1f\x7f]/.exec(text);
	if (!control) return null;
	const code = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
	return `It holds the control character U+${code}, so it does not look like text.`;
}

/** A sentence that says the limit when so many bytes are over it, or null. */
export function tooLarge(bytes: number): string | null {
	if (bytes <= MAX_ARTICLE_BYTES) return null;
	const size = (bytes / 1024 / 1024).toFixed(1);
	return `It is ${size} MB of text; an article may have ${MAX_ARTICLE_BYTES / 1024 / 1024} MB at most.`;
}

const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*';
const DATE = `(?:\\d{4}-\\d\\d-\\d\\d|${MONTH}\\.? \\d{1,2},? \\d{4}|\\d{1,2} ${MONTH}\\.?,? \\d{4})`;
const DATE_WORD = '(?:date|dated|published|updated|posted|on|last updated):?';
/** A date at the head of a line, as feeds leave it there. */
const LEADING_DATE = new RegExp(`^(?:${DATE_WORD}\\s+)?${DATE}(?:T[\\d:.]+Z?)?[\\s,:|–—-]*`, 'i');
const ENDS_SENTENCE = /[.…。।؛:;,]["'”’»)\]]*$/u;
const ABBREVIATION = /\b(?:\p{L}\.){2,}$/u;
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]/u;

/** A section name, a date, a byline: what stands over the headline of a copied page. */
const isFurniture = (line: string): boolean =>
	isCredit(line) || (!UNSPACED.test(line) && line.length <= 30 && line.split(/\s+/).length <= 2);

/** A date, a byline: what stands under it too. */
const isCredit = (line: string): boolean =>
	/^(?:by|from|photo|image|video|share|listen|advertisement)\b.{0,60}$/i.test(line) ||
	(LEADING_DATE.test(line) && line.length <= 60);

/**
 * How many of an article's first lines repeat what stands over it: its headline, with a section before it and a date or a
 * byline after it. 0 where the headline is not among them.
 */
export function repeatedHead(lines: string[], title: string): number {
	const isTitle = (line: string) => folded(line) === folded(title);
	const at = lines.slice(0, 4).findIndex(isTitle);
	if (at < 0 || !lines.slice(0, at).every(isFurniture)) return 0;
	let count = at + 1;
	while (count < lines.length - 1 && isCredit(lines[count]!)) count++;
	return count;
}

const folded = (line: string): string => line.replace(/\s+/g, ' ').trim().toLowerCase();

const looksLikeTitle = (line: string): boolean =>
	line.length <= 160 && (!ENDS_SENTENCE.test(line) || ABBREVIATION.test(line));

/** The headline, when one of the first lines that is no section name, date or byline looks like one. */
export function proposeTitle(paragraphs: string[]): string | null {
	const line = paragraphs.slice(0, 4).find((line) => !isFurniture(line));
	return line !== undefined && looksLikeTitle(line) ? line : null;
}

/** Something to call the article by: the headline, or else its first words; 1 to 200 UTF-16 units. */
export function titleFrom(paragraphs: string[]): string {
	const proposed = proposeTitle(paragraphs);
	if (proposed !== null) return proposed;
	const line = paragraphs.slice(0, 4).find((line) => !isFurniture(line)) ?? paragraphs[0] ?? '';
	return firstWords(line.replace(LEADING_DATE, '') || line || 'Untitled', 100);
}

/** At most `max` UTF-16 units, cut between words where there are some, and a sign that it was cut. */
export function firstWords(line: string, max: number): string {
	if (line.length <= max) return line;
	const cut = line.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '');
	const words = cut.replace(/\s+\S*$/u, '');
	return `${words.length > max / 2 ? words : cut}…`;
}

/** Words that somebody wrote, as they are, with the web addresses in them as links. Nothing else is interpreted. */

export type Piece = { text: string; href?: string };

const ADDRESS = /https?:\/\/[^\s<>"“”]+/g;
/** what ends a sentence belongs to it, not to the address */
const TAIL = /[.,;:!?'’…]+$/;

export function piecesOf(words: string): Piece[] {
	const pieces: Piece[] = [];
	let at = 0;
	for (const match of words.matchAll(ADDRESS)) {
		const address = trimmed(match[0]);
		if (!URL.canParse(address)) continue;
		if (match.index > at) pieces.push({ text: words.slice(at, match.index) });
		pieces.push({ text: address, href: new URL(address).href });
		at = match.index + address.length;
	}
	if (at < words.length) pieces.push({ text: words.slice(at) });
	return pieces;
}

/** Without the end of the sentence, and without a bracket that was opened before the address. */
function trimmed(address: string): string {
	const short = address.replace(TAIL, '');
	const closing = /[)\]]$/.exec(short)?.[0];
	if (!closing) return short;
	const opening = closing === ')' ? '(' : '[';
	const count = (sign: string) => short.split(sign).length - 1;
	return count(closing) > count(opening) ? trimmed(short.slice(0, -1)) : short;
}

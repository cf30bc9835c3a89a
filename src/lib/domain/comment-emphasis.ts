/** Which signs of emphasis belong together. @see https://spec.commonmark.org/0.31.2/#phase-2-inline-structure */
import type { Inline } from './comment-inline.ts';

/** A run of `*` or `_`, of which as many as are left over stay signs. */
interface Sign {
	type: 'sign';
	sign: string;
	count: number;
	opens: boolean;
	closes: boolean;
}
export type Piece = Inline | Sign;

/** Emphasis within emphasis; what is deeper stays as it was typed. */
const DEPTH = 6;

export function emphasised(pieces: Piece[]): Inline[] {
	const out: Piece[] = [];
	const openers: { at: number; length: number; sign: Sign }[] = [];
	/** kind of closer → openers below this have been tried for it in vain */
	const tried = new Map<string, number>();
	const shorten = (length: number) => {
		openers.length = length;
		for (const [kind, below] of tried) tried.set(kind, Math.min(below, length));
	};
	for (const piece of pieces) {
		if (piece.type !== 'sign') {
			out.push(piece);
			continue;
		}
		const sign = { ...piece };
		const kind = `${sign.sign} ${sign.opens} ${piece.count % 3}`;
		while (sign.closes && sign.count > 0) {
			let found = openers.length - 1;
			const below = tried.get(kind) ?? 0;
			while (found >= below && !fits(openers[found]!, piece)) found--;
			const opener = openers[found];
			if (found < below || !opener || depthOf(out, opener.at + 1) >= DEPTH) {
				tried.set(kind, openers.length);
				break;
			}
			const used = Math.min(opener.sign.count, sign.count, 2);
			opener.sign.count -= used;
			sign.count -= used;
			const children = literal(out.splice(opener.at + 1));
			out.push({ type: used === 2 ? 'strong' : 'em', children });
			shorten(opener.sign.count > 0 ? found + 1 : found);
		}
		if (sign.opens && sign.count > 0) openers.push({ at: out.length, length: piece.count, sign });
		out.push(sign);
	}
	return literal(out);
}

/** The rule of three keeps `a*b**c**d*e` apart. */
function fits({ sign, length }: { sign: Sign; length: number }, closer: Sign): boolean {
	if (sign.sign !== closer.sign) return false;
	if (!sign.closes && !closer.opens) return true;
	return (length + closer.count) % 3 !== 0 || (length % 3 === 0 && closer.count % 3 === 0);
}

function depthOf(pieces: Piece[], from = 0): number {
	let deepest = 0;
	for (let at = from; at < pieces.length; at++) {
		const piece = pieces[at]!;
		if ('children' in piece) deepest = Math.max(deepest, 1 + depthOf(piece.children));
	}
	return deepest;
}

/** Signs that are left over are words. */
function literal(pieces: Piece[]): Inline[] {
	const out: Inline[] = [];
	for (const piece of pieces) {
		const inline: Inline =
			piece.type === 'sign' ? { type: 'text', text: piece.sign.repeat(piece.count) } : piece;
		const last = out.at(-1);
		if (inline.type !== 'text') out.push(inline);
		else if (last?.type === 'text') out[out.length - 1] = { type: 'text', text: last.text + inline.text };
		else if (inline.text !== '') out.push(inline);
	}
	return out;
}

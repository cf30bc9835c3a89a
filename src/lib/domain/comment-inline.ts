/** What stands in a line of a comment: emphasis, code, links, mentions. @see https://spec.commonmark.org/0.31.2/#inlines */
import { emphasised, type Piece } from './comment-emphasis.ts';
import { addressAt, bracketedAt, entityAt, safeHref, targetAt } from './comment-link.ts';
import { isPrincipal, type Principal } from './principal.ts';

export type Inline =
	| { type: 'text'; text: string }
	| { type: 'strong' | 'em'; children: Inline[] }
	| { type: 'code'; text: string }
	/** `href` begins with http:, https: or mailto: and with nothing else */
	| { type: 'link'; href: string; children: Inline[] }
	/** `name`: as it was when it was written */
	| { type: 'mention'; principal: Principal; name: string }
	| { type: 'break' };

const ESCAPABLE = /[!-/:-@[-`{-~]/;

/** The words, without signs and targets; a break is a line break. */
export const wordsOf = (inlines: Inline[]): string =>
	inlines
		.map((inline) => {
			if (inline.type === 'break') return '\n';
			if (inline.type === 'mention') return `@${inline.name}`;
			return 'text' in inline ? inline.text : wordsOf(inline.children);
		})
		.join('');

/** One paragraph. */
export function parseInline(source: string): Inline[] {
	const pieces: Piece[] = [];
	/** where in `pieces` brackets stand open; an image's is `![` */
	const open: number[] = [];
	const add = (piece: Inline) => {
		const last = pieces.at(-1);
		// a bracket stays a piece of its own: the words of a link begin after it
		if (piece.type === 'text' && last?.type === 'text' && open.at(-1) !== pieces.length - 1)
			pieces[pieces.length - 1] = { type: 'text', text: last.text + piece.text };
		else pieces.push(piece);
	};
	const say = (text: string) => add({ type: 'text', text });

	for (let at = 0; at < source.length;) {
		const sign = source[at]!;
		const next = source[at + 1] ?? '';
		if (sign === '\n' || (sign === '\\' && next === '\n')) {
			const last = pieces.at(-1);
			if (last?.type === 'text' && open.at(-1) !== pieces.length - 1)
				pieces[pieces.length - 1] = { type: 'text', text: last.text.trimEnd() };
			add({ type: 'break' });
			at += sign === '\n' ? 1 : 2;
		} else if (sign === '\\') {
			const escapes = ESCAPABLE.test(next);
			say(escapes ? next : sign);
			at += escapes ? 2 : 1;
		} else if (sign === '*' || sign === '_') {
			let end = at;
			while (source[end] === sign) end++;
			pieces.push({ type: 'sign', sign, count: end - at, ...sides(source, at, end) });
			at = end;
		} else if (sign === '`') {
			const code = codeAt(source, at);
			if (code.text === null) say(source.slice(at, code.end));
			else add({ type: 'code', text: code.text });
			at = code.end;
		} else if (sign === '&') {
			const entity = entityAt(source, at);
			say(entity?.text ?? sign);
			at += entity?.length ?? 1;
		} else if (sign === '<') {
			const link = bracketedAt(source, at);
			if (link) add({ type: 'link', href: link.href, children: [{ type: 'text', text: link.words }] });
			else say(sign);
			at += link?.length ?? 1;
		} else if (sign === '[' || (sign === '!' && next === '[')) {
			open.push(pieces.length);
			pieces.push({ type: 'text', text: sign === '[' ? '[' : '![' });
			at += sign === '[' ? 1 : 2;
		} else if (sign === ']') {
			const opened = open.pop();
			const target = opened === undefined ? null : targetAt(source, at + 1);
			const linked = target && linkTo(target.address, pieces, opened!);
			if (linked) {
				pieces.length = opened!;
				// a link holds no other link
				open.length = 0;
				pieces.push(linked);
			} else say(sign);
			at = linked ? target!.end : at + 1;
		} else if (sign === 'h' && addressAt(source, at) !== null) {
			const address = addressAt(source, at)!;
			add({ type: 'link', href: safeHref(address)!, children: [{ type: 'text', text: address }] });
			at += address.length;
		} else {
			const end = endOfWords(source, at + 1);
			say(source.slice(at, end));
			at = end;
		}
	}
	return emphasised(pieces);
}

const SPECIAL = /[\n\\*_`&<[!\]h]/g;
function endOfWords(source: string, from: number): number {
	SPECIAL.lastIndex = from;
	return SPECIAL.exec(source)?.index ?? source.length;
}

/** Whether emphasis may begin or end here. `*` does so beside punctuation too (`**Note:**this`); `_` never within a word. */
function sides(source: string, from: number, to: number): { opens: boolean; closes: boolean } {
	const [before, after] = [source[from - 1] ?? ' ', source[to] ?? ' '];
	const opens = !/\s/.test(after);
	const closes = !/\s/.test(before);
	if (source[from] === '*') return { opens, closes };
	const word = /[\p{L}\p{N}_]/u;
	return { opens: opens && !word.test(before), closes: closes && !word.test(after) };
}

/** Code up to as many backticks as it began with; null: they are only backticks. */
function codeAt(source: string, at: number): { text: string | null; end: number } {
	let from = at;
	while (source[from] === '`') from++;
	const length = from - at;
	for (let to = source.indexOf('`', from); to !== -1; to = source.indexOf('`', to)) {
		let end = to;
		while (source[end] === '`') end++;
		if (end - to === length) {
			const text = source.slice(from, to).replace(/\n/g, ' ');
			const padded = /^ [^]* $/.test(text) && text.trim() !== '';
			return { text: padded ? text.slice(1, -1) : text, end };
		}
		to = end;
	}
	return { text: null, end: from };
}

/** What the words since the bracket become; null: the target is none that may be followed. */
function linkTo(address: string, pieces: Piece[], opened: number): Inline | null {
	const image = (pieces[opened] as { text: string }).text === '![';
	const words = () => emphasised(pieces.slice(opened + 1));
	if (isPrincipal(address)) {
		const name = wordsOf(words());
		return !image && /^@\S/.test(name) ? { type: 'mention', principal: address, name: name.slice(1) } : null;
	}
	const href = safeHref(address);
	if (href === null) return null;
	const children = words().flatMap((inline) => (inline.type === 'link' ? inline.children : [inline]));
	return { type: 'link', href, children: children.length ? children : [{ type: 'text', text: address }] };
}

/** What stands in a line of a comment: emphasis, code, links, mentions. @see https://spec.commonmark.org/0.31.2/#inlines */
import { emphasised, type Piece } from './comment-emphasis.ts';
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

/** Characters of an address at most. */
const ADDRESS = /https?:\/\/[^\s<>"“”*`\\[\]]{1,2000}/y;
const IN_BRACKETS =
	/<((?:https?:\/\/|mailto:)[^\s<>]{1,2000}|[\w.+-]{1,64}@[\w-]{1,100}(?:\.[\w-]{1,100}){1,8})>/y;
const TARGET = /\([ \t\n]*(?:<([^<>\n]{0,2000})>|([^\s<>]{1,2000}))/y;
const TITLE = /[ \t\n]+(?:"(?:\\.|[^"\\]){0,2000}"|'(?:\\.|[^'\\]){0,2000}')/y;
const TARGET_END = /[ \t\n]*\)/y;
const ENTITY = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(amp|lt|gt|quot|apos|nbsp));/y;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };
const ESCAPABLE = /[!-/:-@[-`{-~]/;
/** what ends a sentence belongs to it, not to the address */
const SENTENCE_END = ".,;:!?'’…_";

const matchAt = (pattern: RegExp, source: string, at: number) => {
	pattern.lastIndex = at;
	return pattern.exec(source);
};

/** An address that can be opened from a comment; null for every other scheme, and for what is no address. */
export function safeHref(address: string): string | null {
	if (!URL.canParse(address)) return null;
	const { protocol, href } = new URL(address);
	return ['http:', 'https:', 'mailto:'].includes(protocol) ? href : null;
}

/** The bare address that begins at `at`, without the end of the sentence and a bracket that was opened before it; or null. */
export function addressAt(source: string, at: number): string | null {
	const address = matchAt(ADDRESS, source, at)?.[0];
	if (address === undefined) return null;
	let surplus = [...address].reduce((sum, sign) => sum + (sign === ')' ? 1 : sign === '(' ? -1 : 0), 0);
	let end = address.length;
	for (; end > 0; end--) {
		if (address[end - 1] === ')' && surplus > 0) surplus--;
		else if (!SENTENCE_END.includes(address[end - 1]!)) break;
	}
	const short = address.slice(0, end);
	return safeHref(short) === null ? null : short;
}

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
			const [whole, address] = matchAt(IN_BRACKETS, source, at) ?? [];
			const href = address && safeHref(/^(https?:|mailto:)/.test(address) ? address : `mailto:${address}`);
			if (href) add({ type: 'link', href, children: [{ type: 'text', text: address! }] });
			else say(sign);
			at += href ? whole!.length : 1;
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

function entityAt(source: string, at: number): { text: string; length: number } | null {
	const [whole, decimal, hex, name] = matchAt(ENTITY, source, at) ?? [];
	if (whole === undefined) return null;
	if (name) return { text: ENTITIES[name]!, length: whole.length };
	const code = decimal ? Number(decimal) : parseInt(hex!, 16);
	const real = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000);
	return { text: real ? String.fromCodePoint(code) : '\ufffd', length: whole.length };
}

/** `(address "title")`: the title is not shown. */
function targetAt(source: string, at: number): { address: string; end: number } | null {
	const [whole, bracketed, bare] = matchAt(TARGET, source, at) ?? [];
	if (whole === undefined) return null;
	let address = bracketed ?? bare!;
	if (bare !== undefined) {
		let depth = 0;
		let end = 0;
		for (; end < bare.length; end++) {
			if (bare[end] === '\\') end++;
			else if (bare[end] === '(' && ++depth > 32) return null;
			else if (bare[end] === ')' && depth-- === 0) break;
		}
		address = bare.slice(0, end);
	}
	let end = at + whole.length - (bare === undefined ? 0 : bare.length - address.length);
	end += matchAt(TITLE, source, end)?.[0].length ?? 0;
	const close = matchAt(TARGET_END, source, end)?.[0];
	if (close === undefined) return null;
	return { address: unescaped(address), end: end + close.length };
}

const unescaped = (text: string) =>
	text
		.replace(/\\([!-/:-@[-`{-~])/g, '$1')
		.replace(new RegExp(ENTITY.source, 'g'), (entity) => entityAt(entity, 0)!.text);

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

/** Addresses in a comment: which of them may be followed, and how they are written. */

/** Characters of an address at most. */
const ADDRESS = /https?:\/\/[^\s<>"“”*`\\[\]]{1,2000}/y;
const IN_BRACKETS =
	/<((?:https?:\/\/|mailto:)[^\s<>]{1,2000}|[\w.+-]{1,64}@[\w-]{1,100}(?:\.[\w-]{1,100}){1,8})>/y;
const TARGET = /\([ \t\n]*(?:<([^<>\n]{0,2000})>|([^\s<>]{1,2000}))/y;
const TITLE = /[ \t\n]+(?:"(?:\\.|[^"\\]){0,2000}"|'(?:\\.|[^'\\]){0,2000}')/y;
const TARGET_END = /[ \t\n]*\)/y;
const ENTITY = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(amp|lt|gt|quot|apos|nbsp));/y;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };
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

const DOMAIN = /(?:[\p{L}\p{N}_-]{1,63}\.){1,8}\p{L}{2,63}/giu;
/** Signs that turn the words around them, or hide among them. */
const UNSEEN = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/;

/** Where a link leads, to be shown beside words that name another address, or may look like one; null: they mislead nobody. */
export function hostBeside(words: string, href: string): string | null {
	const { protocol, hostname, pathname } = new URL(href);
	const goes = (protocol === 'mailto:' ? pathname : hostname).toLowerCase();
	if (UNSEEN.test(words)) return goes;
	const named = words.match(DOMAIN)?.map(hostOf) ?? [];
	const within = (one: string, other: string) =>
		one === other || one.endsWith(`.${other}`) || one.endsWith(`@${other}`);
	return named.length > 0 && !named.some((host) => within(goes, host)) ? goes : null;
}

/** As an address names it: `www.` and the signs of other alphabets are the same host. */
const hostOf = (domain: string) => {
	const bare = domain.replace(/^www\./i, '');
	return URL.canParse(`https://${bare}`) ? new URL(`https://${bare}`).hostname : bare;
};

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

/** `&amp;`, `&#60;`: the character that it stands for. */
export function entityAt(source: string, at: number): { text: string; length: number } | null {
	const [whole, decimal, hex, name] = matchAt(ENTITY, source, at) ?? [];
	if (whole === undefined) return null;
	if (name) return { text: ENTITIES[name]!, length: whole.length };
	const code = decimal ? Number(decimal) : parseInt(hex!, 16);
	const real = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000);
	return { text: real ? String.fromCodePoint(code) : '\ufffd', length: whole.length };
}

/** `<https://…>`, `<desk@a.example>`. */
export function bracketedAt(
	source: string,
	at: number
): { words: string; href: string; length: number } | null {
	const [whole, words] = matchAt(IN_BRACKETS, source, at) ?? [];
	if (whole === undefined || words === undefined) return null;
	const href = safeHref(/^(https?:|mailto:)/.test(words) ? words : `mailto:${words}`);
	return href === null ? null : { words, href, length: whole.length };
}

/** `(address "title")`: the title is not shown. */
export function targetAt(source: string, at: number): { address: string; end: number } | null {
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

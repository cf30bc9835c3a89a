/**
 * Passages and how they are found again: describe/anchor. A range is in UTF-16 units of the article's plain text, and
 * is remembered as a quote with its surroundings.
 * @see https://www.w3.org/TR/annotation-model/#text-quote-selector
 */
import search from 'approx-string-match';

export interface Range {
	from: number;
	to: number;
}
export interface Quote {
	exact: string;
	prefix?: string;
	suffix?: string;
	/** where it began when it was described */
	from?: number;
}
export interface Match extends Range {
	/** the share of the remembered characters (quote, prefix, suffix) that stand there: 0 to 1 */
	score: number;
}

/** Characters of context on each side, in UTF-16 units. */
export const CONTEXT = 32;
/**
 * The least score of a match. Where unrelated English stands around it, about a third of the context agrees by chance: a
 * word alone scores 0.4 at a wrong place and 0.7 when one side of it is still as it was.
 */
export const ACCEPTED = 0.6;

const MAX_PLACES = 1000;
/** Longer quotes are looked for by their two ends. */
const MAX_PATTERN = 256;
/** Bounds one approximate search: characters times the words of 32 bits that its errors fill (some 5 ms). */
const MAX_WORK = 2 ** 18;

/** Differences that a quote of this length may have: none in a word, three in ten characters of a sentence. */
export function allowedErrors(length: number): number {
	if (length < 8) return 0;
	return Math.floor(length * (length < 32 ? 0.15 : 0.3));
}

const splitsPair = (text: string, at: number) =>
	/[\ud800-\udbff]/.test(text.charAt(at - 1)) && /[\udc00-\udfff]/.test(text.charAt(at));

const wholePairs = (text: string, from: number, to: number): Range => ({
	from: splitsPair(text, from) ? from - 1 : from,
	to: splitsPair(text, to) ? to + 1 : to
});

/**
 * The quote of a range with its context; a range that cuts a surrogate pair is widened to the whole of it.
 * @throws {RangeError} when the range is empty or not in the text
 */
export function describe(text: string, from: number, to: number): Required<Quote> & Range {
	if (!(from >= 0 && from < to && to <= text.length))
		throw new RangeError(`There is no passage from ${from} to ${to}.`);
	({ from, to } = wholePairs(text, from, to));
	const before = Math.max(0, from - CONTEXT);
	const after = Math.min(text.length, to + CONTEXT);
	return {
		exact: text.slice(from, to),
		prefix: text.slice(before + (splitsPair(text, before) ? 1 : 0), from),
		suffix: text.slice(to, after - (splitsPair(text, after) ? 1 : 0)),
		from,
		to
	};
}

/**
 * Where a quote stands, or null. Exact matches go before approximate ones; among equals the context decides, then
 * nearness to `from`. The time is bounded: in a very long text approximate matches are looked for around `from` only.
 */
export function anchorQuote(text: string, quote: Quote): Match | null {
	if (quote.exact === '') return null;
	const exact = exactPlaces(text, quote);
	return best(text, quote, exact.length > 0 ? exact : approximatePlaces(text, quote));
}

/**
 * The range of an annotation now: the one that its relative positions name, if the quote stands there; else where the
 * quote is found; else null: an orphan. A note on the whole article has none.
 */
export function resolveRange(text: string, annotation: Partial<Quote>, relative: Range | null): Range | null {
	const { exact, prefix, suffix, from } = annotation;
	if (exact === undefined) return null;
	if (relative && text.slice(relative.from, relative.to) === exact) return relative;
	const match = anchorQuote(text, { exact, prefix, suffix, from });
	return match && { from: match.from, to: match.to };
}

/** The one place where the quote stands word for word; prefix and suffix tell several apart (white space aside). */
export function findUnique(text: string, quote: Quote): Range | 'missing' | 'ambiguous' {
	const { exact, prefix = '', suffix = '' } = quote;
	const range = (from: number): Range => ({ from, to: from + exact.length });
	const places = exact === '' ? [] : placesOf(text, exact, 0);
	if (places.length === 0) return 'missing';
	if (places.length === 1) return range(places[0]!);
	const whole = placesOf(text, prefix + exact + suffix, 0).map((at) => at + prefix.length);
	if (whole.length === 1) return range(whole[0]!);
	const follows = (at: number) =>
		plain(text.slice(Math.max(0, at - 2 * prefix.length), at)).endsWith(plain(prefix));
	const leads = (at: number) => {
		const to = at + exact.length;
		return plain(text.slice(to, to + 2 * suffix.length)).startsWith(plain(suffix));
	};
	const told = places.filter((at) => follows(at) && leads(at));
	return told.length === 1 ? range(told[0]!) : 'ambiguous';
}

const plain = (text: string) => text.replace(/\s+/g, ' ');

interface Place extends Range {
	/** differences between the quote and what stands there */
	errors: number;
}

function best(text: string, quote: Quote, places: Place[]): Match | null {
	const { exact, prefix = '', suffix = '', from = 0 } = quote;
	const remembered = exact.length + prefix.length + suffix.length;
	let found: Match | null = null;
	for (const place of places) {
		const kept =
			exact.length -
			place.errors +
			agreement(reverse(prefix), reverse(text.slice(Math.max(0, place.from - prefix.length), place.from))) +
			agreement(suffix, text.slice(place.to, place.to + suffix.length));
		const score = kept / remembered;
		const nearer = found !== null && Math.abs(place.from - from) < Math.abs(found.from - from);
		if (found === null || score > found.score || (score === found.score && nearer))
			found = { from: place.from, to: place.to, score };
	}
	return found && found.score >= ACCEPTED ? found : null;
}

function exactPlaces(text: string, { exact, prefix = '', suffix = '', from = 0 }: Quote): Place[] {
	const whole = placesOf(text, prefix + exact + suffix, from).map((at) => at + prefix.length);
	const places = whole.length > 0 ? whole : placesOf(text, exact, from);
	return places.map((at) => ({ from: at, to: at + exact.length, errors: 0 }));
}

/** Where `part` begins, looking outward from `around`; at most MAX_PLACES on each side. */
function placesOf(text: string, part: string, around: number): number[] {
	const places: number[] = [];
	let at = text.indexOf(part, around);
	for (; at !== -1 && places.length < MAX_PLACES; at = text.indexOf(part, at + 1)) places.push(at);
	if (around === 0) return places;
	const after = places.length;
	at = text.lastIndexOf(part, around - 1);
	for (; at !== -1 && places.length < after + MAX_PLACES; at = text.lastIndexOf(part, at - 1)) {
		places.push(at);
		if (at === 0) break; // lastIndexOf takes −1 for 0
	}
	return places;
}

function approximatePlaces(text: string, { exact, from = 0 }: Quote): Place[] {
	const errors = allowedErrors(exact.length);
	if (errors === 0) return [];
	const words = Math.ceil(Math.min(errors, allowedErrors(MAX_PATTERN)) / 32) + 1;
	const reach = Math.max(Math.floor(MAX_WORK / words), 4 * exact.length);
	const start = Math.max(0, Math.min(from - Math.floor((reach - exact.length) / 2), text.length - reach));
	const near = text.slice(start, start + reach);
	const places =
		exact.length <= MAX_PATTERN ? placesLike(near, exact, errors) : placesByEnds(near, exact, errors);
	return places.map((place) => ({ ...place, from: place.from + start, to: place.to + start }));
}

const placesLike = (text: string, part: string, errors: number): Place[] =>
	search(text, part, errors)
		.slice(0, MAX_PLACES)
		.map(({ start, end, errors }) => ({ ...wholePairs(text, start, end), errors }));

/** A long quote: where it begins and where it ends, at about its length; what differs in between is not looked at. */
function placesByEnds(text: string, exact: string, errors: number): Place[] {
	const size = MAX_PATTERN / 2;
	const heads = placesLike(text, exact.slice(0, size), allowedErrors(size)).slice(0, 100);
	const tails = placesLike(text, exact.slice(-size), allowedErrors(size)).slice(0, 100);
	return heads.flatMap((head) =>
		tails.flatMap((tail) => {
			const longer = Math.abs(tail.to - head.from - exact.length);
			const total = head.errors + tail.errors + longer;
			return total <= errors ? [{ from: head.from, to: tail.to, errors: total }] : [];
		})
	);
}

const reverse = (text: string) => text.split('').reverse().join('');

/** How many characters of `remembered` stand in `there`, both read from the quote outward: length less edits. */
function agreement(remembered: string, there: string): number {
	if (remembered === there) return remembered.length;
	let row = Array.from({ length: there.length + 1 }, (_, index) => index);
	for (let i = 1; i <= remembered.length; i++) {
		const next = [i];
		for (let j = 1; j <= there.length; j++) {
			const same = remembered[i - 1] === there[j - 1];
			next.push(same ? row[j - 1]! : 1 + Math.min(row[j - 1]!, row[j]!, next[j - 1]!));
		}
		row = next;
	}
	return remembered.length - Math.min(...row);
}

/** Between UTF-16 units (of the room) and Unicode code points (of the W3C), for one text. */
export interface CodePoints {
	fromUtf16(offset: number): number;
	toUtf16(codePoint: number): number;
}

/** Built once for a text; an offset within a surrogate pair counts as the one after it. */
export function toCodePoints(text: string): CodePoints {
	const pairs = Array.from(text.matchAll(/[\ud800-\udbff][\udc00-\udfff]/g), (match) => match.index);
	return {
		fromUtf16: (offset) => offset - countWhile(pairs.length, (index) => pairs[index]! + 1 < offset),
		toUtf16: (codePoint) => codePoint + countWhile(pairs.length, (index) => pairs[index]! - index < codePoint)
	};
}

/** How many of the first of `length` indexes are true, when all true ones come first. */
function countWhile(length: number, isTrue: (index: number) => boolean): number {
	let low = 0;
	let high = length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (isTrue(middle)) low = middle + 1;
		else high = middle;
	}
	return low;
}

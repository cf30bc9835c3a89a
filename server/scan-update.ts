/**
 * Goes over an update (format 1) without decoding it, so that what Yjs decodes afterwards is whole, of bearable size and
 * means the same to Yjs and to the guard [R5, G0]. A frame of megabytes that would decode into a million documents, or
 * that only seems to end, is turned away here.
 * @see https://github.com/yjs/yjs/blob/main/INTERNALS.md
 */

/** Structs, and ranges of deletes: more than 40,000 annotations have. */
const MAX_PARTS = 500_000;
/** No client counts this far; beyond 2^53 numbers would no longer be exact. */
const MAX_CLOCK = 2 ** 32;
const MAX_DEPTH = 50;

/** @throws on bytes that are no sound update */
export function scanUpdate(update: Uint8Array): void {
	const scan = new Scan(update);
	scan.structs();
	scan.deletes();
	scan.end();
}

class Scan {
	readonly #bytes: Uint8Array;
	#at = 0;
	#parts = 0;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
	}

	structs(): void {
		let last = Infinity;
		for (let blocks = this.#number(); blocks > 0; blocks--) {
			const count = this.#number();
			const client = this.#number();
			// every encoder writes them so; of updates that are not in this order Yjs loses what it merges them with
			if (client >= last) throw unsound();
			last = client;
			let clock = this.#number();
			for (let left = count; left > 0; left--) {
				const length = this.#struct();
				// one of no length is integrated by Yjs although it says nothing new
				if (length < 1) throw unsound();
				clock += length;
				this.#countPart(clock);
			}
		}
	}

	deletes(): void {
		for (let clients = this.#number(); clients > 0; clients--) {
			this.#number();
			for (let ranges = this.#number(); ranges > 0; ranges--) {
				const clock = this.#number();
				const length = this.#number();
				if (length < 1) throw unsound();
				this.#countPart(clock + length);
			}
		}
	}

	end(): void {
		if (this.#at !== this.#bytes.length) throw unsound();
	}

	#countPart(clock: number): void {
		if (clock > MAX_CLOCK || ++this.#parts > MAX_PARTS) throw unsound();
	}

	/** Its length, in clocks; of text at least that. */
	#struct(): number {
		const info = this.#byte();
		const kind = info & 31;
		if (kind === 0 || info === 10) return this.#number();
		const origins = (info >> 6) & 3;
		if (origins & 2) this.#id();
		if (origins & 1) this.#id();
		if (origins === 0) {
			if (this.#number() === 1) this.#text();
			else this.#id();
			if (info & 32) this.#text();
		}
		return this.#content(kind);
	}

	#content(kind: number): number {
		switch (kind) {
			case 1: // deleted
				return this.#number();
			case 2: // JSON
				return this.#times(() => this.#text());
			case 3: // binary
			case 5: // embed
				this.#text();
				return 1;
			case 4: // string
				return this.#text();
			case 6: // format
				this.#text();
				this.#text();
				return 1;
			case 7: {
				// a type; XML elements and hooks have a name
				const type = this.#number();
				if (type > 6) throw unsound();
				if (type === 3 || type === 5) this.#text();
				return 1;
			}
			case 8:
				return this.#times(() => this.#any(0));
		}
		// documents within documents (9) are nobody's business here
		throw unsound();
	}

	/** lib0's encoding of plain values. */
	#any(depth: number): void {
		if (depth > MAX_DEPTH) throw unsound();
		switch (this.#byte()) {
			case 127: // undefined
			case 126: // null
			case 121: // false
			case 120: // true
				return;
			case 125: // integer
				for (let most = 9; this.#byte() & 128; most--) if (most === 0) throw unsound();
				return;
			case 124: // float32
				return this.#skip(4);
			case 123: // float64
			case 122: // bigint
				return this.#skip(8);
			case 119: // string
			case 116: // bytes
				return void this.#text();
			case 118: // object
				this.#times(() => {
					this.#text();
					this.#any(depth + 1);
				});
				return;
			case 117: // array
				this.#times(() => this.#any(depth + 1));
				return;
		}
		throw unsound();
	}

	#times(scan: () => void): number {
		const count = this.#number();
		for (let left = count; left > 0; left--) scan();
		return count;
	}

	#id(): void {
		this.#number();
		this.#number();
	}

	/** A string or bytes, with its length before it. */
	#text(): number {
		const length = this.#number();
		this.#skip(length);
		return length;
	}

	#skip(length: number): void {
		if (length > this.#bytes.length - this.#at) throw unsound();
		this.#at += length;
	}

	#byte(): number {
		const byte = this.#bytes[this.#at++];
		if (byte === undefined) throw unsound();
		return byte;
	}

	/** A whole number of at most 53 bits; lib0 makes NaN of one with endless zeros. */
	#number(): number {
		let value = 0;
		for (let scale = 1; scale < 2 ** 53; scale *= 128) {
			const byte = this.#byte();
			value += (byte & 127) * scale;
			if (value > Number.MAX_SAFE_INTEGER) break;
			if (byte < 128) return value;
		}
		throw unsound();
	}
}

const unsound = () => new Error('The update is unsound.');

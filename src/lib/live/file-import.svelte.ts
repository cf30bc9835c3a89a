/** Text files that come in one by one; what cannot be read is refused by name, and the others go on. */
import { decodeUtf8, tooLarge } from '#lib/domain/plain-text.ts';
import { api, type ArticleJson, type NewArticle } from './api.ts';

/** One file on its way. */
export interface Incoming {
	name: string;
	state: 'waiting' | 'coming' | 'in' | 'refused';
	/** why it was refused */
	reason?: string;
	article?: ArticleJson;
}

export class FileImport {
	items = $state<Incoming[]>([]);
	running = $derived(this.items.some(({ state }) => state === 'waiting' || state === 'coming'));
	came = $derived(this.items.filter(({ state }) => state === 'in').length);
	refused = $derived(this.items.filter(({ state }) => state === 'refused').length);
	#last: Promise<void> = Promise.resolve();

	/** Adds the files to the queue; resolves when all of them have come in or been refused. */
	add(files: File[]): Promise<void> {
		if (!this.running) this.items = [];
		for (const file of files) {
			const place = this.items.push({ name: file.name, state: 'waiting' }) - 1;
			const item = this.items[place]!;
			this.#last = this.#last.then(() => bringIn(file, item));
		}
		return this.#last;
	}
}

async function bringIn(file: File, item: Incoming): Promise<void> {
	item.state = 'coming';
	try {
		const body: NewArticle = { text: await read(file) };
		item.article = await api<ArticleJson>(fetch, 'POST', '/articles', body);
		item.state = 'in';
	} catch (thrown) {
		item.reason = (thrown as Error).message;
		item.state = 'refused';
	}
}

/** @throws {Error} with a sentence for people */
async function read(file: File): Promise<string> {
	if (!/\.txt$/i.test(file.name)) throw new Error('Only .txt files can be brought in.');
	const over = tooLarge(file.size);
	if (over) throw new Error(over);
	const bytes = await file.arrayBuffer().catch(() => {
		throw new Error('This file could not be read from your computer.');
	});
	return decodeUtf8(new Uint8Array(bytes));
}

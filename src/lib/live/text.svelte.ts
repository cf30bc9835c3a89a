/** The text room in the browser: the words, the article's state, and who is here. Nothing is written to it here. */
import type { Principal } from '../domain/principal.ts';
import { textRoom, type ArticleState } from '../domain/room.ts';
import { observeArticle, observeContent, readArticleState, readText } from '../ydoc/text.ts';
import { Presence, presentIn, type Present } from './presence.svelte.ts';
import { Room } from './room.svelte.ts';

export class TextRoom {
	readonly room: Room;
	readonly presence: Presence<Present>;
	article = $state.raw<Partial<ArticleState>>({});
	/** the article's plain text; null until it is loaded */
	text = $state.raw<string | null>(null);
	#unobserve: (() => void)[];

	constructor(articleId: string, principal: Principal, onclosed: (code: number) => void) {
		this.room = new Room(textRoom(articleId), {
			principal,
			writes: false,
			events: {
				synced: () => this.#read(),
				wired: () => {},
				// the layer's connection is told the same
				rights: () => {},
				labels: () => {},
				closed: onclosed
			}
		});
		this.presence = new Presence(this.room.provider.awareness, presentIn);
		const { doc } = this.room;
		this.#unobserve = [
			// what the cache says may be old
			observeArticle(doc, () => this.room.loaded && (this.article = readArticleState(doc))),
			observeContent(doc, () => this.room.loaded && (this.text = readText(doc)))
		];
	}

	close(): void {
		for (const stop of this.#unobserve) stop();
		this.room.destroy();
	}

	#read(): void {
		this.article = readArticleState(this.room.doc);
		this.text = readText(this.room.doc);
	}
}

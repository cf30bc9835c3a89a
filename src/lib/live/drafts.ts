/** What somebody is writing, kept over leaving the page; in this tab alone. */

/** Where the draft of a person in an article is kept; `of` is the thread that is answered, or what is edited. */
export const draftKey = (principal: string, articleId: string, of = 'new') =>
	`galley.draft ${principal} ${articleId} ${of}`;

export function readDraft<T>(key: string): T | null {
	try {
		return JSON.parse(sessionStorage.getItem(key) ?? 'null') as T | null;
	} catch {
		return null;
	}
}

/** null forgets it. Where nothing can be kept, the page itself still has it. */
export function writeDraft(key: string, draft: unknown): void {
	try {
		if (draft === null) sessionStorage.removeItem(key);
		else sessionStorage.setItem(key, JSON.stringify(draft));
	} catch {
		return;
	}
}

/** Words that were not sent, and where their draft is kept. */
export interface Unsent {
	key: string;
	/** what they were to be: `Reply` */
	title: string;
	words: string;
}
const TITLES: Record<string, string> = { words: 'Comment', reply: 'Reply', edit: 'Edit', resolve: 'Reason' };

/** What this tab keeps of unsent words. @param of the start of their keys: one person's in one article, or all */
export function unsentDrafts(of = 'galley.draft '): Unsent[] {
	const keys = Object.keys(globalThis.sessionStorage ?? {}).filter((key) => key.startsWith(of));
	return keys.sort().flatMap((key) => {
		const words = readDraft<unknown>(key);
		const title = TITLES[key.split(' ')[3] ?? ''];
		return title && typeof words === 'string' && words.trim() ? [{ key, title, words }] : [];
	});
}

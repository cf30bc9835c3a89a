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

/**
 * What somebody is writing, kept over leaving the page. A draft belongs to the tab it is written in (session storage). A copy of it
 * outlives the tab (local storage): whoever opens the article next takes over what tabs that are gone have left, and never what
 * stands open in another. Each page holds a lock while it is open: by these one knows which tabs are gone. Where there are no locks
 * (a page without TLS), drafts last as long as their tab.
 */

import { keysOf } from './kept.ts';

/** Where the draft of a person in an article is kept; `of` is the thread that is answered, or what is edited. */
export const draftKey = (principal: string, articleId: string, of = 'new') =>
	`galley.draft ${principal} ${articleId} ${of}`;

const TAB = 'galley.tab';
const LEFT = 'galley.left';
const MOST_MS = 30 * 24 * 60 * 60 * 1000;

/** A copy, as it is kept. */
interface Left {
	/** ms since 1970 */
	at: number;
	draft: unknown;
}

export function readDraft<T>(key: string): T | null {
	try {
		return JSON.parse(sessionStorage.getItem(key) ?? 'null') as T | null;
	} catch {
		return null;
	}
}

/** keys of drafts that could not be kept: they are in their fields alone */
const unkept = new Set<string>();

/** Whether something is being written that would not outlive the page. */
export const draftsAtRisk = (): boolean => unkept.size > 0;

/** null forgets it. Where nothing can be kept, the page itself still has it. @returns whether this tab keeps it */
export function writeDraft(key: string, draft: unknown): boolean {
	unkept.add(key);
	try {
		if (draft === null) sessionStorage.removeItem(key);
		else sessionStorage.setItem(key, JSON.stringify(draft));
		unkept.delete(key);
		if (!navigator.locks) return true;
		const copy = `${LEFT} ${thisTab()} ${key}`;
		if (draft === null) localStorage.removeItem(copy);
		else localStorage.setItem(copy, JSON.stringify({ at: Date.now(), draft } satisfies Left));
	} catch {
		if (draft === null) unkept.delete(key);
	}
	return !unkept.has(key);
}

/** Takes over what tabs that are gone have left of drafts. @param of the start of their keys, as of `draftKey` */
export async function takeOverDrafts(of: string): Promise<void> {
	try {
		await navigator.locks?.request(LEFT, async () => {
			holdTab();
			const { held = [], pending = [] } = await navigator.locks.query();
			const open = new Set([...held, ...pending].map(({ name }) => name));
			const left = Object.keys(localStorage).flatMap((copy) => {
				const [, tab, key] = /^galley\.left (\S+) (.+)$/.exec(copy) ?? [];
				if (!key?.startsWith(of) || open.has(`${TAB} ${tab}`)) return [];
				return [{ copy, key, ...(JSON.parse(localStorage.getItem(copy)!) as Left) }];
			});
			// of two the newer one; the other waits until that is sent or given up, and so does what there is no room for
			for (const { copy, key, at, draft } of left.sort((a, b) => b.at - a.at)) {
				if (readDraft(key) !== null && Date.now() - at < MOST_MS) continue;
				if (Date.now() - at < MOST_MS && !writeDraft(key, draft)) continue;
				localStorage.removeItem(copy);
			}
		});
	} catch {
		return;
	}
}

/** Forgets all drafts of somebody, as when they sign out. */
export function clearDrafts(principal: string): void {
	try {
		for (const storage of [sessionStorage, localStorage])
			for (const key of Object.keys(storage))
				if (key.includes(`galley.draft ${principal} `)) storage.removeItem(key);
	} catch {
		return;
	}
}

function thisTab(): string {
	const known = sessionStorage.getItem(TAB) ?? crypto.randomUUID();
	sessionStorage.setItem(TAB, known);
	return known;
}

let held = false;
/** As long as this page is open. */
function holdTab(): void {
	if (!held) void navigator.locks.request(`${TAB} ${thisTab()}`, () => new Promise(() => {}));
	held = true;
}

/** Words that were not sent, and where their draft is kept. */
export interface Unsent {
	key: string;
	/** what they were to be: `Reply` */
	title: string;
	/** id of the annotation that they answer, change or settle */
	of: string | undefined;
	words: string;
}
const TITLES: Record<string, string> = { words: 'Comment', reply: 'Reply', edit: 'Edit', resolve: 'Reason' };

/** What this tab keeps of unsent words. @param of the start of their keys: one person's in one article, or all */
export function unsentDrafts(of = 'galley.draft '): Unsent[] {
	const keys = keysOf(() => sessionStorage).filter((key) => key.startsWith(of));
	return keys.sort().flatMap((key) => {
		const words = readDraft<unknown>(key);
		const [kind = '', of] = key.split(' ').slice(3);
		const title = TITLES[kind];
		return title && typeof words === 'string' && words.trim() ? [{ key, title, of, words }] : [];
	});
}

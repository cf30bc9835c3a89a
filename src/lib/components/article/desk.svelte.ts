/** What one person has before them: which thread, which selection, what they are writing, what the filter shows. */
import { tick } from 'svelte';
import { SvelteSet } from 'svelte/reactivity';
import { collapseSelection, passageBox, type ArticleEditor } from '#lib/editor/create.ts';
import { textBetween } from '#lib/editor/in-view.ts';
import type { Highlight } from '#lib/editor/highlights.ts';
import { findLabel } from '#lib/domain/labels.ts';
import { mayEdit } from '#lib/domain/policy.ts';
import type { TextRange } from '#lib/editor/position-map.ts';
import { attach, mark, opposite } from '#lib/live/actions.ts';
import { draftKey, readDraft, takeOverDrafts, writeDraft } from '#lib/live/drafts.ts';
import type { Action } from '#lib/live/work.ts';
import { Unread } from '#lib/live/unread.svelte.ts';
import type { Placed, Workspace } from '#lib/live/workspace.svelte.ts';
import type { Ask } from './thread/ask.ts';
import { Finding, type FilterInUrl } from './find/finding.svelte.ts';
import { ahead } from './keys/ahead.ts';
import { flashReply } from './text/flash.ts';
import { HiddenMarks } from './text/hidden-marks.svelte.ts';
import { isResolved } from './thread/thread-facts.ts';
import { BAR } from './together/place.svelte.ts';
import { Together } from './together/together.svelte.ts';

/** A comment that is still being written; without range and quote: a note on the whole article. */
export interface Draft {
	range: TextRange | null;
	exact: string;
	motivation: 'commenting' | 'questioning';
	label: string;
}

export const cardId = (annotation: string) => `annotation-${annotation}`;
/** of the words in a card, which are heard when it takes the focus */
export const wordsId = (annotation: string) => `words-${annotation}`;
export const DRAFT = 'draft';

/** For a live region: the same once more would be no change, and not be heard; it ends with a space that no one hears. */
export const anew = (words: string, before: string): string => (words === before ? `${words}\u00a0` : words);

/** The next id in the list after (1) or before (−1) one, of those asked for. */
export function nextOf(
	list: string[],
	from: string | null,
	by: 1 | -1,
	which: (id: string) => boolean = () => true
): string | undefined {
	const at = from === null ? -1 : list.indexOf(from);
	if (by === 1) return list.slice(at + 1).find(which);
	return list.slice(0, at < 0 ? list.length : at).findLast(which);
}

export class Desk {
	readonly workspace: Workspace;
	readonly together: Together;
	/** id of the thread that is open */
	active = $state<string | null>(null);
	/** id of the one that was open before */
	#left: string | null = null;
	hovered = $state<string | null>(null);
	/** where several passages lie over each other: which of them the last click has opened */
	stack = $state.raw<{ id: string; at: number; of: number } | null>(null);
	/** ids of the threads whose cards are in the page */
	readonly cards = new SvelteSet<string>();
	readonly marks = new HiddenMarks();
	selected = $state.raw<TextRange | null>(null);
	draft = $state.raw<Draft | null>(null);
	editor = $state.raw<ArticleEditor | null>(null);
	/** the annotation, root or reply, whose link was followed last */
	linked = $state<string | null>(null);
	/** what the open thread is asked to show */
	asked = $state<Ask | null>(null);
	/** a dialog over the page */
	dialog = $state<'keys' | 'palette' | null>(null);
	/** threads with something new in them */
	readonly unread: Unread;
	/** what is looked for among the threads */
	readonly find: Finding;
	readonly tell: (message: string, way?: { name: string; run: () => void }) => void;
	#said = $state('');
	#draftKey: string;
	/** what tabs that are gone have left is this one's now */
	readonly draftsKnown: Promise<void>;

	/** @param tell shows a short message, and a way on from it */
	constructor(workspace: Workspace, filter: FilterInUrl, tell: Desk['tell']) {
		this.workspace = workspace;
		this.tell = tell;
		this.together = new Together(this);
		this.#draftKey = draftKey(workspace.actor.principal, workspace.articleId);
		this.draftsKnown = takeOverDrafts(draftKey(workspace.actor.principal, workspace.articleId, ''));
		this.unread = new Unread(workspace, () => this.active);
		this.find = new Finding(workspace, this.unread, filter);
		workspace.answering = () => this.#answering;
	}

	readonly #answering: string | null = $derived.by(() => (this.asked === 'reply' ? this.active : null));

	/** the threads that the filter lets through: whichever is open, so that among thousands opening one reads no list anew */
	readonly #passing: Placed[] = $derived.by(() => {
		const passes = this.find.passes;
		return this.workspace.threads.filter(({ thread }) => passes(thread));
	});

	/** the open thread, which stays though the filter leaves it out */
	readonly #besides: Placed | null = $derived.by(() => {
		const { active } = this;
		const open = active !== null && this.workspace.threads.find(({ thread }) => thread.root.id === active);
		return open && !this.find.passes(open.thread) ? open : null;
	});

	/** the threads that the filter lets through, and the open one, in text order */
	readonly shown: Placed[] = $derived.by(() => {
		const [passing, besides] = [this.#passing, this.#besides];
		if (!besides) return passing;
		const passes = new Set(passing).add(besides);
		return this.workspace.threads.filter((placed) => passes.has(placed));
	});

	/** with a place in the text, or about the whole of it */
	readonly inMargin: Placed[] = $derived.by(() =>
		this.shown.filter(({ thread, range }) => range !== null || thread.root.exact === undefined)
	);

	readonly orphans: Placed[] = $derived.by(() =>
		this.shown.filter(({ thread, range }) => range === null && thread.root.exact !== undefined)
	);

	readonly open: Placed | null = $derived.by(
		() => this.shown.find(({ thread }) => thread.root.id === this.active) ?? null
	);

	/** passages to draw: what is shown, and quietly what is resolved */
	readonly highlights: Highlight[] = $derived.by(() => {
		const [found, besides, { draft }] = [this.#passages, this.#besides, this];
		const drawn = !besides || this.find.passesInAnyState(besides.thread) ? [] : this.#passageOf(besides);
		if (draft?.range)
			drawn.push({ id: DRAFT, ...draft.range, color: this.#colorOf(draft.label), tone: 'draft' });
		return drawn.length > 0 ? [...found, ...drawn] : found;
	});

	readonly #passages: Highlight[] = $derived.by(() => {
		const passes = this.find.passesInAnyState;
		return this.workspace.threads.flatMap((placed) => (passes(placed.thread) ? this.#passageOf(placed) : []));
	});

	#passageOf({ thread, range }: Placed): Highlight[] {
		if (!range) return [];
		const { id, label } = thread.root;
		return [{ id, ...range, color: this.#colorOf(label), tone: isResolved(thread) ? 'quiet' : 'normal' }];
	}

	#colorOf = (label: string | undefined) => findLabel(this.workspace.everyLabel, label)?.color;

	/** what was said last to a screen reader */
	get said(): string {
		return this.#said;
	}
	set said(words: string) {
		this.#said = anew(words, this.#said);
	}

	/** Does it and says so, or why not. @returns whether it was done */
	do(action: Action): boolean {
		const why = this.workspace.do(action);
		if (why) this.tell(why);
		else this.said = `${action.title}: done.`;
		return why === null;
	}

	/** Takes back this action, whatever was done since. */
	takeBack = (action: Action) => this.do(opposite(this.workspace.by(), action));

	undo = () => this.tell(this.workspace.undo());
	redo = () => this.tell(this.workspace.redo());

	/** Opens a thread: its card stands level with its passage, and takes the focus if asked. */
	async activate(id: string | null, { focus = false, ask = null as Ask | null } = {}) {
		this.#left = this.active ?? this.#left;
		this.active = id;
		this.asked = ask;
		if (id !== null) this.hovered = null;
		if (id === null) return;
		await tick();
		// a form shows itself, wherever in a long thread it stands
		if (ask !== 'reply' && ask !== 'resolve') this.showPassage();
		if (focus && !ask) document.getElementById(cardId(id))?.focus({ preventScroll: true });
	}

	/** The next (1) or previous (−1) thread of those that are shown, and which it is of how many. */
	async step(by: 1 | -1): Promise<void> {
		const list = [...this.inMargin, ...this.orphans];
		const view = this.editor && textBetween(this.editor, BAR, innerHeight);
		const next = ahead(list, by, { open: this.active, left: this.#left, view }).at(by === 1 ? 0 : -1);
		if (next) await this.activate(next, { focus: true });
		const at = list.findIndex(({ thread }) => thread.root.id === next);
		this.said = next ? `${at + 1} of ${list.length}.` : 'There is no other.';
	}

	/** The next (1) or previous (−1) unread thread: of those that are shown, then of those that the filter leaves out. */
	async stepUnread(by: 1 | -1): Promise<void> {
		const { has } = this.unread;
		const round = (list: string[]) => nextOf(list, this.active, by, has) ?? nextOf(list, null, by, has);
		const shown = [...this.inMargin, ...this.orphans].map(({ thread }) => thread.root.id);
		const next = round(shown) ?? round(this.workspace.threads.map(({ thread }) => thread.root.id));
		if (!next) return;
		const outside = !shown.includes(next);
		await this.activate(next, { focus: true });
		const left = this.unread.count;
		this.said = `${outside ? 'It is outside the filter. ' : ''}${left > 0 ? `${left} more unread.` : 'No more is unread.'}`;
	}

	/** Whether somebody else wrote in the open thread: then it can be new again. */
	readonly mayUnread: boolean = $derived.by(() => this.open !== null && this.unread.mayBe(this.open.thread));

	/** Closes the open thread as if it had not been read, to come back to it. */
	async putBack(): Promise<void> {
		if (!this.open || !this.mayUnread) return;
		const { thread } = this.open;
		await this.activate(null);
		this.editor?.view.dom.focus({ preventScroll: true });
		const kept = await this.unread.putBack(thread);
		this.tell(
			kept ? 'It is unread again.' : 'It could not be marked as unread: try again when you are online.'
		);
	}

	readAll(): void {
		this.unread.readAll();
		this.tell('Everything is read.');
	}

	/** Scrolls so far that the open thread's passage can be seen. */
	showPassage(): void {
		const range = this.open?.range;
		if (!range || !this.editor) return;
		const { top, bottom } = passageBox(this.editor, range);
		const room = { top: 120, bottom: innerHeight * 0.6 };
		if (top >= room.top && Math.min(bottom, top + 40) <= room.bottom) return;
		const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
		scrollBy({ top: top - Math.max(room.top, innerHeight * 0.25), behavior: still ? 'instant' : 'smooth' });
	}

	/** The open thread is gone, as when somebody has deleted it: the keys go on from the text. */
	leaveGone(): void {
		if (this.active === null || !this.workspace.loaded || this.open) return;
		void this.activate(null);
		if (document.activeElement === document.body) this.editor?.view.dom.focus({ preventScroll: true });
	}

	/** Opens the thread that the end of an address names (#annotation-<id>), a reply's too, and shows its passage. */
	async openLinked(hash: string): Promise<void> {
		const id = /^#annotation-(.+)$/.exec(hash)?.[1];
		if (!id) return;
		const entry = this.workspace.layer.annotations.find((one) => one.id === id);
		const root = entry?.replyTo ?? id;
		if (!this.workspace.threads.some(({ thread }) => thread.root.id === root))
			return this.tell('The comment of this link is not here any more.');
		if (id !== root && entry!.deleted) this.tell('The reply of this link is not here any more.');
		this.linked = id;
		await this.activate(root, { focus: true });
		this.flash();
		if (id !== root) flashReply(id);
	}

	/** Shows for a moment which passage is meant. */
	flash(): void {
		const marks = this.editor?.view.dom.querySelectorAll(`[data-annotation="${this.active}"]`) ?? [];
		for (const mark of marks) {
			mark.animate([{ background: 'var(--accent)', color: 'var(--accent-ink)' }, {}], {
				duration: 1600,
				easing: 'ease-out'
			});
		}
	}

	/** Marks the selected words without a comment. @param label its id */
	highlight(label?: string): void {
		if (!this.selected || !this.workspace.may('mark')) return;
		const action = mark(this.workspace.by(), this.workspace.describe(this.selected), {
			motivation: 'highlighting',
			label
		});
		if (this.do(action)) void this.#showNew(action.annotation);
		this.leaveSelection();
	}

	/** Opens what one has just made, and says it where it will not be seen once it is closed. */
	async #showNew(id: string, how?: { focus: boolean }): Promise<void> {
		await this.activate(id, how);
		const thread = this.open?.thread;
		if (thread?.root.id !== id || this.find.passes(thread)) return;
		this.tell('It is there, but the filter leaves it out once it is closed.', {
			name: 'Clear the filter',
			run: () => this.find.clear('open')
		});
	}

	/** whether the open thread has lost its passage, and may be given the selected words instead */
	readonly mayAttach: boolean = $derived.by(() => {
		const { actor, articleId } = this.workspace;
		const root = this.open?.thread.root;
		if (!root?.exact || this.open?.range || !this.workspace.may('reply')) return false;
		return this.workspace.may('edit text') || mayEdit(actor, articleId, root);
	});

	/** Ties the open thread to the selected words. */
	attach(): void {
		if (!this.selected || !this.open || !this.mayAttach) return;
		const { root } = this.open.thread;
		this.do(attach(this.workspace.by(), root, this.workspace.describe(this.selected)));
		this.leaveSelection();
	}

	/** Begins a comment on the selected words. */
	compose(motivation: Draft['motivation'] = 'commenting'): void {
		if (!this.selected || !this.workspace.may('mark')) return;
		const { exact } = this.workspace.describe(this.selected);
		// a newsroom may have done away with it
		const label = motivation === 'questioning' && findLabel(this.workspace.labels, 'question');
		this.write({ range: this.selected, exact, motivation, label: label ? label.id : '' });
		this.active = null;
		this.leaveSelection();
	}

	/** Begins a note on the whole article. */
	composeNote(): void {
		if (!this.workspace.may('mark')) return;
		this.write({ range: null, exact: '', motivation: 'commenting', label: '' });
		this.active = null;
	}

	/** Keeps the draft, over leaving the page too; null gives it up. */
	write(draft: Draft | null): void {
		this.draft = draft;
		writeDraft(this.#draftKey, draft);
	}

	/** Takes up the draft of an earlier visit, if its words still stand there. */
	async restoreDraft(text: string): Promise<void> {
		await this.draftsKnown;
		const draft = readDraft<Draft>(this.#draftKey);
		if (!draft || this.draft || !this.workspace.may('mark')) return;
		const stands = !draft.range || text.slice(draft.range.from, draft.range.to) === draft.exact;
		if (stands) this.draft = draft;
	}

	/** @returns whether it was done; else the words stay with their writer */
	post(body: string): boolean {
		if (!this.draft) return false;
		const { range, motivation, label } = this.draft;
		const action = mark(this.workspace.by(), range && this.workspace.describe(range), {
			motivation,
			body,
			label: label || undefined
		});
		if (!this.do(action)) return false;
		this.write(null);
		void this.#showNew(action.annotation, { focus: true });
		return true;
	}

	/** Leaves the comment unwritten; the caret is where it was. */
	giveUp(): void {
		this.write(null);
		this.editor?.view.dom.focus({ preventScroll: true });
	}

	leaveSelection(): void {
		this.selected = null;
		if (this.editor) collapseSelection(this.editor);
	}
}

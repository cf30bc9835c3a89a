/** One article as one person works on it: text and layer, where each thread stands, what they may do. */
import type { Annotation } from '../domain/annotation.ts';
import { CLOSE } from '../domain/close-codes.ts';
import type { Label } from '../domain/labels.ts';
import { may, type Action as Right, type Actor } from '../domain/policy.ts';
import { colorOf, type Principal } from '../domain/principal.ts';
import { SHARED } from '../domain/room.ts';
import type { Range } from '../domain/selector.ts';
import { buildThreads, sortInText, type Thread } from '../domain/thread.ts';
import type { By } from './actions.ts';
import { Anchors } from './anchors.ts';
import { serverNow } from './clock.ts';
import { draftsAtRisk } from './drafts.ts';
import { History } from './history.ts';
import { Layer } from './layer.svelte.ts';
import { TextRoom } from './text.svelte.ts';
import { saveState, type SaveState } from './wire.ts';
import type { Action } from './work.ts';

/** A thread and where it stands; null: an orphan, or a note on the whole article. */
export interface Placed {
	thread: Thread;
	range: Range | null;
}

export interface WorkspaceOptions {
	articleId: string;
	actor: Actor;
	/** what the page knows before the text room says it */
	status: 'open' | 'finished';
	/** the newsroom's */
	labels: Label[];
	pastLabels: Label[];
	/** this person may do other things than before */
	onrights: () => void;
}

const GONE = 'The article is not open to you any more. What you wrote is kept.';
const ARTICLE_FINISHED = 'The article is finished. It is open to read; an editor can reopen it.';

export class Workspace {
	readonly articleId: string;
	readonly actor: Actor;
	/** what annotations may be labelled with */
	labels = $state.raw<Label[]>([]);
	/** what was taken away from those and annotations may still have */
	pastLabels = $state.raw<Label[]>([]);
	readonly text: TextRoom;
	readonly layer: Layer;
	/** the code of RULES.md with which the server has ended a connection for good */
	ended = $state<number | null>(null);
	/** names of people who have done nothing here yet, once the server has told them */
	told = $state.raw<Record<string, string>>({});
	/** id of the thread that this person is answering: it stays though its root is deleted meanwhile */
	answering: () => string | null = () => null;
	#status: 'open' | 'finished';
	#history = new History();
	#placed = new Map<string, Placed>();

	constructor({ articleId, actor, status, labels, pastLabels, onrights }: WorkspaceOptions) {
		this.articleId = articleId;
		this.actor = actor;
		[this.labels, this.pastLabels] = [labels, pastLabels];
		this.#status = status;
		const onclosed = (code: number) => (this.ended = code);
		this.text = new TextRoom(articleId, actor.principal, onclosed);
		this.layer = new Layer({ articleId, layer: SHARED, actor, onrights, onclosed });
	}

	/** all that an annotation may have: for its name and its colour */
	readonly everyLabel: Label[] = $derived.by(() => [...this.labels, ...this.pastLabels]);

	#anchors = $derived.by(() => {
		const { text, room } = this.text;
		return text === null ? null : new Anchors(room.doc, text);
	});

	/** all threads, as the article goes; one that has not changed is the same object as before */
	readonly threads: Placed[] = $derived.by(() => {
		const anchors = this.#anchors;
		if (!anchors || !this.layer.loaded) return [];
		const threads = buildThreads(this.layer.annotations, (id) => id === this.answering());
		const before = this.#placed;
		this.#placed = new Map(
			sortInText(threads, anchors.rangeOf).map((thread) => {
				const placed = { thread, range: anchors.rangeOf(thread.root) };
				const known = before.get(thread.root.id);
				return [thread.root.id, known && samePlaced(known, placed) ? known : placed];
			})
		);
		return [...this.#placed.values()];
	});

	readonly finished: boolean = $derived.by(() => (this.text.article.status ?? this.#status) === 'finished');

	readonly loaded: boolean = $derived.by(() => this.text.text !== null && this.layer.loaded);

	readonly save: SaveState = $derived.by(() => {
		const { wire, work, refused, failed } = this.layer;
		const both = this.text.room.wire.open && wire.open;
		if (this.ended !== null) return 'closed';
		if (!this.loaded && (failed || this.text.room.failed)) return wire.held ? 'held' : 'offline';
		return saveState({ ...wire, open: both }, this.loaded, work.length, refused.length);
	});

	/** whether something is done or written that would be gone with this page */
	readonly atRisk = (): boolean => !this.layer.kept || draftsAtRisk();

	/** whether it was taken away from this person while it was open */
	readonly gone: boolean = $derived.by(
		() => this.ended === CLOSE.notAllowed || this.ended === CLOSE.noSuchRoom
	);

	/** Whether to show the way to it: asked of policy, and nothing is done in an article that is finished or taken away. */
	may(right: Right): boolean {
		return !this.finished && !this.gone && may(this.actor, right, this.articleId);
	}

	/** Now, for an action. */
	by(): By {
		return {
			principal: this.actor.principal,
			now: new Date(serverNow()).toISOString(),
			id: () => crypto.randomUUID()
		};
	}

	describe = (range: Range) => this.#anchors!.describe(range);

	/** Does it, at once. @returns why not, as a sentence, or null */
	do(action: Action): string | null {
		const why = this.#do(action);
		if (why === null) this.#history.add(action);
		return why;
	}

	/** @returns what to tell */
	undo = (): string => this.#back(this.#history.undo(this.by(), this.#find), 'undo');
	redo = (): string => this.#back(this.#history.redo(this.by(), this.#find), 'redo');

	/** @param otherwise for somebody whom this page does not know */
	nameOf(principal: Principal, otherwise = 'Somebody'): string {
		if (principal === this.actor.principal) return this.actor.name;
		const known = this.layer.people[principal]?.name;
		if (known) return known;
		const here = this.text.presence.people.find((one) => one.principal === principal)?.name;
		return here ?? this.told[principal] ?? otherwise;
	}

	colorOf = (principal: Principal): string => this.layer.people[principal]?.color ?? colorOf(principal);

	close(): void {
		this.text.close();
		this.layer.close();
	}

	#find = (id: string): Annotation | undefined => this.layer.annotations.find((one) => one.id === id);

	#do(action: Action): string | null {
		const why = this.gone ? GONE : this.finished ? ARTICLE_FINISHED : this.layer.refusal(action);
		if (why === null) this.layer.act(action);
		return why;
	}

	#back(action: Action | null, verb: 'undo' | 'redo'): string {
		if (!action) return `There is nothing to ${verb}.`;
		return (
			this.#do(action) ??
			`${action.title.replace(/^(Undo: )+/, '')}: ${verb === 'undo' ? 'undone' : 'done again'}.`
		);
	}
}

/** An annotation that has not changed is the same object as before. */
function samePlaced(a: Placed, b: Placed): boolean {
	const [one, other] = [a.thread, b.thread];
	return (
		one.root === other.root &&
		one.removed === other.removed &&
		one.replies.length === other.replies.length &&
		one.replies.every((reply, index) => reply === other.replies[index]) &&
		a.range?.from === b.range?.from &&
		a.range?.to === b.range?.to
	);
}

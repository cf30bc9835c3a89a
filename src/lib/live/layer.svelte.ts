/** One layer in the browser: what it holds, and our own work until it is known to be stored (RULES.md, S2, G13). */
import type { Annotation } from '../domain/annotation.ts';
import { CLOSE } from '../domain/close-codes.ts';
import { judge, type Actor } from '../domain/policy.ts';
import type { People } from '../domain/principal.ts';
import { layerRoom } from '../domain/room.ts';
import type { Reactions } from '../domain/reaction.ts';
import { LayerView } from '../ydoc/layer-view.ts';
import { applyChanges, readAnnotation } from '../ydoc/layer.ts';
import { serverNow } from './clock.ts';
import { busyIn, Presence } from './presence.svelte.ts';
import { Room } from './room.svelte.ts';
import { whyRefused } from './why-refused.ts';
import { WorkStore } from './work-store.ts';
import * as list from './work.ts';
import type { Action, Refused, Work } from './work.ts';
import type { Signal, Wire } from './wire.ts';

export interface LayerOptions {
	articleId: string;
	layer: string;
	actor: Actor;
	/** one may do other things than before, and is told so here or by a refusal */
	onrights: () => void;
	/** ended for good, and not by something that we sent */
	onclosed: (code: number) => void;
}

/** Closings that say nothing of what we sent. */
const NOT_BY_US: number[] = [CLOSE.signIn, CLOSE.noSuchRoom, CLOSE.reload];
/** ms between two readings of a busy room */
const READ_EVERY = 40;

export class Layer {
	annotations = $state.raw<Annotation[]>([]);
	people = $state.raw<People>({});
	/** annotation → its reactions */
	reactions = $state.raw<ReadonlyMap<string, Reactions>>(new Map());
	/** done and not known to be stored, or waiting for its turn */
	work = $state.raw<Work[]>([]);
	refused = $state.raw<Refused[]>([]);
	/** whether what is not stored yet would outlive this page */
	kept = $state(true);
	/** whether the layer has been whole once */
	loaded = $state(false);
	/** told of each reading together with who draws it, so that the page is drawn once for both */
	onread: ((now: Annotation[]) => void) | null = null;
	/** the newsroom's labels may be others than before: the server says so, or nobody could say it for a while */
	onlabels: () => void = () => {};
	#room = $state.raw<Room>()!;
	#options: LayerOptions;
	#store: WorkStore;
	#view!: LayerView;
	#reading: ReturnType<typeof setTimeout> | undefined;
	#lastRead = 0;

	constructor(options: LayerOptions) {
		this.#options = options;
		const name = layerRoom(options.articleId, options.layer);
		this.#store = new WorkStore(options.actor.principal, name);
		this.#open();
		void this.#store.adopt().then(({ work, refused }) => {
			this.refused = [...this.refused, ...refused];
			this.#setWork([...this.work, ...work.map(list.waiting)]);
			this.#next();
		});
	}

	/** another one with each fresh document */
	readonly presence = $derived.by(() => new Presence(this.#room.provider.awareness, busyIn));

	get wire(): Wire {
		return this.#room.wire;
	}

	get failed(): boolean {
		return this.#room.failed;
	}

	/** Whether policy refuses it, with the sentence to show; null when it is permitted. */
	refusal(action: Action): string | null {
		const { actor, articleId } = this.#options;
		// a fresh document knows nothing yet: it is asked again when its turn comes
		if (!this.#room.loaded) return null;
		for (const change of action.changes) {
			if (change.kind === 'text') return whyRefused(CLOSE.notAllowed, '');
			const annotation = this.#find(change.annotation);
			const replyTo = change.kind === 'add' ? change.after.replyTo : annotation?.replyTo;
			const root = replyTo === undefined ? annotation : this.#find(replyTo);
			const about = { articleId, now: serverNow(), textLocked: true, annotation, root };
			const refusal = judge(actor, change, about);
			if (refusal) return refusal.message;
		}
		return null;
	}

	/** Does it at once, or in its turn while earlier work is being done again. */
	act(action: Action): void {
		const inTurn = !this.#room.loaded || this.work.some((one) => !one.done);
		this.#setWork([...this.work, inTurn ? list.waiting(action) : list.done(action)]);
		if (inTurn) this.#next();
		else this.#apply(action);
	}

	/** Takes a refused action off the list, to do it once more or to forget it. */
	forget(refused: Refused): void {
		this.refused = this.refused.filter((one) => one !== refused);
		this.#setWork(this.work);
	}

	close(): void {
		clearTimeout(this.#reading);
		this.#view.stop();
		this.#room.destroy();
		this.#store.close();
	}

	#find = (id: string): Annotation | undefined => readAnnotation(this.#room.doc, id);

	#open(): void {
		const { articleId, layer, actor } = this.#options;
		const room = new Room(layerRoom(articleId, layer), {
			principal: actor.principal,
			writes: true,
			events: {
				synced: () => {
					if (this.loaded) this.onlabels();
					this.#read();
					this.loaded = true;
					this.#next();
				},
				wired: this.#wired,
				rights: this.#options.onrights,
				labels: () => this.onlabels(),
				closed: this.#closed
			}
		});
		this.#room = room;
		// until a fresh document is whole, what was read from the one before stays on the page
		this.#view = new LayerView(room.doc, () => room.loaded && this.#readSoon());
	}

	#wired = (wire: Wire, signal: Signal) => {
		if (signal.kind === 'step' || signal.kind === 'update') this.#setWork(list.sentIn(this.work, wire.sent));
		if (signal.kind === 'close') this.#setWork(list.unsent(this.work));
		if (signal.kind !== 'stored') return;
		this.#setWork(list.storedUpTo(this.work, wire.stored));
		this.#next();
	};

	#closed = (code: number, reason: string) => {
		const tried = this.work.some((one) => one.done);
		if (!tried || reason === 'access' || NOT_BY_US.includes(code)) return this.#options.onclosed(code);
		if (code === CLOSE.notAllowed) this.#options.onrights();
		const why = whyRefused(code, reason);
		if (code === CLOSE.finished) this.#refuse(this.work.map(({ action }) => ({ action, why })));
		const { refused, work } = list.afterRefusal(this.work);
		if (refused) this.#refuse([{ action: refused, why }]);
		this.#setWork(work);
		this.#view.stop();
		this.#room.destroy();
		this.#open();
	};

	/** Does the next piece of work that waits. */
	#next(): void {
		if (!this.#room.loaded) return;
		const action = list.nextOf(this.work);
		if (!action) return;
		const why = this.refusal(action);
		if (list.isThere(this.#find, action)) {
			this.#setWork(this.work.filter((one) => one.action !== action));
			this.#next();
		} else if (why) {
			this.#refuse([{ action, why }]);
			this.#next();
		} else {
			this.#setWork(this.work.map((one) => (one.action === action ? list.done(action) : one)));
			this.#apply(action);
		}
	}

	#apply(action: Action): void {
		applyChanges(this.#room.doc, action.changes, this);
		this.#read();
	}

	#refuse(refused: Refused[]): void {
		this.refused = [...this.refused, ...refused];
		this.#setWork(this.work.filter((one) => !refused.some(({ action }) => action === one.action)));
	}

	#setWork(work: Work[]): void {
		this.work = work;
		this.kept = this.#store.keep({ work: work.map((one) => one.action), refused: this.refused });
	}

	#readSoon(): void {
		const since = performance.now() - this.#lastRead;
		if (since >= READ_EVERY) this.#read();
		else this.#reading ??= setTimeout(() => this.#read(), READ_EVERY - since);
	}

	#read(): void {
		clearTimeout(this.#reading);
		this.#reading = undefined;
		this.#lastRead = performance.now();
		({ annotations: this.annotations, people: this.people, reactions: this.reactions } = this.#view.read());
		this.onread?.(this.annotations);
	}
}

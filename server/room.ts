/**
 * One open Y.Doc and who is in it. Jobs are handled in turns: a turn judges and applies what waits, stores it as one
 * commit, and only then tells anybody [R4, S1]. So between turns the document is exactly what is stored.
 */
import * as Y from 'yjs';
import { CLOSE, closeReason } from '../src/lib/domain/close-codes.ts';
import type { Change } from '../src/lib/domain/change.ts';
import { SERVER } from '../src/lib/domain/principal.ts';
import type { Actor, Refusal } from '../src/lib/domain/policy.ts';
import type { ArticleState, RoomAddress } from '../src/lib/domain/room.ts';
import { finished, refused, stale } from '../src/lib/server/errors.ts';
import { applyChanges } from '../src/lib/ydoc/layer.ts';
import { writeArticleState } from '../src/lib/ydoc/text.ts';
import { EarlyUpdates } from './early-updates.ts';
import { isOvertaken, judgeChanges, judgeUpdate } from './guard.ts';
import { AppendError, type UpdateLog } from './log.ts';
import { introduce } from './people.ts';
import { Presence } from './presence.ts';
import { encodeAwareness, encodeStep1, encodeStep2, encodeUpdate, type Message } from './protocol.ts';
import { UnreadableUpdate } from './read-update.ts';
import { StoredDoc } from './stored-doc.ts';
import { newTurn, type Job, type Member, type Turn, type UpdateJob } from './turn.ts';

// A turn that has taken this long is committed, and other rooms have theirs.
const TURN_MS = 50;
const MAX_RETRIES = 5;

export class Room {
	readonly name: string;
	readonly address: RoomAddress;
	readonly #members = new Set<Member>();
	readonly #presence = new Presence();
	readonly #dropped: (room: Room, error: unknown) => void;
	readonly #stored: StoredDoc;
	readonly #early = new EarlyUpdates((job) => this.#add(job));
	#article: ArticleState;
	#queue: Job[] = [];
	#running: Promise<void> | null = null;
	#retries = 0;

	constructor(
		name: string,
		address: RoomAddress,
		article: ArticleState,
		log: UpdateLog,
		dropped: (room: Room, error: unknown) => void
	) {
		this.name = name;
		this.address = address;
		this.#article = article;
		this.#stored = new StoredDoc(name, log);
		this.#dropped = dropped;
	}

	/** Fills the room from the log; false when there is no such room. */
	load(): Promise<boolean> {
		return this.#stored.load();
	}

	/** Nobody is here and nothing is under way. */
	get isIdle(): boolean {
		return this.#members.size === 0 && this.#queue.length === 0 && this.#running === null;
	}

	/** Resolves when everything that waits now is stored and told. */
	async settled(): Promise<void> {
		while (this.#running) await this.#running;
	}

	join(member: Member): void {
		this.#members.add(member);
		this.#add({ kind: 'join', member });
	}

	leave(member: Member): void {
		this.#members.delete(member);
		this.#early.forget(member);
		this.#tellPresence(this.#presence.leave(member), member);
	}

	/** A frame of a member. `frame` counts its frames with updates, this one included. */
	receive(member: Member, message: Message, frame: number): void {
		switch (message.kind) {
			case 'step1':
				return this.#add({ kind: 'step1', member, stateVector: message.stateVector });
			case 'update':
				return this.#add({ kind: 'update', member, update: message.update, isStep2: message.isStep2, frame });
			case 'awareness':
				return this.#tellPresence(this.#presence.receive(member, member.actor, message.update), member);
			case 'query awareness': {
				const here = this.#presence.everybody();
				if (here) member.send(encodeAwareness(here));
			}
		}
	}

	/** Makes changes under the actor's name. @throws {AppError} refused, finished */
	change(actor: Actor, changes: Change[]): Promise<void> {
		return new Promise((done, failed) => this.#add({ kind: 'changes', actor, changes, done, failed }));
	}

	/** Takes the article's row over; the text room writes it down too. */
	setArticle(state: ArticleState): Promise<void> {
		return new Promise((done, failed) => this.#add({ kind: 'article', state, done, failed }));
	}

	/** Reads what is stored. */
	read<T>(read: (doc: Y.Doc) => T): Promise<T> {
		return new Promise((done, failed) => this.#add({ kind: 'read', read: (doc) => done(read(doc)), failed }));
	}

	/** Ends every connection; what is under way is stored first. */
	async end(code: number, reason: string): Promise<void> {
		await this.settled();
		for (const member of [...this.#members]) member.close(code, reason);
	}

	#add(job: Job): void {
		this.#queue.push(job);
		// what arrives in this turn of the event loop goes together
		this.#running ??= Promise.resolve().then(() => this.#run());
	}

	async #run(): Promise<void> {
		while (this.#queue.length > 0) {
			const turn = newTurn();
			try {
				this.#takeTurn(turn);
				await this.#stored.store(turn);
				this.#tell(turn);
				this.#stored.compact();
				this.#retries = 0;
			} catch (error) {
				await this.#recover(turn, error);
			}
		}
		this.#running = null;
	}

	#takeTurn(turn: Turn): void {
		const until = performance.now() + TURN_MS;
		while (this.#queue.length > 0 && performance.now() < until) {
			const job = this.#queue.shift()!;
			turn.jobs.push(job);
			this.#handle(job, turn);
		}
	}

	#handle(job: Job, turn: Turn): void {
		switch (job.kind) {
			case 'join':
				return void turn.answers.push(() => this.#welcome(job.member));
			case 'step1':
				return void turn.answers.push(() => this.#answerStep1(job.member, job.stateVector));
			case 'update':
				this.#takeUpdate(job, turn);
				if (job.isStep2) for (const early of this.#early.release(job.member)) this.#takeUpdate(early, turn);
				return;
			case 'changes':
				return this.#takeChanges(job, turn);
			case 'article':
				this.#article = job.state;
				if (this.address.kind === 'text')
					this.#stored.write(turn, SERVER, (doc) => writeArticleState(doc, job.state));
				turn.answers.push(job.done);
				return;
			case 'read':
				turn.answers.push(() => {
					try {
						job.read(this.#stored.doc);
					} catch (error) {
						job.failed(error);
					}
				});
		}
	}

	#takeUpdate(job: UpdateJob, turn: Turn): void {
		const { member, update, frame } = job;
		const { actor } = member;
		if (!member.isOpen) return;
		let verdict;
		try {
			verdict = judgeUpdate(this.#guarded(turn), actor, update, Date.now());
		} catch (error) {
			// whatever a lying update trips is its sender's own affair
			if (!(error instanceof UnreadableUpdate && error.gap))
				return member.close(CLOSE.undecodable, 'undecodable update');
			return this.#early.keep(job) ? undefined : member.close(CLOSE.notAllowed, 'G1 - gap');
		}
		if (verdict.kind === 'refused') return member.close(CLOSE.notAllowed, reasonOf(verdict.refusal));
		if (verdict.kind === 'permitted') {
			if (this.#article.status === 'finished') return member.close(CLOSE.finished, 'G12 finished');
			for (const client of verdict.newClients) turn.newClients.set(client, actor.principal);
			this.#stored.apply(turn, update, { principal: actor.principal, changes: verdict.changes, member });
			this.#introduce(turn, actor);
		}
		turn.saved.set(member, Math.max(frame, turn.saved.get(member) ?? 0));
	}

	#takeChanges({ actor, changes, done, failed }: Extract<Job, { kind: 'changes' }>, turn: Turn): void {
		const refusal = judgeChanges(this.#guarded(turn), actor, changes, Date.now());
		if (refusal) return failed(refused(refusal));
		if (this.#article.status === 'finished') return failed(finished());
		if (isOvertaken(this.#stored.doc, changes)) return failed(stale());
		this.#stored.write(turn, actor.principal, (doc) => applyChanges(doc, changes), changes);
		this.#introduce(turn, actor);
		turn.answers.push(done);
	}

	#guarded(turn: Turn) {
		const { doc } = this.#stored;
		return {
			address: this.address,
			doc,
			clients: this.#stored.clients(turn),
			textLocked: this.#article.textLocked
		};
	}

	/** With a person's first change in a layer the server writes who that is. */
	#introduce(turn: Turn, actor: Actor): void {
		if (this.address.kind === 'layer') this.#stored.write(turn, SERVER, (doc) => introduce(doc, actor));
	}

	#tell({ updates, stored, answers, saved }: Turn): void {
		if (stored) {
			const all = encodeUpdate(stored);
			const senders = new Set(updates.map(({ member }) => member));
			for (const member of this.#members) {
				// who sent everything in it knows it already
				if (senders.size === 1 && senders.has(member)) continue;
				member.send(all);
			}
		}
		for (const answer of answers) answer();
		const stateVector = once(() => Y.encodeStateVector(this.#stored.doc));
		for (const [member, frames] of saved) member.saved(stateVector, frames);
	}

	#welcome(member: Member): void {
		member.send(encodeStep1(Y.encodeStateVector(this.#stored.doc)));
		const here = this.#presence.everybody();
		if (here) member.send(encodeAwareness(here));
	}

	#answerStep1(member: Member, stateVector: Uint8Array): void {
		try {
			member.send(encodeStep2(this.#stored.encode(stateVector)));
		} catch {
			member.close(CLOSE.undecodable, 'undecodable state vector');
		}
	}

	#tellPresence(update: Uint8Array | null, from: Member): void {
		if (!update) return;
		const frame = encodeAwareness(update);
		for (const member of this.#members) if (member !== from) member.send(frame);
	}

	/** The document holds what is not stored: it is rebuilt, or the room is given up [S6, C2]. */
	async #recover(turn: Turn, error: unknown): Promise<void> {
		const why = error instanceof AppendError ? error.why : 'unavailable';
		if (why !== 'unavailable' && this.#retries++ < MAX_RETRIES) {
			const before = Y.encodeStateVector(this.#stored.doc);
			try {
				if (await this.load()) {
					if (why === 'finished') this.#article = { ...this.#article, status: 'finished' };
					// judged again at the end of the log; what another process wrote is told
					this.#queue.unshift(...turn.jobs);
					const missed = encodeUpdate(Y.encodeStateAsUpdate(this.#stored.doc, before));
					for (const member of this.#members) member.send(missed);
					return;
				}
			} catch {
				// the database has gone meanwhile
			}
		}
		this.#giveUp([...turn.jobs, ...this.#queue.splice(0)], error);
	}

	#giveUp(jobs: Job[], error: unknown): void {
		this.#dropped(this, error);
		for (const job of jobs) if ('failed' in job) job.failed(error);
		for (const member of [...this.#members]) member.close(CLOSE.tryLater, 'not saved');
	}
}

function once<T>(make: () => T): () => T {
	let made: { value: T } | undefined;
	return () => (made ??= { value: make() }).value;
}

const reasonOf = ({ rule, annotation, key }: Refusal) => closeReason(`${rule} ${annotation} ${key}`);

/**
 * One open Y.Doc and who is in it. Jobs are handled in turns: a turn judges and applies what waits, stores it as one
 * commit, and only then tells anybody [R4, S1]. So between turns the document is exactly what is stored.
 */
import { setTimeout as wait } from 'node:timers/promises';
import * as Y from 'yjs';
import { CLOSE, closeReason } from '../src/lib/domain/close-codes.ts';
import type { Change } from '../src/lib/domain/change.ts';
import { SERVER } from '../src/lib/domain/principal.ts';
import type { Actor, Refusal } from '../src/lib/domain/policy.ts';
import type { ArticleState, RoomAddress } from '../src/lib/domain/room.ts';
import { finished, refused, stale } from '../src/lib/server/errors.ts';
import { listPurgeable } from '../src/lib/domain/thread.ts';
import { applyChanges, hasDeleted, purge, readAnnotations } from '../src/lib/ydoc/layer.ts';
import { writeArticleState } from '../src/lib/ydoc/text.ts';
import type { Aside } from './aside.ts';
import type { Bus } from './bus.ts';
import type { Limits } from './config.ts';
import { EarlyUpdates } from './early-updates.ts';
import { frameOnce } from './framing.ts';
import {
	isOvertaken,
	judgeChanges,
	judgePieces,
	judgeUpdate,
	withoutKnown,
	type Permitted,
	type Verdict
} from './guard.ts';
import { finishSlowly } from './steps.ts';
import { AppendError, type AppendFailure, type UpdateLog } from './log.ts';
import { introduce, isIntroduced } from './people.ts';
import type { Metrics } from './metrics.ts';
import { encodeAwareness, encodeStep1, encodeStep2, encodeUpdate, type Message } from './protocol.ts';
import { UnreadableUpdate } from './read-update.ts';
import { RoomPresence } from './room-presence.ts';
import { mergeUpdates } from './pieces.ts';
import { StoredDoc } from './stored-doc.ts';
import { StoredLog } from './stored-log.ts';
import { newTurn, type Job, type Member, type Turn, type UpdateJob } from './turn.ts';

// A turn that has taken this long is committed, and other rooms have theirs.
const TURN_MS = 50;
/** How often a turn is begun again because other processes were faster; each time one of them got on. */
const MAX_RETRIES = 200;
/** ms until an article that is being finished is asked again */
const BUSY_MS = 100;

/** Bytes of an update from which on it is taken in steps. */
const LARGE = 256 * 1024;

/** What all rooms of a process share. */
export interface Surroundings {
	log: UpdateLog;
	aside: Aside;
	bus: Bus;
	limits: Limits;
	metrics: Metrics;
	/** called when a room is given up: it is not to be used any more */
	dropped: (room: Room, error: unknown) => void;
}

export class Room {
	readonly name: string;
	readonly address: RoomAddress;
	readonly presence: RoomPresence;
	readonly #members = new Set<Member>();
	readonly #shared: Surroundings;
	readonly #stored: StoredLog;
	readonly #document: StoredDoc;
	readonly #early = new EarlyUpdates((job) => this.#add(job));
	#article: ArticleState;
	#queue: Job[] = [];
	#running: Promise<void> | null = null;
	#compacting: Promise<void> | null = null;
	#retries = 0;

	constructor(name: string, address: RoomAddress, article: ArticleState, shared: Surroundings) {
		this.name = name;
		this.address = address;
		this.#article = article;
		this.#shared = shared;
		this.presence = new RoomPresence(name, this.#members, shared.bus, shared.limits.maxPresenceBytes);
		this.#stored = new StoredLog(name, shared.log);
		this.#document = new StoredDoc(name, { ...shared, stored: this.#stored });
	}

	/** Reads what is stored, undecoded; false when there is no such room. */
	load(): Promise<boolean> {
		return this.#stored.open();
	}

	/** of the last update that this process has read */
	get number(): number {
		return this.#stored.number;
	}

	get isDecoded(): boolean {
		return this.#document.isDecoded;
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
		this.presence.leave(member);
	}

	/** A frame of a member. `frame` counts its frames with updates, this one included. */
	receive(member: Member, message: Message, frame: number): void {
		switch (message.kind) {
			case 'step1':
				return this.#add({ kind: 'step1', member, stateVector: message.stateVector });
			case 'update':
				return this.#add({ kind: 'update', member, update: message.update, isStep2: message.isStep2, frame });
			case 'awareness':
				return this.presence.receive(member, message.update);
			case 'query awareness':
				return this.presence.show(member);
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

	/** The article's row has been changed by another process, which writes it down. */
	followArticle(state: ArticleState): void {
		this.#article = state;
	}

	/** Reads what is stored. */
	read<T>(read: (doc: Y.Doc) => T): Promise<T> {
		return new Promise((done, failed) => this.#add({ kind: 'read', read: (doc) => done(read(doc)), failed }));
	}

	/** Another process says that it has appended: what is new is read and told. */
	grown(number: number): void {
		if (number > this.#stored.number) this.#add({ kind: 'grown', number });
	}

	/** Ends every connection; what is under way is stored first. */
	async end(code: number, reason: string): Promise<void> {
		await this.settled();
		for (const member of [...this.#members]) member.close(code, reason);
		await this.#compacting;
	}

	/** To be called when the room leaves memory: it is to open with a short tail. */
	leaveMemory(): void {
		if (this.#stored.isHeavy(true)) void this.#compact();
		this.#document.drop();
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
				await this.#prepare(this.#queue[0]!);
				if (isLarge(this.#queue[0])) {
					const job = this.#queue.shift()!;
					turn.jobs.push(job);
					await this.#takeLarge(job as UpdateJob, turn);
				} else this.#document.during(turn, () => this.#takeTurn(turn));
				await this.#store(turn);
				await this.#tell(turn);
				this.#retries = 0;
			} catch (error) {
				await this.#recover(turn, error);
			}
			if (this.#stored.isHeavy()) void this.#compact();
		}
		this.#running = null;
	}

	/** What has to be waited for before the next job can be handled. */
	async #prepare(job: Job): Promise<void> {
		if (job.kind === 'grown') {
			this.#queue.shift();
			if (job.number > this.#stored.number && !(await this.#readOn())) await this.#startAgain();
		} else if (this.#needsDocument(job)) {
			const foreign = await this.#document.decode();
			if (foreign) this.#tellForeign(foreign);
			else this.#sendAway();
			this.#queue.unshift({ kind: 'purge' });
		}
	}

	#takeTurn(turn: Turn): void {
		const until = performance.now() + TURN_MS;
		while (this.#queue.length > 0 && performance.now() < until) {
			const [job] = this.#queue;
			if (job!.kind === 'grown' || isLarge(job) || this.#needsDocument(job!)) return;
			turn.jobs.push(this.#queue.shift()!);
			this.#handle(job!, turn);
		}
	}

	/** Coming in and reading on need none, and neither does an update that says nothing new. */
	#needsDocument(job: Job): boolean {
		if (this.#document.isDecoded) return false;
		switch (job.kind) {
			case 'update':
				job.known ??= this.#stored.knows(job.update);
				return !job.known && job.member.isOpen;
			case 'changes':
			case 'read':
				return true;
			case 'article':
				return this.address.kind === 'text';
			default:
				return false;
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
					this.#document.write(turn, SERVER, (doc) => writeArticleState(doc, job.state));
				turn.answers.push(job.done);
				return;
			case 'grown':
				return;
			case 'purge':
				return this.#purge(turn);
			case 'read':
				turn.answers.push(() => {
					try {
						job.read(this.#document.doc);
					} catch (error) {
						job.failed(error);
					}
				});
		}
	}

	#takeUpdate(job: UpdateJob, turn: Turn): void {
		const { member, update, frame } = job;
		if (!member.isOpen) return;
		if (!job.known && !this.#judge(job, update, turn)) return;
		turn.saved.set(member, Math.max(frame, turn.saved.get(member) ?? 0));
	}

	/** Judges and applies; false when it is refused, or waits. */
	#judge(job: UpdateJob, update: Uint8Array, turn: Turn): boolean {
		const { actor } = job.member;
		let verdict;
		try {
			verdict = judgeUpdate(this.#guarded(turn), actor, update, Date.now());
		} catch (error) {
			return this.#cannotRead(job, error);
		}
		if (!this.#mayApply(job, verdict)) return verdict.kind === 'nothing';
		const fresh = verdict.repeats ? withoutKnown(this.#document.doc, update) : update;
		this.#document.apply(turn, fresh, this.#noteClients(job, verdict, turn));
		this.#introduce(turn, actor);
		return true;
	}

	/** A large update: the same in steps, so that other rooms go on [R5]. */
	async #takeLarge(job: UpdateJob, turn: Turn): Promise<void> {
		const { member, update, frame } = job;
		if (!member.isOpen) return;
		const known = new Map(this.#stored.vector());
		const pieces = await this.#shared.aside.do('cut', { update, known });
		if (typeof pieces === 'string') {
			this.#cannotRead(job, new UnreadableUpdate('A large update has gaps or is broken.', pieces === 'gap'));
			return;
		}
		let verdict;
		try {
			verdict = await finishSlowly(judgePieces(this.#guarded(turn), member.actor, pieces, Date.now()));
		} catch (error) {
			this.#cannotRead(job, error);
			return;
		}
		if (this.#mayApply(job, verdict)) {
			await this.#document.applyPieces(turn, pieces, this.#noteClients(job, verdict, turn));
		} else if (verdict.kind !== 'nothing') return;
		turn.saved.set(member, frame);
		this.#document.during(turn, () => {
			if (verdict.kind === 'permitted') this.#introduce(turn, member.actor);
			if (job.isStep2) for (const early of this.#early.release(member)) this.#takeUpdate(early, turn);
		});
	}

	/** Whatever a lying update trips is its sender's own affair. */
	#cannotRead(job: UpdateJob, error: unknown): false {
		const { member } = job;
		if (!(error instanceof UnreadableUpdate && error.gap))
			member.close(CLOSE.undecodable, 'undecodable update');
		else if (!this.#early.keep(job)) member.close(CLOSE.notAllowed, 'G1 - gap');
		return false;
	}

	#mayApply({ member, update }: UpdateJob, verdict: Verdict): verdict is Permitted {
		if (verdict.kind === 'refused') member.close(CLOSE.notAllowed, reasonOf(verdict.refusal));
		if (verdict.kind !== 'permitted') return false;
		if (this.#article.status === 'finished') member.close(CLOSE.finished, 'G12 finished');
		else if (this.#stored.bytes + update.length > this.#shared.limits.maxRoomBytes)
			member.close(CLOSE.documentTooLarge, 'room too large');
		else return true;
		return false;
	}

	#noteClients({ member }: UpdateJob, { newClients, changes }: Permitted, turn: Turn) {
		const { principal } = member.actor;
		for (const client of newClients) turn.newClients.set(client, principal);
		return { principal, changes, member };
	}

	#takeChanges({ actor, changes, done, failed }: Extract<Job, { kind: 'changes' }>, turn: Turn): void {
		const refusal = judgeChanges(this.#guarded(turn), actor, changes, Date.now());
		if (refusal) return failed(refused(refusal));
		if (this.#article.status === 'finished') return failed(finished());
		if (isOvertaken(this.#document.doc, changes)) return failed(stale());
		this.#document.write(turn, actor.principal, (doc) => applyChanges(doc, changes), changes);
		this.#introduce(turn, actor);
		turn.answers.push(done);
	}

	/** What has been deleted for long leaves the room when it is decoded, as the log says by name [G6]. */
	#purge(turn: Turn): void {
		const { doc } = this.#document;
		if (this.address.kind !== 'layer' || this.#article.status === 'finished' || !hasDeleted(doc)) return;
		const ids = listPurgeable(readAnnotations(doc), Date.now());
		if (ids.length === 0) return;
		this.#document.write(turn, SERVER, (doc) => purge(doc, ids));
		for (const annotation of ids)
			turn.changes.push({ principal: SERVER, annotation, key: 'purged', before: null, after: null });
	}

	#guarded(turn: Turn) {
		return {
			address: this.address,
			doc: this.#document.doc,
			clients: this.#document.clients(turn),
			textLocked: this.#article.textLocked
		};
	}

	/** With a person's first change in a layer the server writes who that is. */
	#introduce(turn: Turn, actor: Actor): void {
		if (this.address.kind === 'layer' && !isIntroduced(this.#document.doc, actor))
			this.#document.write(turn, SERVER, (doc) => introduce(doc, actor));
	}

	/** Puts the turn on disk; where other processes were faster, what they wrote goes before it [C2]. */
	async #store(turn: Turn): Promise<void> {
		for (let tries = 0; ; tries++) {
			try {
				await this.#document.store(turn);
				if (turn.stored)
					this.#shared.bus.publish({ kind: 'grown', room: this.name, number: this.#stored.number });
				return;
			} catch (error) {
				if (!(error instanceof AppendError) || tries >= MAX_RETRIES) throw error;
				if (!(await this.#overcome(error.why, turn))) throw error;
			}
		}
	}

	/** Whether the turn can be stored after all, as it is. */
	async #overcome(why: AppendFailure, turn: Turn): Promise<boolean> {
		switch (why) {
			case 'conflict':
				return this.#readOn(turn);
			case 'client taken':
				return this.#document.readClients(turn);
			case 'busy':
				await wait(BUSY_MS);
				return true;
			default:
				return false;
		}
	}

	/**
	 * Reads what other processes have appended, and tells it. False when that cannot be done in passing: it is not there any
	 * more one by one, or it touches what the turn touches, which has to be judged again then.
	 */
	async #readOn(turn?: Turn): Promise<boolean> {
		const foreign = await this.#shared.log.readOn(this.name, this.#stored.number);
		if (foreign.length === 0 || foreign[0]!.number !== this.#stored.number + 1) return false;
		const touched = new Set(turn?.changes.map(({ annotation }) => annotation));
		touched.delete(null);
		if (foreign.some(({ annotations }) => annotations.some((one) => touched.has(one)))) return false;
		for (const { update } of foreign) {
			this.#document.applyForeign(update);
			this.#stored.add(update);
		}
		this.#tellForeign(foreign.map(({ update }) => update));
		return true;
	}

	#tellForeign(updates: Uint8Array[]): void {
		if (updates.length === 0) return;
		const frame = frameOnce(encodeUpdate(Y.mergeUpdates(updates)));
		for (const member of this.#members) member.sendFramed(frame);
	}

	/** Far behind the log: the room is read anew, and those in it come again. */
	async #startAgain(): Promise<void> {
		this.#document.drop();
		await this.#stored.open();
		this.#sendAway();
	}

	#sendAway(): void {
		for (const member of [...this.#members]) member.close(CLOSE.restarting, 'far behind');
	}

	async #tell({ writers, stored, answers, saved }: Turn): Promise<void> {
		if (stored) {
			const all = frameOnce(encodeUpdate(stored));
			for (const member of this.#members) {
				// who sent everything in it knows it already
				if (writers.size === 1 && writers.has(member)) continue;
				member.sendFramed(all);
			}
		}
		for (const answer of answers) {
			const later = answer();
			if (later) await later;
		}
		const stateVector = once(() => this.#stateVector());
		for (const [member, frames] of saved) member.saved(stateVector, frames);
	}

	#welcome(member: Member): void {
		member.send(encodeStep1(this.#stateVector()));
		this.presence.show(member);
	}

	/** of everything stored */
	#stateVector(): Uint8Array {
		return this.#document.isDecoded
			? Y.encodeStateVector(this.#document.doc)
			: Y.encodeStateVector(new Map(this.#stored.vector()));
	}

	/** A client that has the snapshot gets what is newer; one that has nothing gets the snapshot before it. */
	#answerStep1(member: Member, stateVector: Uint8Array): void | Promise<void> {
		let lacked;
		try {
			lacked = this.#stored.lackedBy(stateVector);
		} catch {
			return member.close(CLOSE.undecodable, 'undecodable state vector');
		}
		if (lacked) return member.send(encodeStep2(lacked));
		return this.#answerWhole(member, stateVector);
	}

	async #answerWhole(member: Member, stateVector: Uint8Array): Promise<void> {
		if (stateVector.length === 1) {
			const state = await this.#stored.state();
			if (state) member.sendOpening(stateFrame(state));
			// synced only when all of it is there
			member.send(encodeStep2(this.#stored.recent()));
		} else if (this.#document.isDecoded)
			member.send(encodeStep2(Y.encodeStateAsUpdate(this.#document.doc, stateVector)));
		else
			member.send(encodeStep2(await this.#shared.aside.do('difference', { room: this.name, stateVector })));
	}

	/** The document holds what is not stored: it is decoded anew, or the room is given up [S6, C2]. */
	async #recover(turn: Turn, error: unknown): Promise<void> {
		const why = error instanceof AppendError ? error.why : 'unavailable';
		if (why !== 'unavailable' && this.#retries++ < MAX_RETRIES) {
			try {
				this.#document.drop();
				if (why === 'finished') this.#article = { ...this.#article, status: 'finished' };
				if (why === 'conflict' && !(await this.#readOn())) await this.#startAgain();
				// judged again at the end of the log
				this.#queue.unshift(...turn.jobs);
				return;
			} catch {
				// the database has gone meanwhile
			}
		}
		this.#giveUp([...turn.jobs, ...this.#queue.splice(0)], error);
	}

	/** A snapshot, written aside: nobody waits for it [S5]. The log is whole without it: where it fails the next time will do. */
	#compact(): Promise<void> {
		return (this.#compacting ??= this.#shared.aside
			.do('compact', { room: this.name })
			.then(
				(snapshot) => {
					if (snapshot) this.#stored.compacted(snapshot);
					this.#shared.metrics.compactions++;
				},
				() => {}
			)
			.finally(() => (this.#compacting = null)));
	}

	#giveUp(jobs: Job[], error: unknown): void {
		this.#shared.dropped(this, error);
		for (const job of jobs) if ('failed' in job) job.failed(error);
		for (const member of [...this.#members]) member.close(CLOSE.tryLater, 'not saved');
	}
}

function once<T>(make: () => T): () => T {
	let made: { value: T } | undefined;
	return () => (made ??= { value: make() }).value;
}

const isLarge = (job: Job | undefined): boolean =>
	job?.kind === 'update' && !job.known && job.update.length > LARGE;

const stateFrames = new WeakMap<Uint8Array, Uint8Array>();

/** The same for all who come in while it is kept. */
function stateFrame(state: Uint8Array): Uint8Array {
	let frame = stateFrames.get(state);
	if (!frame) stateFrames.set(state, (frame = encodeUpdate(state)));
	return frame;
}

const reasonOf = ({ rule, annotation, key }: Refusal) => closeReason(`${rule} ${annotation} ${key}`);

/**
 * One room and who is in it: its stored log, and its document once somebody writes. Jobs are handled in turns: a turn judges
 * and applies what waits, stores it as one commit, and only then tells anybody [R4, S1]. So between turns the document is
 * exactly what is stored.
 */
import { setTimeout as wait } from 'node:timers/promises';
import * as Y from 'yjs';
import type { Change } from '../src/lib/domain/change.ts';
import { CLOSE } from '../src/lib/domain/close-codes.ts';
import type { Actor } from '../src/lib/domain/policy.ts';
import type { ArticleState, RoomAddress } from '../src/lib/domain/room.ts';
import type { SnapshotHead } from '../src/lib/server/room-log.ts';
import type { Aside } from './aside.ts';
import type { Bus } from './bus.ts';
import type { Limits } from './config.ts';
import { EarlyUpdates } from './early-updates.ts';
import { frameOnce } from './framing.ts';
import { AppendError, type AppendFailure, type UpdateLog } from './log.ts';
import type { Metrics } from './metrics.ts';
import { mergeUpdates } from './pieces.ts';
import { encodeStep1, encodeUpdate, type Message } from './protocol.ts';
import { RoomAnswers } from './room-answers.ts';
import { RoomPresence } from './room-presence.ts';
import { isLarge, RoomWriter } from './room-writer.ts';
import { StoredDoc } from './stored-doc.ts';
import { StoredLog } from './stored-log.ts';
import { newTurn, type Job, type Member, type Turn } from './turn.ts';

// A turn that has taken this long is committed, and other rooms have theirs.
const TURN_MS = 50;
/** How often a turn is begun again because other processes were faster; each time one of them got on. */
const MAX_RETRIES = 200;
/** ms until an article that is being finished is asked again */
const BUSY_MS = 100;

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
	readonly #writer: RoomWriter;
	readonly #answers: RoomAnswers;
	#queue: Job[] = [];
	#running: Promise<void> | null = null;
	#compacting: Promise<void> | null = null;
	#retries = 0;
	/** the document may hold what is not stored */
	#inTurn = false;

	constructor(name: string, address: RoomAddress, article: ArticleState, shared: Surroundings) {
		this.name = name;
		this.address = address;
		this.#shared = shared;
		this.presence = new RoomPresence(name, this.#members, shared.bus, shared.limits.maxPresenceBytes);
		this.#stored = new StoredLog(name, shared.log);
		this.#document = new StoredDoc(name, { ...shared, stored: this.#stored });
		const parts = { stored: this.#stored, document: this.#document, aside: shared.aside };
		this.#answers = new RoomAnswers(name, parts);
		this.#writer = new RoomWriter({
			...parts,
			address,
			article,
			early: this.#early,
			maxBytes: shared.limits.maxRoomBytes
		});
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
		this.#writer.article = state;
	}

	/** Reads what is stored; nothing changes before that is done. */
	read<T>(read: (doc: Y.Doc) => T | Promise<T>): Promise<T> {
		return new Promise((done, failed) =>
			this.#add({ kind: 'read', read: async (doc) => done(await read(doc)), failed })
		);
	}

	/** Another process says that it has appended: what is new is read and told. */
	grown(number: number): void {
		if (number > this.#stored.number) this.#add({ kind: 'grown', number });
	}

	/** Ends every connection; what is under way is stored first. */
	async end(code: number, reason: string): Promise<void> {
		await this.settled();
		for (const member of [...this.#members]) member.close(code, reason);
	}

	/** Nobody is here any more: the room is to open with a short tail the next time. */
	async rest(): Promise<void> {
		if (this.#stored.isHeavy(true)) await this.#compact();
	}

	leaveMemory(): void {
		void this.rest();
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
			this.#inTurn = true;
			try {
				await this.#prepare(this.#queue[0]!);
				const [job] = this.#queue;
				if (isLarge(job)) {
					turn.jobs.push(this.#queue.shift()!);
					await this.#writer.takeLarge(job, turn);
				} else this.#document.during(turn, () => this.#takeTurn(turn));
				await this.#store(turn);
				await this.#tell(turn);
				this.#retries = 0;
			} catch (error) {
				await this.#recover(turn, error);
			}
			this.#inTurn = false;
			if (this.#stored.isHeavy()) void this.#compact();
		}
		this.#running = null;
	}

	/** What has to be waited for before the next job can be handled. */
	async #prepare(job: Job): Promise<void> {
		if (job.kind === 'grown') {
			this.#queue.shift();
			if (job.number > this.#stored.number && !(await this.#readOn())) await this.#startAgain();
		} else if (this.#writer.needsDocument(job)) {
			const foreign = await this.#document.decode();
			if (foreign) this.#tellForeign(foreign);
			else this.#sendAway();
			this.#queue.unshift({ kind: 'purge' });
		} else if (this.#writer.outgrows(job)) {
			// only a document that is too large itself is refused, not a log that waits to be compacted [R6]
			await this.#compacting;
			if (this.#stored.hasTail && this.#writer.outgrows(job)) await this.#compact();
		}
	}

	#takeTurn(turn: Turn): void {
		const until = performance.now() + TURN_MS;
		while (this.#queue.length > 0 && performance.now() < until) {
			const [job] = this.#queue;
			if (job!.kind === 'grown' || isLarge(job) || this.#writer.needsDocument(job!)) return;
			if (turn.jobs.length > 0 && this.#writer.outgrows(job!)) return;
			turn.jobs.push(this.#queue.shift()!);
			this.#handle(job!, turn);
		}
	}

	#handle(job: Job, turn: Turn): void {
		switch (job.kind) {
			case 'join':
				return void turn.answers.push(() => this.#welcome(job.member));
			case 'step1':
				return void turn.answers.push(() => this.#answers.toStep1(job.member, job.stateVector));
			case 'update':
				return this.#writer.takeUpdate(job, turn);
			case 'changes':
				return this.#writer.takeChanges(job, turn);
			case 'article':
				this.#writer.takeArticle(job.state, turn);
				return void turn.answers.push(job.done);
			case 'grown':
				return;
			case 'purge':
				return this.#writer.purge(turn);
			case 'read':
				turn.answers.push(() => job.read(this.#document.doc).catch(job.failed));
		}
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
		const frame = frameOnce(encodeUpdate(mergeUpdates(updates)));
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
		const stateVector = once(() => this.#answers.stateVector());
		for (const [member, frames] of saved) member.saved(stateVector, frames);
	}

	#welcome(member: Member): void {
		member.send(encodeStep1(this.#answers.stateVector()));
		this.#early.asked(member);
		this.presence.show(member);
	}

	/** The document holds what is not stored: it is decoded anew, or the room is given up [S6, C2]. */
	async #recover(turn: Turn, error: unknown): Promise<void> {
		const why = error instanceof AppendError ? error.why : 'unavailable';
		if (why !== 'unavailable' && this.#retries++ < MAX_RETRIES) {
			try {
				this.#document.drop();
				if (why === 'finished') this.#writer.article = { ...this.#writer.article, status: 'finished' };
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

	/** A snapshot, to be asked for between turns; nobody waits for it [S5]. The log is whole without it: where it fails the next time will do. */
	#compact(): Promise<void> {
		return (this.#compacting ??= this.#writeSnapshot()
			.then(
				(snapshot) => {
					if (snapshot) this.#stored.compacted(snapshot);
					this.#shared.metrics.compactions++;
				},
				() => {}
			)
			.finally(() => (this.#compacting = null)));
	}

	/** A small document is encoded in passing: to start a thread for it would cost more. */
	#writeSnapshot(): Promise<SnapshotHead | null> {
		if (this.#inTurn || !this.#document.isSmall) return this.#shared.aside.do('compact', { room: this.name });
		return this.#shared.log.compact(this.name, this.#document.snapshot());
	}

	#giveUp(jobs: Job[], error: unknown): void {
		// it holds what is not stored, and no snapshot may
		this.#document.drop();
		this.#shared.dropped(this, error);
		for (const job of jobs) if ('failed' in job) job.failed(error);
		for (const member of [...this.#members]) member.close(CLOSE.tryLater, 'not saved');
	}
}

function once<T>(make: () => T): () => T {
	let made: { value: T } | undefined;
	return () => (made ??= { value: make() }).value;
}

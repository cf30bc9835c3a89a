/** What members and the API write into a room: judged, and applied in a turn or refused. Nothing is stored or told here. */
import { CLOSE, closeReason } from '../src/lib/domain/close-codes.ts';
import type { Actor, Refusal } from '../src/lib/domain/policy.ts';
import { SERVER } from '../src/lib/domain/principal.ts';
import type { ArticleState, RoomAddress } from '../src/lib/domain/room.ts';
import { listPurgeable } from '../src/lib/domain/thread.ts';
import { finished, refused, stale } from '../src/lib/server/errors.ts';
import { finishSlowly } from '../src/lib/server/steps.ts';
import { applyChanges, hasDeleted, purge, readAnnotations } from '../src/lib/ydoc/layer.ts';
import { writeArticleState } from '../src/lib/ydoc/text.ts';
import type { Aside } from './aside.ts';
import type { EarlyUpdates } from './early-updates.ts';
import {
	isOvertaken,
	judgeChanges,
	judgePieces,
	judgeUpdate,
	withoutKnown,
	type Permitted,
	type Verdict
} from './guard.ts';
import { introduce, isIntroduced } from './people.ts';
import { UnreadableUpdate } from './read-update.ts';
import type { StoredDoc } from './stored-doc.ts';
import type { StoredLog } from './stored-log.ts';
import type { Job, Turn, UpdateJob } from './turn.ts';

/** Bytes of an update from which on it is taken in steps. */
const LARGE = 256 * 1024;

export const isLarge = (job: Job | undefined): job is UpdateJob =>
	job?.kind === 'update' && !job.known && job.update.length > LARGE;

interface Parts {
	address: RoomAddress;
	article: ArticleState;
	stored: StoredLog;
	document: StoredDoc;
	early: EarlyUpdates;
	aside: Aside;
	/** of the encoded document */
	maxBytes: number;
}

export class RoomWriter {
	/** as the database has it */
	article: ArticleState;
	readonly #address: RoomAddress;
	readonly #stored: StoredLog;
	readonly #document: StoredDoc;
	readonly #early: EarlyUpdates;
	readonly #aside: Aside;
	readonly #maxBytes: number;

	constructor({ address, article, stored, document, early, aside, maxBytes }: Parts) {
		this.article = article;
		this.#address = address;
		this.#stored = stored;
		this.#document = document;
		this.#early = early;
		this.#aside = aside;
		this.#maxBytes = maxBytes;
	}

	/** Coming in and reading on need none, and neither does an update that says nothing new. */
	needsDocument(job: Job): boolean {
		if (this.#document.isDecoded) return false;
		switch (job.kind) {
			case 'update':
				job.known ??= this.#stored.knows(job.update);
				return !job.known && job.member.isOpen;
			case 'changes':
			case 'read':
				return true;
			case 'article':
				return this.#address.kind === 'text';
			default:
				return false;
		}
	}

	/** Whether an update would make the room too large by what its log weighs, which may be more than its document. */
	outgrows(job: Job): boolean {
		return job.kind === 'update' && !job.known && this.#stored.bytes + job.update.length > this.#maxBytes;
	}

	/** An update, and what waited for it. */
	takeUpdate(job: UpdateJob, turn: Turn): void {
		this.#takeUpdate(job, turn);
		if (job.isStep2) for (const early of this.#early.release(job.member)) this.#takeUpdate(early, turn);
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
	async takeLarge(job: UpdateJob, turn: Turn): Promise<void> {
		const { member, update, frame } = job;
		if (!member.isOpen) return;
		const known = new Map(this.#stored.vector());
		const pieces = await this.#aside.do('cut', { update, known });
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
		else {
			const kept = this.#early.keep(job);
			if (kept === 'gap') member.close(CLOSE.notAllowed, 'G1 - gap');
			if (kept === 'too much') member.close(CLOSE.tryLater, 'too much before the first step');
		}
		return false;
	}

	#mayApply(job: UpdateJob, verdict: Verdict): verdict is Permitted {
		const { member } = job;
		if (verdict.kind === 'refused') member.close(CLOSE.notAllowed, reasonOf(verdict.refusal));
		if (verdict.kind !== 'permitted') return false;
		if (this.article.status === 'finished') member.close(CLOSE.finished, 'G12 finished');
		else if (this.outgrows(job)) member.close(CLOSE.documentTooLarge, 'room too large');
		else return true;
		return false;
	}

	#noteClients({ member }: UpdateJob, { newClients, changes }: Permitted, turn: Turn) {
		const { principal } = member.actor;
		for (const client of newClients) turn.newClients.set(client, principal);
		return { principal, changes, member };
	}

	takeChanges({ actor, changes, done, failed }: Extract<Job, { kind: 'changes' }>, turn: Turn): void {
		const refusal = judgeChanges(this.#guarded(turn), actor, changes, Date.now());
		if (refusal) return failed(refused(refusal));
		if (this.article.status === 'finished') return failed(finished());
		if (isOvertaken(this.#document.doc, changes)) return failed(stale());
		this.#document.write(turn, actor.principal, (doc) => applyChanges(doc, changes), changes);
		this.#introduce(turn, actor);
		turn.answers.push(done);
	}

	/** The text room says what its article's row says. */
	takeArticle(state: ArticleState, turn: Turn): void {
		this.article = state;
		if (this.#address.kind === 'text')
			this.#document.write(turn, SERVER, (doc) => writeArticleState(doc, state));
	}

	/** What has been deleted for long leaves the room when it is decoded, as the log says by name [G6]. */
	purge(turn: Turn): void {
		const { doc } = this.#document;
		if (this.#address.kind !== 'layer' || this.article.status === 'finished' || !hasDeleted(doc)) return;
		const ids = listPurgeable(readAnnotations(doc), Date.now());
		if (ids.length === 0) return;
		this.#document.write(turn, SERVER, (doc) => purge(doc, ids));
		for (const annotation of ids)
			turn.changes.push({ principal: SERVER, annotation, key: 'purged', before: null, after: null });
	}

	#guarded(turn: Turn) {
		return {
			address: this.#address,
			doc: this.#document.doc,
			clients: this.#document.clients(turn),
			textLocked: this.article.textLocked
		};
	}

	/** With a person's first change in a layer the server writes who that is. */
	#introduce(turn: Turn, actor: Actor): void {
		if (this.#address.kind === 'layer' && !isIntroduced(this.#document.doc, actor))
			this.#document.write(turn, SERVER, (doc) => introduce(doc, actor));
	}
}

const reasonOf = ({ rule, annotation, key }: Refusal) => closeReason(`${rule} ${annotation} ${key}`);

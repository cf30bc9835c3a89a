/**
 * The update log with group commit: whatever waits, from all rooms, goes into the next statement [S7]. What other processes
 * appended is read in groups too.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import {
	appendCommits,
	compactRoom,
	isBusyError,
	isFinishedError,
	isTakenError,
	loadClients,
	loadHead,
	loadRoom,
	loadSnapshot,
	readOn,
	type Commit,
	type ForeignUpdate,
	type LogPool,
	type SnapshotHead
} from '../src/lib/server/room-log.ts';
import type { Metrics } from './metrics.ts';

const deflate = promisify(gzip);

/**
 * Why an append failed: another process appended first, a clientID is somebody else's by now, the article is finished or
 * about to be, or the database does not answer.
 */
export type AppendFailure = 'conflict' | 'client taken' | 'finished' | 'busy' | 'unavailable';

export class AppendError extends Error {
	readonly why: AppendFailure;
	constructor(why: AppendFailure, cause?: unknown) {
		super(`The commit was not stored: ${why}.`, { cause });
		this.why = why;
	}
}

/**
 * Commits begin at most this often: a newsroom at rest waits for none of it, and under load each commit, and each frame that
 * tells of it, carries more.
 */
const SPACING_MS = 8;

/** A snapshot as it is before it is written. */
export interface UncompressedSnapshot extends SnapshotHead {
	update: Uint8Array;
}

export class UpdateLog {
	readonly #pool: LogPool;
	readonly #metrics: Metrics;
	readonly #appends: Groups<Commit, AppendFailure | null>;
	readonly #reads: Groups<{ room: string; number: number }, ForeignUpdate[]>;

	constructor(pool: LogPool, metrics: Metrics) {
		this.#pool = pool;
		this.#metrics = metrics;
		this.#appends = new Groups((commits) => this.#store(commits), SPACING_MS);
		this.#reads = new Groups((after) => this.#readOn(after), SPACING_MS);
	}

	/** What is stored of the room, its snapshot undecoded; null when there is no such room. */
	head(room: string) {
		return loadHead(this.#pool, room);
	}

	/** All that is stored of the room. */
	whole(room: string) {
		return loadRoom(this.#pool, room);
	}

	snapshot(room: string) {
		return loadSnapshot(this.#pool, room);
	}

	/** Compresses and writes the snapshot; what is to be known of it. */
	async compact(room: string, { update, ...head }: UncompressedSnapshot): Promise<SnapshotHead> {
		await compactRoom(this.#pool, room, { ...head, state: await deflate(update) });
		return head;
	}

	clients(room: string): Promise<Map<number, string>> {
		return loadClients(this.#pool, room);
	}

	/** What has been appended to the room after this number. */
	readOn(room: string, number: number): Promise<ForeignUpdate[]> {
		return this.#reads.add({ room, number });
	}

	/** Resolves when the commit is on disk. @throws {AppendError} */
	async append(commit: Commit): Promise<void> {
		this.#metrics.queuedCommits++;
		try {
			const failure = await this.#appends.add(commit);
			if (failure) throw new AppendError(failure);
		} catch (error) {
			throw error instanceof AppendError ? error : new AppendError('unavailable', error);
		} finally {
			this.#metrics.queuedCommits--;
		}
	}

	async #store(commits: Commit[]): Promise<(AppendFailure | null)[]> {
		const begun = performance.now();
		try {
			const stored = await appendCommits(this.#pool, commits);
			this.#metrics.committedRooms += stored.size;
			this.#metrics.conflicts += commits.length - stored.size;
			return commits.map(({ room }) => (stored.has(room) ? null : 'conflict'));
		} catch (error) {
			const why = whyFailed(error);
			if (why === null) throw error;
			if (commits.length === 1) return [why];
			// one room's conflict is not another's
			const each: (AppendFailure | null)[] = [];
			for (const commit of commits) each.push(...(await this.#store([commit])));
			return each;
		} finally {
			this.#metrics.commitSeconds.observe((performance.now() - begun) / 1000);
		}
	}

	async #readOn(after: { room: string; number: number }[]): Promise<ForeignUpdate[][]> {
		const found = Map.groupBy(await readOn(this.#pool, after), ({ room }) => room);
		return after.map(({ room }) => found.get(room) ?? []);
	}
}

/** Calls that come while one is under way go together with the next. */
class Groups<Ask, Answer> {
	readonly #call: (asks: Ask[]) => Promise<Answer[]>;
	#waiting: { ask: Ask; done: (answer: Answer) => void; failed: (error: unknown) => void }[] = [];
	readonly #spacing: number;
	#begun = -Infinity;
	#running = false;

	/** `call` answers each ask at its place; it begins at most once in `spacing` ms. */
	constructor(call: (asks: Ask[]) => Promise<Answer[]>, spacing: number) {
		this.#call = call;
		this.#spacing = spacing;
	}

	add(ask: Ask): Promise<Answer> {
		return new Promise((done, failed) => {
			this.#waiting.push({ ask, done, failed });
			if (!this.#running) void this.#run();
		});
	}

	async #run(): Promise<void> {
		this.#running = true;
		while (this.#waiting.length > 0) {
			const early = this.#begun + this.#spacing - performance.now();
			// what other rooms have ready in this turn of the event loop goes along
			await (early > 1 ? wait(early) : new Promise(setImmediate));
			this.#begun = performance.now();
			const group = this.#waiting.splice(0);
			try {
				const answers = await this.#call(group.map(({ ask }) => ask));
				for (const [i, { done }] of group.entries()) done(answers[i]!);
			} catch (error) {
				for (const { failed } of group) failed(error);
			}
		}
		this.#running = false;
	}
}

function whyFailed(error: unknown): AppendFailure | null {
	if (isTakenError(error)) return 'client taken';
	if (isBusyError(error)) return 'busy';
	return isFinishedError(error) ? 'finished' : null;
}

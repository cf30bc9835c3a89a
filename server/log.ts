/** The update log with group commit: whatever waits, from all rooms, goes into the next statement [S7]. */
import type { Database } from '../src/lib/server/database.ts';
import { isUniqueViolation } from '../src/lib/server/database.ts';
import {
	appendCommits,
	compactRoom,
	isFinishedError,
	loadClients,
	loadRoom,
	type Commit,
	type StoredRoom
} from '../src/lib/server/room-log.ts';

/** Why an append failed: another process appended first, the article is finished, or the database does not answer. */
export type AppendFailure = 'conflict' | 'finished' | 'unavailable';

export class AppendError extends Error {
	readonly why: AppendFailure;
	constructor(why: AppendFailure, cause: unknown) {
		super(`The commit was not stored: ${why}.`, { cause });
		this.why = why;
	}
}

interface Waiting {
	commit: Commit;
	done: () => void;
	failed: (error: AppendError) => void;
}

export class UpdateLog {
	readonly #db: Database;
	#waiting: Waiting[] = [];
	#running: Promise<void> | null = null;

	constructor(db: Database) {
		this.#db = db;
	}

	load(room: string): Promise<StoredRoom | null> {
		return loadRoom(this.#db, room);
	}

	clients(room: string): Promise<Map<number, string>> {
		return loadClients(this.#db, room);
	}

	compact(room: string, number: number, state: Uint8Array): Promise<void> {
		return compactRoom(this.#db, room, number, state);
	}

	/** Resolves when the commit is on disk. @throws {AppendError} */
	append(commit: Commit): Promise<void> {
		return new Promise((done, failed) => {
			this.#waiting.push({ commit, done, failed });
			this.#running ??= this.#run();
		});
	}

	async #run(): Promise<void> {
		while (this.#waiting.length > 0) await this.#store(this.#waiting.splice(0));
		this.#running = null;
	}

	async #store(group: Waiting[]): Promise<void> {
		try {
			await appendCommits(
				this.#db,
				group.map(({ commit }) => commit)
			);
			for (const { done } of group) done();
		} catch (error) {
			const why = whyFailed(error);
			if (group.length === 1 || why === 'unavailable')
				for (const { failed } of group) failed(new AppendError(why, error));
			// one room's conflict is not another's
			else for (const one of group) await this.#store([one]);
		}
	}
}

function whyFailed(error: unknown): AppendFailure {
	if (isUniqueViolation(error)) return 'conflict';
	return isFinishedError(error) ? 'finished' : 'unavailable';
}

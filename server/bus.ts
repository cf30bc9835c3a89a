/**
 * Room traffic between processes. All of it is hints: whoever misses one loses nothing, since the log is the truth [C2].
 */

/** What processes tell each other. */
export type Hint =
	/** the room's log has grown to this number */
	| { kind: 'grown'; room: string; number: number }
	/** who is in the room on the process that says so: all of them, as one encoded awareness update; null: nobody any more */
	| { kind: 'presence'; room: string; update: Uint8Array | null }
	/** a process has opened the room: who else is in it? */
	| { kind: 'who'; room: string }
	/** there are new notices in the database */
	| { kind: 'notice' };

export interface Bus {
	/** false while hints may be lost: then the database is asked instead [C3] */
	readonly connected: boolean;
	/** Tells the other processes; never throws. Hints about a room reach those that listen to it. */
	publish(hint: Hint): void;
	/** From now on hints of other processes about this room arrive. */
	listen(room: string): void;
	unlisten(room: string): void;
	/** Called for each hint of another process, `from` being its id; and when another process has gone silent. */
	onHint: (hint: Hint, from: string) => void;
	onGone: (process: string) => void;
	/** Called when the connection is back: hints may have been lost. */
	onReconnect: () => void;
	close(): Promise<void>;
}

/** What a room is asked to do, and what one turn of it gathers: one commit, told when it is stored. */
import type * as Y from 'yjs';
import type { Change } from '../src/lib/domain/change.ts';
import type { Actor } from '../src/lib/domain/policy.ts';
import type { ArticleState } from '../src/lib/domain/room.ts';
import type { LoggedChange } from '../src/lib/server/room-log.ts';

/** A connection as its room sees it. */
export interface Member {
	readonly actor: Actor;
	readonly isOpen: boolean;
	send(frame: Uint8Array): void;
	/** a frame that was made once for many (framing.ts) */
	sendFramed(frame: Buffer): void;
	/** what a room is opened with: it may be large, so it has time to be read before it counts as unread */
	sendOpening(frame: Uint8Array): void;
	close(code: number, reason: string): void;
	/** its first `frames` frames with updates are stored [S2] */
	saved(stateVector: () => Uint8Array, frames: number): void;
}

/** `known`: it has been looked at, and holds nothing new. */
export type UpdateJob = Extract<Job, { kind: 'update' }>;
export type Job =
	| { kind: 'join'; member: Member }
	| { kind: 'step1'; member: Member; stateVector: Uint8Array }
	| { kind: 'update'; member: Member; update: Uint8Array; isStep2: boolean; frame: number; known?: boolean }
	| { kind: 'changes'; actor: Actor; changes: Change[]; done: () => void; failed: (error: unknown) => void }
	/** another process has appended up to this number */
	| { kind: 'grown'; number: number }
	/** what has been deleted for long is to go */
	| { kind: 'purge' }
	| { kind: 'article'; state: ArticleState; done: () => void; failed: (error: unknown) => void }
	| { kind: 'read'; read: (doc: Y.Doc) => Promise<void>; failed: (error: unknown) => void };

export interface Turn {
	jobs: Job[];
	/** what it has written, as updates */
	updates: Uint8Array[];
	/** whose writing that is; null: what came by the API, and the server's own */
	writers: Set<Member | null>;
	/** nothing in it comes from a person */
	byServer: boolean;
	changes: LoggedChange[];
	/** clientIDs that are new in the room, with whose they are */
	newClients: Map<number, string>;
	/** all updates in one, once it is stored */
	stored: Uint8Array | null;
	/** what is told when it is stored, in order */
	answers: (() => void | Promise<void>)[];
	/** of each member that sent updates: how many of its frames are stored then */
	saved: Map<Member, number>;
}

export const newTurn = (): Turn => ({
	jobs: [],
	updates: [],
	writers: new Set(),
	byServer: true,
	changes: [],
	newClients: new Map(),
	stored: null,
	answers: [],
	saved: new Map()
});

/** What one turn of a room gathers: it becomes one commit, and is told when that is stored. */
import type { LoggedChange } from '../src/lib/server/room-log.ts';
import type { Job, Member } from './room.ts';

export interface Turn {
	jobs: Job[];
	updates: { bytes: Uint8Array; member: Member | null }[];
	/** nothing in it comes from a person */
	byServer: boolean;
	changes: LoggedChange[];
	/** clientIDs that are new in the room, with whose they are */
	newClients: Map<number, string>;
	/** all updates in one, once it is stored */
	stored: Uint8Array | null;
	/** what is told when it is stored, in order */
	answers: (() => void)[];
	/** of each member that sent updates: how many of its frames are stored then */
	saved: Map<Member, number>;
}

export const newTurn = (): Turn => ({
	jobs: [],
	updates: [],
	byServer: true,
	changes: [],
	newClients: new Map(),
	stored: null,
	answers: [],
	saved: new Map()
});

/**
 * Work: actions that are not known to be stored. Kept as actions, not as bytes, so that after a refusal they can be done
 * again one by one in a fresh document (RULES.md, G13). Pure: each function answers a new list.
 */
import type { Annotation } from '../domain/annotation.ts';
import type { Change } from '../domain/change.ts';

/** One thing that somebody did. */
export interface Action {
	id: string;
	/** what it is, for people: `Comment`, `Reply`, `Resolve` */
	title: string;
	/** what they wrote, so that it can be copied when it is refused */
	words: string;
	changes: Change[];
}

export interface Work {
	action: Action;
	/** whether it is in the document; else it waits for its turn */
	done: boolean;
	/** the frame of this connection that carries it; null: not sent yet */
	frame: number | null;
}

export interface Refused {
	action: Action;
	/** a sentence that says why */
	why: string;
}

export const waiting = (action: Action): Work => ({ action, done: false, frame: null });
export const done = (action: Action): Work => ({ action, done: true, frame: null });

/** All that is done and was not sent yet went out in this frame. */
export const sentIn = (work: Work[], frame: number): Work[] =>
	work.map((one) => (one.done && one.frame === null ? { ...one, frame } : one));

/** The first `frames` frames of this connection are stored. */
export const storedUpTo = (work: Work[], frames: number): Work[] =>
	work.filter((one) => one.frame === null || one.frame > frames);

/** The connection is gone: what it had not stored goes out again with the next. */
export const unsent = (work: Work[]): Work[] => work.map((one) => ({ ...one, frame: null }));

/** What comes next of the work that waits: one at a time, so that a refusal tells which it was. */
export function nextOf(work: Work[]): Action | null {
	if (work.some((one) => one.done)) return null;
	return work[0]?.action ?? null;
}

/** The document is dropped after a refusal. If just one piece was in it, that is the refused one. */
export function afterRefusal(work: Work[]): { refused: Action | null; work: Work[] } {
	const tried = work.filter((one) => one.done);
	const refused = tried.length === 1 ? tried[0]!.action : null;
	const rest = work.filter((one) => one.action !== refused);
	return { refused, work: rest.map((one) => waiting(one.action)) };
}

/** Whether the document holds all that the action would do, as when its `saved` was lost on the way. */
export const isThere = (find: (id: string) => Annotation | undefined, action: Action): boolean =>
	action.changes.every((change) => {
		if (change.kind === 'add') return find(change.annotation) !== undefined;
		if (change.kind === 'set') return equal(find(change.annotation)?.[change.key], change.after);
		return false;
	});

export const equal = (a: unknown, b: unknown): boolean =>
	a === b || (a !== undefined && b !== undefined && encode(a) === encode(b));

/** Actions as JSON: bytes (relative positions) as lists of numbers under one key. */
export const encode = (value: unknown): string =>
	JSON.stringify(value, (_key, one) => (one instanceof Uint8Array ? { $bytes: [...one] } : one));

export const decode = (json: string): unknown =>
	JSON.parse(json, (_key, one) => (Array.isArray(one?.$bytes) ? Uint8Array.from(one.$bytes) : one));

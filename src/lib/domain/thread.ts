/** Threads: a root and its replies, in the order of the text. */
import { hasQuote, type Annotation, type Status } from './annotation.ts';
import type { Range } from './selector.ts';

export interface Thread {
	/** without its words when removed */
	root: Annotation;
	/** oldest first */
	replies: Annotation[];
	/** the root was deleted, but there are replies: its passage stays, its words do not */
	removed: boolean;
}

/**
 * The threads of a layer, oldest first. Deleted replies vanish, and a deleted root with its last reply [G6].
 * @param isHeld whether a deleted root stays without one: somebody is writing it
 */
export function buildThreads(
	annotations: Annotation[],
	isHeld: (root: string) => boolean = () => false
): Thread[] {
	const replies = new Map<string, Annotation[]>();
	for (const annotation of annotations) {
		if (annotation.replyTo === undefined || annotation.deleted) continue;
		const siblings = replies.get(annotation.replyTo);
		if (siblings) siblings.push(annotation);
		else replies.set(annotation.replyTo, [annotation]);
	}
	const threads: Thread[] = [];
	for (const root of annotations) {
		if (root.replyTo !== undefined) continue;
		const answers = (replies.get(root.id) ?? []).sort(compareInTime);
		const removed = root.deleted !== undefined;
		if (removed && answers.length === 0 && !isHeld(root.id)) continue;
		threads.push({ root: removed ? withoutWords(root) : root, replies: answers, removed });
	}
	return threads.sort((a, b) => compareInTime(a.root, b.root));
}

/** Days for which what was deleted can be taken back; then the server takes it out of the room [G6]. */
export const KEEP_DELETED_DAYS = 30;

/**
 * The ids of what has been deleted for long: replies, and roots without a reply that stays.
 * @param now ms since 1970
 */
export function listPurgeable(annotations: Annotation[], now: number): string[] {
	const before = now - KEEP_DELETED_DAYS * 24 * 60 * 60 * 1000;
	const isOld = ({ deleted }: Annotation) => deleted !== undefined && Date.parse(deleted.at) < before;
	const staying = new Set(annotations.filter((one) => !isOld(one)).map(({ replyTo }) => replyTo));
	return annotations.filter((one) => isOld(one) && !staying.has(one.id)).map(({ id }) => id);
}

function withoutWords(annotation: Annotation): Annotation {
	const { body, replacement, check, tags, ...rest } = annotation;
	return rest;
}

const compare = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0);

const compareInTime = (a: Annotation, b: Annotation) => compare(a.created, b.created) || compare(a.id, b.id);

/** Where an annotation stands now; null: an orphan, or a note on the whole article. */
export type RangeOf = (annotation: Annotation) => Range | null;

/** Asks for the range of each annotation once: looking for a quote costs milliseconds. For one reading of a layer. */
export function askedOnce(rangeOf: RangeOf): RangeOf {
	const known = new Map<string, Range | null>();
	return (annotation) => {
		let range = known.get(annotation.id);
		if (range === undefined) known.set(annotation.id, (range = rangeOf(annotation)));
		return range;
	};
}

/**
 * The threads as the article goes: notes on the whole of it, then passages (at one place the longer first), then
 * orphans in the order of the places they had.
 */
export function sortInText(threads: Thread[], rangeOf: RangeOf): Thread[] {
	return threads
		.map((thread) => ({ thread, ...placeOf(thread.root, rangeOf) }))
		.sort(
			(a, b) =>
				a.group - b.group || a.from - b.from || b.to - a.to || compareInTime(a.thread.root, b.thread.root)
		)
		.map(({ thread }) => thread);
}

function placeOf(root: Annotation, rangeOf: RangeOf) {
	if (!hasQuote(root)) return { group: 0, from: 0, to: 0 };
	const range = rangeOf(root);
	return range ? { group: 1, ...range } : { group: 2, from: root.from, to: root.to };
}

/** Whether it asks something that is not settled: finishing names it. A bare highlight asks nothing. */
export function isOpen({ root, replies, removed }: Thread): boolean {
	if (removed || root.status === 'resolved') return false;
	return root.motivation !== 'highlighting' || Boolean(root.body) || replies.length > 0;
}

/** `status` and `label` are the thread's, `creator` is the entry's own. */
export interface Filter {
	status?: Status;
	label?: string;
	creator?: string;
}

/** The annotations of a list: each root that the filter lets through, followed by its replies. */
export function listed(threads: Thread[], { status, label, creator }: Filter = {}): Annotation[] {
	return threads
		.filter(({ root }) => status === undefined || (root.status ?? 'open') === status)
		.filter(({ root }) => label === undefined || root.label === label)
		.flatMap(({ root, replies }) => [root, ...replies])
		.filter((annotation) => creator === undefined || annotation.creator === creator);
}

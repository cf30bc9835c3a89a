/** A finished set as a page: its threads numbered, and its text cut where passages begin and end. */
import type { FinishedSet, SetAnnotation } from '#lib/domain/finished-set.ts';
import { toCodePoints } from '#lib/domain/selector.ts';

/** `number` counts from 1 through the whole set. */
export interface NumberedThread {
	number: number;
	root: SetAnnotation;
	replies: SetAnnotation[];
}

/** A stretch of text under the same passages; `over` from the longest to the shortest. */
export interface Run {
	text: string;
	over: NumberedThread[];
	/** whose passages begin or end with this run */
	begins: NumberedThread[];
	ends: NumberedThread[];
}

export interface Paragraph {
	runs: Run[];
	/** whose passages begin in it */
	threads: NumberedThread[];
}

export interface SetView {
	paragraphs: Paragraph[];
	/** on the whole article */
	general: NumberedThread[];
	/** whose passages were not found in the text any more */
	orphans: NumberedThread[];
}

export function viewOf(set: Pick<FinishedSet, 'text' | 'layers'>): SetView {
	const { toUtf16 } = toCodePoints(set.text);
	const threads = numbered(set.layers.flatMap(({ annotations }) => annotations));
	const passages = threads
		.filter(({ root }) => root.start !== null)
		.map((thread) => ({ thread, from: toUtf16(thread.root.start!), to: toUtf16(thread.root.end!) }));
	let from = 0;
	const paragraphs = set.text.split('\n').map((line) => {
		const to = from + line.length;
		const inside = passages.filter((one) => one.from < to && one.to > from);
		const paragraph = {
			runs: runsOf(set.text, from, to, inside),
			threads: inside.filter((one) => one.from >= from).map(({ thread }) => thread)
		};
		from = to + 1;
		return paragraph;
	});
	return {
		paragraphs,
		general: threads.filter(({ root }) => root.exact === null),
		orphans: threads.filter(({ root }) => root.exact !== null && root.start === null)
	};
}

/** In the order of a set's layer (text order), which holds across layers too. */
function numbered(annotations: SetAnnotation[]): NumberedThread[] {
	const place = ({ exact, start }: SetAnnotation) => (exact === null ? -1 : (start ?? Infinity));
	const replies = Map.groupBy(annotations, ({ replyTo }) => replyTo);
	return (replies.get(null) ?? [])
		.sort((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)))
		.map((root, index) => ({ number: index + 1, root, replies: replies.get(root.id) ?? [] }));
}

interface Passage {
	thread: NumberedThread;
	from: number;
	to: number;
}

function runsOf(text: string, from: number, to: number, passages: Passage[]): Run[] {
	const inside = (at: number) => Math.min(Math.max(at, from), to);
	const cuts = [...new Set([from, to, ...passages.flatMap((one) => [inside(one.from), inside(one.to)])])];
	cuts.sort((a, b) => a - b);
	return cuts.slice(1).map((end, index) => {
		const begin = cuts[index]!;
		const over = passages.filter((one) => one.from < end && one.to > begin);
		over.sort((a, b) => b.to - b.from - (a.to - a.from));
		const threads = (some: Passage[]) => some.map(({ thread }) => thread);
		return {
			text: text.slice(begin, end),
			over: threads(over),
			begins: threads(over.filter((one) => one.from === begin)),
			ends: threads(over.filter((one) => one.to === end))
		};
	});
}

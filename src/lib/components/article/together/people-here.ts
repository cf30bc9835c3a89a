/** Where somebody is in the article and how far they have read, in words. Pure. */
import type { Range } from '#lib/domain/selector.ts';

export interface Whereabouts {
	/** whether they are here now */
	here: boolean;
	idle: boolean;
	view: Range | null;
	/** what they write just now, as a participle */
	doing: string | null;
	/** the furthest part of the text that they have read, 0–1; null: not known */
	read: number | null;
	/** when they were last seen reading, short; '' not known */
	last: string;
}

/** `Reading paragraph 12 · has read 64 %` */
export function sayWhere({ here, idle, view, doing, read, last }: Whereabouts, text: string): string {
	const now = !here
		? last && `Last here ${last}`
		: idle
			? 'Idle'
			: doing
				? capital(doing)
				: view
					? `Reading paragraph ${paragraphIn(text, view)}`
					: 'Here';
	return [now, read ? `has read ${percent(read)}` : ''].filter(Boolean).join(' · ');
}

/** The number of the paragraph in the middle of what they see. */
export const paragraphIn = (text: string, { from, to }: Range): number =>
	text.slice(0, (from + to) >> 1).split('\n').length;

/** All of it only when it was all: 99.6 % are 99 %. */
export const percent = (share: number): string =>
	`${Math.floor(Math.min(Math.max(share, 0), 1) * 100)}\u00a0%`;

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

/** How near to each other (of the map's height) two faces would cover each other. */
const NEAR = 0.03;

/** Faces on the map, from above: who would cover the one before steps aside. `at`: 0–1. */
export function placeFaces<T extends { at: number }>(faces: T[]): (T & { step: number })[] {
	const placed: (T & { step: number })[] = [];
	for (const face of faces.toSorted((a, b) => a.at - b.at)) {
		const last = placed.at(-1);
		placed.push({ ...face, step: last && face.at - last.at < NEAR ? last.step + 1 : 0 });
	}
	return placed;
}

/** An article of 20,000 characters, and 2,000 comments on it written past the pages, as another program would. */
import { layerRoom, SHARED, textRoom } from '../../src/lib/domain/room.ts';
import { FIRST_LABELS } from '../../src/lib/domain/labels.ts';
import { describe } from '../../src/lib/domain/selector.ts';
import { encodeAnchor } from '../../src/lib/ydoc/anchor.ts';
import { readText } from '../../src/lib/ydoc/text.ts';
import { annotationBy, put } from './annotations.ts';
import type { Caller } from './newsroom.ts';
import { seeded } from './seeded.ts';
import { join, watchSaved } from './sockets.ts';

export const CHARACTERS = 20_000;
export const ANNOTATIONS = 2_000;
const PARAGRAPH =
	'The bridge over the Ilm stays closed until Friday, because engineers found cracks in two of the nine piers. ' +
	'“We will not open it before the last bolt is checked,” the mayor said on Monday. Traffic goes by way of the ' +
	'old ford, where the council has put up lights; the shops on the left bank count a third fewer people. ';

/** Paragraphs that differ, as many as fill it. */
export function longText(): string {
	const lines: string[] = [];
	for (let size = 0; size < CHARACTERS; size += lines.at(-1)!.length + 1)
		lines.push(`${lines.length + 1}. ${PARAGRAPH.trim()}`);
	return lines.join('\n').slice(0, CHARACTERS);
}

type Writing = Pick<Caller, 'principal' | 'headers'>;

/** Somebody who writes comments into the article's shared layer. */
export interface Writer extends Disposable {
	/** writes a comment on a passage; its id */
	comment(from: number, to: number, number: number): string;
	/** what was written is stored */
	saved(frames: number): Promise<unknown>;
	/** does all of it in one frame */
	together(work: () => void): void;
}

export async function enter(galley: { origin: string }, member: Writing, articleId: string): Promise<Writer> {
	const words = join(galley, member, textRoom(articleId));
	const layer = join(galley, member, layerRoom(articleId, SHARED));
	await Promise.all([words.synced, layer.synced]);
	const text = readText(words.doc);
	const saved = watchSaved(layer.provider);
	return {
		comment: (from, to, number) => {
			const described = describe(text, from, to);
			const labelled = number % 3 > 0;
			return put(
				layer.doc,
				annotationBy(member.principal, {
					...described,
					...encodeAnchor(words.doc, described),
					body: `Comment ${number}: who says so?`,
					label: labelled ? FIRST_LABELS[number % FIRST_LABELS.length]!.id : undefined
				})
			);
		},
		saved: (frames) => saved.next(frames),
		together: (work) => layer.doc.transact(work),
		[Symbol.dispose]: () => {
			words[Symbol.dispose]();
			layer[Symbol.dispose]();
		}
	};
}

/** Comments on passages of 10 to 60 characters all over the text; returns when they are stored. */
export async function crowd(galley: { origin: string }, member: Writing, articleId: string): Promise<void> {
	using writer = await enter(galley, member, articleId);
	const random = seeded(7);
	writer.together(() => {
		for (let i = 0; i < ANNOTATIONS; i++) {
			const from = Math.floor((i / ANNOTATIONS) * (CHARACTERS - 80)) + random.below(10);
			writer.comment(from, from + 10 + random.below(50), i);
		}
	});
	// the first frame answers the first step of the server
	await writer.saved(2);
}

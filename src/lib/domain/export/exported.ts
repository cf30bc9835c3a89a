/** What every export writes: an article with what was said of it, live or as a finished set. */
import type { ArticleFacts, FinishedSet, SetAnnotation, SetLayer } from '../finished-set.ts';
import type { Label } from '../labels.ts';
import { describeLayer, peopleOf, principalsOf, type LiveLayer } from '../finished-set.ts';

export interface Exported {
	/** scheme://host[:port] */
	origin: string;
	articleId: string;
	article: ArticleFacts;
	text: string;
	/** null: the article as it is now */
	set: Pick<FinishedSet, 'id' | 'number' | 'note' | 'finishedAt' | 'finishedBy'> | null;
	people: FinishedSet['people'];
	/** the newsroom's, to name those that annotations have */
	labels: Label[];
	/** those that the reader may open */
	layers: SetLayer[];
}

/** A finished set, as an export writes it. */
export function exportedSet(set: FinishedSet, origin: string, labels: Label[]): Exported {
	const { articleId, article, text, people, layers } = set;
	return { origin, articleId, article, text, set, people, labels, layers };
}

/** The article as it is now; `names` may say more people than occur. */
export function exportedLive(
	live: Pick<Exported, 'origin' | 'articleId' | 'article' | 'text' | 'labels'> & {
		layers: LiveLayer[];
		names: Record<string, string>;
	}
): Exported {
	const { layers: liveLayers, names, ...rest } = live;
	const layers = liveLayers.map((layer) => describeLayer(layer, live.text));
	return { ...rest, set: null, people: peopleOf(layers.flatMap(principalsOf), names), layers };
}

export const nameOf = ({ people }: Exported, principal: string): string =>
	people[principal]?.name ?? principal;

/** A root and its replies, as they follow each other in a layer. */
export interface ExportedThread {
	root: SetAnnotation;
	replies: SetAnnotation[];
}

export function threadsOf({ annotations }: SetLayer): ExportedThread[] {
	const threads: ExportedThread[] = [];
	for (const annotation of annotations)
		if (annotation.replyTo === null) threads.push({ root: annotation, replies: [] });
		else threads.at(-1)?.replies.push(annotation);
	return threads;
}

/** What a kind of annotation is called. */
export function kindOf({ motivation, replyTo, deleted }: SetAnnotation): string {
	if (deleted) return 'removed';
	if (replyTo !== null) return 'reply';
	const names: Record<string, string> = {
		highlighting: 'highlight',
		commenting: 'comment',
		questioning: 'question',
		editing: 'suggestion',
		assessing: 'assessment'
	};
	return names[motivation] ?? motivation;
}

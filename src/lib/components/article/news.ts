/** What others have just done, in a sentence for a screen reader. Pure. */
import type { Annotation } from '#lib/domain/annotation.ts';
import { plainWords } from '#lib/domain/comment-text.ts';
import type { Principal } from '#lib/domain/principal.ts';
import type { Doing } from '#lib/live/others.ts';

interface Known {
	nameOf: (principal: Principal) => string;
	/** the annotation with this id */
	find: (id: string) => Annotation | undefined;
}

/** Empty when there is nothing to say. */
export function newsOf(done: Doing[], known: Known): string {
	const [first] = done;
	if (!first) return '';
	if (done.length === 1) return oneOf(first, known);
	const added = done.filter(({ what }) => what === 'added').length;
	if (added === done.length) return `${added} new comments and highlights by others.`;
	return `${done.length} changes by others${added > 0 ? `, ${added} of them new comments and highlights` : ''}.`;
}

function oneOf({ annotation, what }: Doing, { nameOf, find }: Known): string {
	const { creator, body = '', replyTo, resolution, assignee, deleted } = annotation;
	const name = nameOf(creator);
	const words = plainWords(body);
	const root = replyTo && find(replyTo);
	const there = root ? on(root) : '';
	switch (what) {
		case 'added': {
			if (replyTo) return `${name} replied${there}: ${words}`;
			return body
				? `${name} commented${on(annotation)}: ${words}`
				: `${name} highlighted${on(annotation, '')}`;
		}
		case 'reworded':
			return `${name} changed their words: ${words}`;
		case 'resolved': {
			const why = resolution?.reason ? `: ${resolution.reason}` : '.';
			return `${resolution ? nameOf(resolution.by) : 'Somebody'} resolved the comment${on(annotation)}${why}`;
		}
		case 'assigned':
			return `The comment${on(annotation)} is assigned to ${assignee ? nameOf(assignee) : 'nobody now'}.`;
		case 'removed': {
			const what = replyTo ? `a reply${there}` : `the ${body ? 'comment' : 'highlight'}${on(annotation)}`;
			return `${nameOf(deleted!.by)} deleted ${what}.`;
		}
		case 'reopened':
			return `The comment${on(annotation)} was reopened.`;
	}
}

const on = ({ exact }: Annotation, preposition = ' on'): string =>
	exact
		? `${preposition} “${exact.length > 80 ? `${exact.slice(0, 79)}…` : exact}”`
		: ' on the whole article';

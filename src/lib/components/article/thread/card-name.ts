/** What a card is called by a screen reader: all that the eye sees of it at a glance. Pure. */
import type { Thread } from '#lib/domain/thread.ts';
import { isResolved, kindOf } from './thread-facts.ts';

const WORDS = {
	comment: 'Comment',
	question: 'Question',
	highlight: 'Highlight',
	suggestion: 'Suggestion',
	note: 'Note'
};
/** characters of the passage */
const LONG = 60;

/** @param by who made it @param label its label’s name; none: '' */
export function cardName(
	thread: Thread,
	{ by, label, unread }: { by: string; label: string; unread: boolean }
): string {
	const { root, replies, removed } = thread;
	const { exact } = root;
	const what = removed ? 'Removed comment' : WORDS[kindOf(root)];
	const on = exact ? `“${exact.length > LONG ? `${exact.slice(0, LONG)}…` : exact}”` : 'the whole article';
	const answers = replies.length === 1 ? '1 reply' : replies.length > 0 && `${replies.length} replies`;
	return [`${what} by ${by} on ${on}`, label, answers, isResolved(thread) && 'resolved', unread && 'unread']
		.filter(Boolean)
		.join(', ');
}

/** What a filter asks of a thread, read out of it once: a thread that has not changed is the same object as before. */
import type { Annotation } from '#lib/domain/annotation.ts';
import { mentionsIn, plainWords } from '#lib/domain/comment-text.ts';
import type { Thread } from '#lib/domain/thread.ts';

/** What a root is, for people, in the order in which they are listed. */
export const KINDS = ['comment', 'question', 'highlight', 'suggestion', 'note'] as const;
export type Kind = (typeof KINDS)[number];

export const isResolved = ({ root }: Thread): boolean => root.status === 'resolved';

export function kindOf({ motivation, exact, body }: Annotation): Kind {
	if (motivation === 'editing') return 'suggestion';
	if (exact === undefined) return 'note';
	if (motivation === 'questioning') return 'question';
	return motivation === 'highlighting' && !body ? 'highlight' : 'comment';
}

/** As it is compared in a search: é is e, and A is a. */
export const fold = (words: string): string =>
	words
		.normalize('NFKD')
		.replace(/\p{M}+/gu, '')
		.toLowerCase();

export class ThreadFacts {
	readonly status: 'open' | 'resolved';
	/** principals who wrote in it */
	readonly by: string[];
	readonly label: string[];
	readonly tag: string[];
	readonly kind: [Kind];
	readonly assignee: string[];
	#root: Annotation;
	#bodies: string[];
	#mentions: string[] | undefined;
	#words: string | undefined;

	constructor(thread: Thread) {
		const { root, replies, removed } = thread;
		const entries = removed ? replies : [root, ...replies];
		this.status = isResolved(thread) ? 'resolved' : 'open';
		this.by = [...new Set(entries.map(({ creator }) => creator))];
		this.label = root.label ? [root.label] : [];
		this.tag = root.tags ?? [];
		this.kind = [kindOf(root)];
		this.assignee = root.assignee ? [root.assignee] : [];
		this.#root = root;
		this.#bodies = entries.map(({ body }) => body ?? '');
	}

	/** principals whom it mentions */
	get mentions(): string[] {
		return (this.#mentions ??= this.#bodies.filter(hasTarget).flatMap(mentionsIn));
	}

	/** all its words, folded: what was said, the words it is about, tags */
	get words(): string {
		const { exact = '', replacement = '', tags = [] } = this.#root;
		const bodies = this.#bodies.map((body) => (hasTarget(body) ? plainWords(body) : body));
		return (this.#words ??= fold([...bodies, exact, replacement, ...tags].join('\n')));
	}
}

/** What leads somewhere is not among the words of a comment; only then is it worth reading as a tree. */
const hasTarget = (body: string) => body.includes('](');

const known = new WeakMap<Thread, ThreadFacts>();

export function factsOf(thread: Thread): ThreadFacts {
	let facts = known.get(thread);
	if (!facts) known.set(thread, (facts = new ThreadFacts(thread)));
	return facts;
}

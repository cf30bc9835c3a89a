/** What became of an annotation, in sentences, from the changes that the log keeps by name. */
import type { Annotation, Resolution } from './annotation.ts';
import type { Principal } from './principal.ts';

/** One change as `GET …/annotations/{id}/history` tells it; null is "no value". */
export interface LoggedChange {
	/** ISO 8601 UTC */
	at: string;
	by: { principal: string; name: string };
	/** as `changeKey` names it */
	key: string;
	before: unknown;
	after: unknown;
}

/** One thing that somebody did. */
export interface Told {
	at: string;
	by: { principal: string; name: string };
	/** what they did, to follow their name: `changed the label from Legal to Style` */
	did: string;
	/** the words that they changed */
	words?: { before: string; after: string };
}

export interface Names {
	nameOf: (principal: Principal) => string;
	labelName: (id: string) => string;
}

/** Keys that say nothing beside the others they change with. */
const BESIDE = ['modified', 'start', 'end', 'prefix', 'suffix', 'from', 'to'];

/** Oldest first, as the changes are. */
export function tellHistory(changes: LoggedChange[], names: Names): Told[] {
	return changes.flatMap((change, index) => {
		const did = tell(change, changes.slice(Math.max(0, index - 1), index + 2), names);
		if (!did) return [];
		const { at, by, key, before, after } = change;
		const words = key === 'body' ? { before: wordsOf(before), after: wordsOf(after) } : undefined;
		return [{ at, by, did, ...(words && { words }) }];
	});
}

/** @param near the changes before and after it: a reason stands beside its status */
function tell({ by, key, before, after }: LoggedChange, near: LoggedChange[], names: Names): string {
	if (BESIDE.includes(key)) return '';
	if (key.startsWith('reactions ')) {
		const emoji = key.split(' ')[2] ?? '';
		return after ? `reacted with ${emoji}` : `took back ${emoji}`;
	}
	switch (key) {
		case 'annotation':
			return added(after as Partial<Annotation> | null);
		case 'body':
			return !before && after ? 'added a comment' : 'changed the words';
		case 'label':
			return fromTo('label', before, after, names.labelName);
		case 'status': {
			if (after !== 'resolved') return 'reopened it';
			const beside = near.find((one) => one.key === 'resolution' && one.by.principal === by.principal);
			return resolved('resolved it', beside?.after);
		}
		// of two who resolve it at the same moment the second changes only why: it was resolved already
		case 'resolution': {
			const alone = near.every((one) => one.key !== 'status' || one.by.principal !== by.principal);
			return after && alone ? resolved('resolved it too', after) : '';
		}
		case 'assignee':
			if (after === by.principal) return 'took it over';
			if (after) return `assigned it to ${names.nameOf(after as Principal)}`;
			return before === by.principal ? 'gave it back' : `took it off ${names.nameOf(before as Principal)}`;
		case 'tags':
			return tagged(listOf(before), listOf(after));
		case 'deleted':
			return after ? 'deleted it' : 'brought it back';
		case 'exact':
			return after ? `attached it to “${shortened(after)}”` : 'took it off its passage';
		case 'replacement':
			return 'changed the suggested words';
		case 'decision':
			return after === 'accepted' ? 'accepted it' : after ? 'rejected it' : 'took back the decision';
		default:
			return `changed ${key}`;
	}
}

function added(annotation: Partial<Annotation> | null): string {
	if (annotation?.importedFrom) return 'imported it';
	if (annotation?.motivation === 'highlighting' && !annotation.body) return 'highlighted the passage';
	return annotation?.motivation === 'questioning' ? 'asked this' : 'wrote this';
}

function resolved(did: string, resolution: unknown): string {
	const reason = (resolution as Resolution | null | undefined)?.reason;
	return reason ? `${did}: ${reason}` : did;
}

function fromTo(what: string, before: unknown, after: unknown, name: (id: string) => string): string {
	if (!after) return `removed the ${what} ${name(wordsOf(before))}`;
	if (!before) return `set the ${what} to ${name(wordsOf(after))}`;
	return `changed the ${what} from ${name(wordsOf(before))} to ${name(wordsOf(after))}`;
}

function tagged(before: string[], after: string[]): string {
	const quoted = (tags: string[]) =>
		`${tags.length === 1 ? 'tag' : 'tags'} ${tags.map((t) => `“${t}”`).join(', ')}`;
	const more = after.filter((tag) => !before.includes(tag));
	const less = before.filter((tag) => !after.includes(tag));
	return [more.length > 0 && `added the ${quoted(more)}`, less.length > 0 && `removed the ${quoted(less)}`]
		.filter(Boolean)
		.join(' and ');
}

const wordsOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const shortened = (value: unknown) => {
	const words = wordsOf(value);
	return words.length > 60 ? `${words.slice(0, 59)}…` : words;
};

/** What people do to annotations, as actions, and the opposite of each. Ids and the clock come in from outside. */
import type { Annotation, Motivation, Stamp } from '../domain/annotation.ts';
import type { Change } from '../domain/change.ts';
import type { Label } from '../domain/labels.ts';
import type { Principal } from '../domain/principal.ts';
import type { Action } from './work.ts';

/** Who does it, when, and where ids come from. */
export interface By {
	principal: Principal;
	now: string;
	id: () => string;
}
/** A passage as it is kept: quote, context, offsets and relative positions. */
export type Anchor = Required<Pick<Annotation, 'exact' | 'prefix' | 'suffix' | 'from' | 'to'>> &
	Pick<Annotation, 'start' | 'end'>;

const action = (by: By, title: string, changes: Change[], words = ''): Action => ({
	id: by.id(),
	title,
	words,
	changes
});

const set = (
	{ id, ...annotation }: Annotation,
	key: Extract<Change, { kind: 'set' }>['key'],
	after: unknown
): Change => ({
	kind: 'set',
	annotation: id,
	key,
	before: (annotation as Partial<Annotation>)[key],
	after
});

const stamp = (by: By): Stamp => ({ by: by.principal, at: by.now });

const MARKS: Partial<Record<Motivation, string>> = { highlighting: 'Highlight', questioning: 'Question' };

/** A new root on a passage; null: a note on the whole article. */
export function mark(
	by: By,
	anchor: Anchor | null,
	{ motivation, body, label }: { motivation: Motivation; body?: string; label?: string }
): Action & { annotation: string } {
	const annotation = by.id();
	const after: Annotation = {
		id: annotation,
		creator: by.principal,
		created: by.now,
		motivation,
		body,
		label,
		...anchor,
		status: 'open'
	};
	const title = anchor ? (MARKS[motivation] ?? 'Comment') : 'Note';
	return { ...action(by, title, [{ kind: 'add', annotation, after }], body), annotation };
}

/** What was refused once, to be tried again: it is made now. */
export const doneNow = (by: By, action: Action): Action => ({
	...action,
	changes: action.changes.map((change) =>
		change.kind === 'add' ? { ...change, after: { ...change.after, created: by.now } } : change
	)
});

export function reply(by: By, root: Annotation, body: string): Action & { annotation: string } {
	const annotation = by.id();
	const after: Annotation = {
		id: annotation,
		creator: by.principal,
		created: by.now,
		motivation: 'replying',
		body,
		replyTo: root.id
	};
	return { ...action(by, 'Reply', [{ kind: 'add', annotation, after }], body), annotation };
}

/** New words; a bare highlight may be given its first. */
export const edit = (by: By, annotation: Annotation, body: string): Action =>
	action(
		by,
		annotation.body ? 'Edit' : 'Comment',
		[set(annotation, 'body', body), set(annotation, 'modified', by.now)],
		body
	);

export const remove = (by: By, annotation: Annotation): Action =>
	action(by, 'Delete', [set(annotation, 'deleted', stamp(by))], annotation.body);

export const setLabel = (by: By, root: Annotation, label: Label | undefined): Action =>
	action(by, label ? `Label “${label.name}”` : 'Remove the label', [set(root, 'label', label?.id)]);

/** @param assignee who is to see to it; undefined: nobody */
export const assign = (by: By, root: Annotation, assignee: Principal | undefined): Action =>
	action(by, assignee ? 'Assign' : 'Unassign', [set(root, 'assignee', assignee)]);

export const addTag = (by: By, root: Annotation, tag: string): Action =>
	action(by, `Tag “${tag}”`, [set(root, 'tags', [...(root.tags ?? []).filter((one) => one !== tag), tag])]);

export function removeTag(by: By, root: Annotation, tag: string): Action {
	const tags = (root.tags ?? []).filter((one) => one !== tag);
	return action(by, `Remove the tag “${tag}”`, [set(root, 'tags', tags.length > 0 ? tags : undefined)]);
}

/** @param on whether it stands from now on */
export const react = (by: By, { id }: Annotation, emoji: string, on: boolean): Action =>
	action(by, on ? `Reaction ${emoji}` : `Take back ${emoji}`, [
		{ kind: 'react', annotation: id, principal: by.principal, emoji, after: on }
	]);

export function resolve(by: By, root: Annotation, reason: string): Action {
	const resolution = reason ? { ...stamp(by), reason } : stamp(by);
	const changes = [set(root, 'status', 'resolved'), set(root, 'resolution', resolution)];
	return action(by, 'Resolve', changes, reason);
}

export const reopen = (by: By, root: Annotation): Action =>
	action(by, 'Reopen', [set(root, 'status', 'open'), set(root, 'resolution', undefined)]);

/** Ties an annotation to a passage anew. */
export const attach = (by: By, root: Annotation, anchor: Anchor): Action =>
	action(
		by,
		'Attach to another passage',
		(['exact', 'prefix', 'suffix', 'from', 'to', 'start', 'end'] as const).map((key) =>
			set(root, key, anchor[key])
		),
		root.body
	);

/** What takes an action back. Entries stay, so a new one is deleted; a stamp names who sets it now. */
export function opposite(by: By, done: Action): Action {
	const changes = done.changes.map((change): Change => {
		switch (change.kind) {
			case 'add':
				return { kind: 'set', annotation: change.annotation, key: 'deleted', after: stamp(by) };
			case 'set': {
				const isStamp = change.key === 'deleted' || change.key === 'resolution';
				const value = isStamp && change.before ? { ...change.before, ...stamp(by) } : change.before;
				return { ...change, before: change.after, after: value };
			}
			case 'react':
				return { ...change, after: !change.after };
			case 'text':
				return change;
		}
	});
	return action(by, `Undo: ${done.title}`, changes.reverse());
}

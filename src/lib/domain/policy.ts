/** The one place that knows the table of roles (DESIGN.md, "Roles"). The browser asks to hide, the server to decide. */
import { invalidKey, isReply, isUtc, isValid, type Annotation, type AnnotationKey } from './annotation.ts';
import type { Change } from './change.ts';
import { changeKey } from './change.ts';
import type { Principal } from './principal.ts';
import type { RoomAddress } from './room.ts';

export const ROLES = ['owner', 'editor', 'annotator', 'viewer'] as const;
export type Role = (typeof ROLES)[number];
export const ACCESSES = ['view', 'comment', 'annotate'] as const;
export type Access = (typeof ACCESSES)[number];

/** Somebody who is known: a member of the newsroom, or a guest of one article by a review link. */
export type Actor =
	| { kind: 'member'; principal: `user:${string}`; name: string; role: Role }
	| {
			kind: 'guest';
			principal: `guest:${string}`;
			name: string;
			access: Access;
			articleId: string;
			layers: string[];
	  };

export type Action =
	| 'list articles'
	| 'import article'
	| 'read article'
	| 'see readers'
	| 'change article'
	| 'edit text'
	| 'finish article'
	| 'make links'
	| 'manage people'
	| 'list labels'
	| 'manage labels'
	| 'mark'
	| 'reply'
	| 'delete others'
	| 'settle any thread'
	| 'settle own thread';

const EDITOR: Action[] = [
	'list articles',
	'list labels',
	'import article',
	'read article',
	'see readers',
	'change article',
	'edit text',
	'finish article',
	'make links',
	'mark',
	'reply',
	'delete others',
	'settle any thread',
	'settle own thread'
];

const BY_ROLE: Record<Role, Action[]> = {
	owner: [...EDITOR, 'manage people', 'manage labels'],
	editor: EDITOR,
	annotator: [
		'list articles',
		'list labels',
		'import article',
		'read article',
		'see readers',
		'mark',
		'reply',
		'settle any thread',
		'settle own thread'
	],
	viewer: ['list articles', 'list labels', 'read article', 'see readers']
};

const BY_ACCESS: Record<Access, Action[]> = {
	annotate: ['read article', 'mark', 'reply', 'settle own thread'],
	comment: ['read article', 'reply'],
	view: ['read article']
};

/** Whether the actor may do this at all; `articleId` where the action is on one article. */
export function may(actor: Actor | null, action: Action, articleId?: string): boolean {
	if (actor === null) return false;
	if (actor.kind === 'member') return BY_ROLE[actor.role].includes(action);
	return actor.articleId === articleId && BY_ACCESS[actor.access].includes(action);
}

/** Whether the actor may open the layer of the article. */
export function mayOpenLayer(actor: Actor | null, articleId: string, layer: string): boolean {
	if (!may(actor, 'read article', articleId)) return false;
	return actor!.kind === 'guest' ? actor!.layers.includes(layer) : layer === 'shared';
}

/** Whether the actor may open the room: the article's text, or one of its layers. */
export const mayOpenRoom = (actor: Actor | null, room: RoomAddress): boolean =>
	room.kind === 'text'
		? may(actor, 'read article', room.articleId)
		: mayOpenLayer(actor, room.articleId, room.layer);

/** Whether the actor changes anything in the article's layers, or only reads. */
export const mayWrite = (actor: Actor | null, articleId: string): boolean => may(actor, 'reply', articleId);

/** A refused change: the rule of RULES.md it breaks, where, and a sentence for people. */
export interface Refusal {
	rule: string;
	annotation: string;
	key: string;
	message: string;
}

/** What is judged besides the change itself; `annotation` and `root` are as stored before the change. */
export interface Circumstances {
	articleId: string;
	now: number;
	textLocked: boolean;
	annotation?: Annotation;
	/** the root of the annotation's thread: itself for a root */
	root?: Annotation;
}

const AHEAD = 5 * 60_000;
/** Something short to see; no NUL, which the log could not hold. */
const EMOJI = /^[^\s\p{Cc}\p{Cs}]{1,20}$/u;
const FIXED: AnnotationKey[] = ['id', 'creator', 'created', 'motivation', 'replyTo', 'importedFrom'];
const OWN: AnnotationKey[] = ['body', 'modified', 'check', 'replacement'];
const SETTLING: AnnotationKey[] = ['status', 'resolution', 'assignee', 'label', 'tags'];
const ANCHOR: AnnotationKey[] = ['start', 'end', 'exact', 'prefix', 'suffix', 'from', 'to'];

/** Whether a thread may be resolved, reopened, assigned or labelled by the actor. */
export function maySettle(actor: Actor | null, articleId: string, root: Annotation): boolean {
	if (may(actor, 'settle any thread', articleId)) return true;
	return may(actor, 'settle own thread', articleId) && root.creator === actor!.principal;
}

/** Whether the actor may change the words of the annotation: no one but its creator. */
export const mayEdit = (actor: Actor | null, articleId: string, annotation: Annotation): boolean =>
	mayWrite(actor, articleId) && annotation.creator === actor!.principal;

/** Whether the actor may delete the annotation or take the deletion back. */
export const mayDelete = (actor: Actor | null, articleId: string, annotation: Annotation): boolean =>
	may(actor, 'delete others', articleId) || mayEdit(actor, articleId, annotation);

/** Judges one change; null when it is permitted. The default is no [G1]. */
export function judge(actor: Actor, change: Change, about: Circumstances): Refusal | null {
	const refuse = (rule: string, message: string, key = changeKey(change)): Refusal => ({
		rule,
		annotation: change.kind === 'text' ? '-' : change.annotation,
		key,
		message
	});
	if (!mayWrite(actor, about.articleId)) return refuse('G2', 'You may read this article, not change it.');
	switch (change.kind) {
		case 'add':
			return judgeAdd(actor, change.after, about, refuse);
		case 'set':
			return judgeSet(actor, change, about, refuse);
		case 'react':
			if (change.principal !== actor.principal)
				return refuse('G9', 'A reaction stands under one’s own name only.');
			if (!about.annotation) return refuse('G1', 'There is no such annotation.');
			return EMOJI.test(change.emoji) ? null : refuse('G1', 'This is no emoji.');
		case 'text':
			if (!may(actor, 'edit text', about.articleId)) return refuse('G11', 'Only editors change the text.');
			return about.textLocked ? refuse('G11', 'The text is locked.') : null;
	}
}

type Refuse = (rule: string, message: string, key?: string) => Refusal;

function judgeAdd(actor: Actor, added: Annotation, about: Circumstances, refuse: Refuse): Refusal | null {
	if (about.annotation) return refuse('G4', 'There is an annotation of this id already.', 'id');
	const wrong = invalidKey(added);
	if (wrong) return refuse('G1', `${wrong} is missing, of the wrong type or too long.`, wrong);
	if (added.creator !== actor.principal)
		return refuse('G3', 'An annotation names its own writer as creator.', 'creator');
	if (Date.parse(added.created) > about.now + AHEAD)
		return refuse('G3', 'created is in the future.', 'created');
	for (const key of ['deleted', 'importedFrom', 'decision', 'resolution'] as const)
		if (added[key] !== undefined) return refuse('G1', `A new annotation has no ${key}.`, key);
	if (added.status === 'resolved') return refuse('G1', 'A new thread is open.', 'status');
	if (!isReply(added))
		return may(actor, 'mark', about.articleId) ? null : refuse('G7', 'You may reply, not mark passages.');
	if (!about.root || isReply(about.root))
		return refuse('G1', 'A reply answers the root of a thread.', 'replyTo');
	for (const key of SETTLING)
		if (added[key] !== undefined) return refuse('G7', `${key} belongs to the root of a thread.`, key);
	return null;
}

function judgeSet(
	actor: Actor,
	{ key, after }: Extract<Change, { kind: 'set' }>,
	about: Circumstances,
	refuse: Refuse
): Refusal | null {
	const { annotation, articleId } = about;
	if (!annotation) return refuse('G1', 'There is no such annotation.');
	if (after !== undefined && !isValid(key, after))
		return refuse('G1', `${key} is of the wrong type or too long.`);
	if (FIXED.includes(key)) return refuse('G4', `${key} never changes.`);
	if (OWN.includes(key))
		return mayEdit(actor, articleId, annotation)
			? null
			: refuse('G5', 'Only its writer changes these words.');
	if (key === 'deleted') {
		if (!mayDelete(actor, articleId, annotation))
			return refuse('G6', 'Only its writer or an editor deletes this.');
		return stampedBy(actor, after, about.now) ? null : refuse('G6', 'Deleting names who does it, and when.');
	}
	if (SETTLING.includes(key)) {
		if (isReply(annotation)) return refuse('G7', `${key} belongs to the root of a thread.`);
		if (!maySettle(actor, articleId, annotation)) return refuse('G7', 'You may not settle this thread.');
		if (key === 'resolution' && !stampedBy(actor, after, about.now))
			return refuse('G7', 'Resolving names who does it, and when.');
		return null;
	}
	if (ANCHOR.includes(key)) {
		const allowed = may(actor, 'edit text', articleId) || mayEdit(actor, articleId, annotation);
		return allowed ? null : refuse('G8', 'Only its writer or an editor moves an annotation.');
	}
	if (key === 'decision')
		return may(actor, 'edit text', articleId) ? null : refuse('G7', 'Only editors accept a suggestion.');
	return refuse('G1', `${key} cannot be changed.`);
}

/** A stamp names the actor and a time that is not in the future; taking it back is no stamp. */
function stampedBy(actor: Actor, value: unknown, now: number): boolean {
	if (value === undefined) return true;
	const { by, at } = value as { by: Principal; at: string };
	return by === actor.principal && isUtc(at) && Date.parse(at) <= now + AHEAD;
}

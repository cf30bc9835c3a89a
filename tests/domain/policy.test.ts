import { describe, expect, it, test } from 'vitest';
import type { Annotation, AnnotationKey } from '../../src/lib/domain/annotation.ts';
import type { Change } from '../../src/lib/domain/change.ts';
import {
	judge,
	may,
	maySettle,
	mayDelete,
	mayEdit,
	mayOpenLayer,
	mayWrite
} from '../../src/lib/domain/policy.ts';
import type { Action, Actor, Circumstances } from '../../src/lib/domain/policy.ts';
import { ARTICLE, comment, guest, member, NOON, reply, tooLong, uuid } from './make.ts';

const PEOPLE: Record<string, Actor> = {
	owner: member('owner'),
	editor: member('editor'),
	annotator: member('annotator'),
	viewer: member('viewer'),
	annotate: guest('annotate'),
	comment: guest('comment'),
	view: guest('view')
};
const now = Date.parse(NOON);
const root = comment();
const about = (more: Partial<Circumstances> = {}): Circumstances => ({
	articleId: ARTICLE,
	now,
	textLocked: false,
	...more
});
const ruleOf = (actor: Actor, change: Change, more?: Partial<Circumstances>) =>
	judge(actor, change, about(more))?.rule ?? 'permitted';

const add = (actor: Actor, given: Partial<Annotation> = {}, more: Partial<Circumstances> = {}) => {
	const after = comment({ id: uuid(9), creator: actor.principal, ...given });
	return ruleOf(actor, { kind: 'add', annotation: after.id, after }, more);
};
const addReply = (actor: Actor, given: Partial<Annotation> = {}, thread: Annotation | undefined = root) =>
	add(actor, { motivation: 'replying', replyTo: root.id, ...given }, { root: thread });
const set = (actor: Actor, key: AnnotationKey, after: unknown, annotation: Annotation | undefined = root) =>
	ruleOf(actor, { kind: 'set', annotation: uuid(1), key, after }, { annotation, root: annotation });
const react = (actor: Actor, principal: string, more: Partial<Circumstances> = {}, emoji = '👍') =>
	ruleOf(
		actor,
		{ kind: 'react', annotation: root.id, principal, emoji, after: true },
		{ annotation: root, root, ...more }
	);
const stamp = (actor: Actor, at = NOON) => ({ by: actor.principal, at });

/** A column is a person, in the order of PEOPLE; + may, - may not. */
const row = (marks: string) =>
	Object.values(PEOPLE).map((actor, index) => [actor, marks.replaceAll(' ', '')[index] === '+'] as const);

describe('the table of roles', () => {
	//                      owner, editor, annotator, viewer; annotate, comment, view
	test.each<[Action, string]>([
		['list articles', '++++ ---'],
		['import article', '+++- ---'],
		['read article', '++++ +++'],
		['change article', '++-- ---'],
		['edit text', '++-- ---'],
		['finish article', '++-- ---'],
		['make links', '++-- ---'],
		['manage people', '+--- ---'],
		['mark', '+++- +--'],
		['reply', '+++- ++-'],
		['delete others', '++-- ---'],
		['settle any thread', '+++- ---'],
		['settle own thread', '+++- +--']
	])('%s: %s', (action, marks) => {
		for (const [actor, expected] of row(marks))
			expect(may(actor, action, ARTICLE), actor.name).toBe(expected);
		expect(may(null, action, ARTICLE)).toBe(false);
	});

	test.each<[string, string, (actor: Actor) => string]>([
		['mark a passage', '+++- +--', (actor) => add(actor)],
		['reply', '+++- ++-', (actor) => addReply(actor)],
		['react', '+++- ++-', (actor) => react(actor, actor.principal)],
		['change own words', '+++- ++-', (a) => set(a, 'body', 'new', comment({ creator: a.principal }))],
		[
			'change others’ words',
			'---- ---',
			(actor) => set(actor, 'body', 'new', comment({ creator: 'user:else' }))
		],
		['delete own', '+++- ++-', (a) => set(a, 'deleted', stamp(a), comment({ creator: a.principal }))],
		['delete others’', '++-- ---', (a) => set(a, 'deleted', stamp(a), comment({ creator: 'user:else' }))],
		[
			'resolve own thread',
			'+++- +--',
			(a) => set(a, 'status', 'resolved', comment({ creator: a.principal }))
		],
		[
			'resolve any thread',
			'+++- ---',
			(a) => set(a, 'status', 'resolved', comment({ creator: 'user:else' }))
		],
		['reopen any thread', '+++- ---', (a) => set(a, 'status', 'open', comment({ creator: 'user:else' }))],
		['assign any thread', '+++- ---', (a) => set(a, 'assignee', 'user:x', comment({ creator: 'user:else' }))],
		['label any thread', '+++- ---', (a) => set(a, 'label', 'legal', comment({ creator: 'user:else' }))],
		[
			'accept a suggestion',
			'++-- ---',
			(a) => set(a, 'decision', 'accepted', comment({ creator: 'user:else' }))
		],
		['edit the text', '++-- ---', (a) => ruleOf(a, { kind: 'text' })]
	])('%s: %s', (_, marks, attempt) => {
		for (const [actor, expected] of row(marks)) {
			if (expected) expect(attempt(actor), actor.name).toBe('permitted');
			else expect(attempt(actor), actor.name).toMatch(/^G\d+$/);
		}
	});

	it('gives a guest one article and its layers alone', () => {
		const elsewhere = guest('annotate', uuid(77));
		expect(may(elsewhere, 'read article', ARTICLE)).toBe(false);
		expect(may(elsewhere, 'read article')).toBe(false);
		expect(mayWrite(elsewhere, ARTICLE)).toBe(false);
		expect(mayOpenLayer(guest('view'), ARTICLE, 'shared')).toBe(true);
		expect(mayOpenLayer(guest('view'), ARTICLE, 'legal')).toBe(false);
		expect(mayOpenLayer(member('viewer'), ARTICLE, 'shared')).toBe(true);
		expect(mayOpenLayer(member('viewer'), ARTICLE, 'legal')).toBe(false);
		expect(mayOpenLayer(null, ARTICLE, 'shared')).toBe(false);
	});

	it('tells the browser what it tells the server', () => {
		for (const actor of Object.values(PEOPLE))
			for (const creator of [actor.principal, 'user:else'] as const) {
				const annotation = comment({ creator });
				expect(mayEdit(actor, ARTICLE, annotation)).toBe(set(actor, 'body', 'x', annotation) === 'permitted');
				expect(mayDelete(actor, ARTICLE, annotation)).toBe(
					set(actor, 'deleted', stamp(actor), annotation) === 'permitted'
				);
				expect(maySettle(actor, ARTICLE, annotation)).toBe(
					set(actor, 'status', 'resolved', annotation) === 'permitted'
				);
			}
	});
});

describe('rules of the guard', () => {
	const { owner, editor, annotator, annotate, view, viewer } = PEOPLE as Record<string, Actor> & {
		[name in 'owner' | 'editor' | 'annotator' | 'annotate' | 'view' | 'viewer']: Actor;
	};
	const later = (minutes: number) => new Date(now + minutes * 60_000).toISOString();

	test.each<[string, string, Partial<Annotation>, Partial<Circumstances>?]>([
		['a body over its size', 'G1', { body: tooLong('body') }],
		['a label of the wrong type', 'G1', { label: 7 as unknown as string }],
		['an unknown key', 'G1', { colour: 'red' } as Partial<Annotation>],
		['an unknown motivation', 'G1', { motivation: 'liking' as 'linking' }],
		['a deletion from the start', 'G1', { deleted: { by: 'user:annotator', at: NOON } }],
		['a resolution from the start', 'G1', { status: 'resolved' }],
		['a claimed import', 'G1', { importedFrom: 'elsewhere' }],
		['an id that is taken', 'G4', {}, { annotation: root }],
		['a forged creator', 'G3', { creator: 'user:editor' }],
		['a created six minutes ahead', 'G3', { created: later(6) }],
		['a created four minutes ahead', 'permitted', { created: later(4) }],
		['a created long ago', 'permitted', { created: '2020-01-01T00:00:00Z' }],
		['a label and an assignee on one’s own', 'permitted', { label: 'legal', assignee: 'user:editor' }]
	])('[G1] [G3] [G4] a new annotation with %s: %s', (_, rule, given, more) => {
		expect(add(annotator, given, more)).toBe(rule);
	});

	test.each<[string, string, Partial<Annotation>, Annotation | undefined]>([
		['a thread that is not there', 'G1', {}, undefined],
		['a reply', 'G1', {}, reply()],
		['a root, with a status', 'G7', { status: 'open' }, root],
		['a root, with a label', 'G7', { label: 'legal' }, root],
		['a root, with a quote', 'G1', { exact: 'a', from: 0, to: 1 }, root],
		['a removed root', 'permitted', {}, comment({ deleted: { by: 'user:annotator', at: NOON } })]
	])('[G1] [G7] a reply to %s: %s', (_, rule, given, thread) => {
		expect(add(annotator, { motivation: 'replying', replyTo: root.id, ...given }, { root: thread })).toBe(
			rule
		);
	});

	test.each([view, viewer])('[G2] who may only look changes nothing: $name', (actor) => {
		expect(add(actor)).toBe('G2');
		expect(addReply(actor)).toBe('G2');
		expect(react(actor, actor.principal)).toBe('G2');
		expect(set(actor, 'body', 'x', comment({ creator: actor.principal }))).toBe('G2');
		expect(ruleOf(actor, { kind: 'text' })).toBe('G2');
	});

	test.each<[AnnotationKey, unknown]>([
		['id', uuid(5)],
		['creator', 'user:editor'],
		['created', NOON],
		['motivation', 'linking'],
		['replyTo', uuid(5)],
		['importedFrom', 'x'],
		['creator', undefined]
	])('[G4] %s never changes', (key, after) => {
		expect(set(owner, key, after)).toBe('G4');
	});

	test.each<[AnnotationKey, unknown]>([
		['body', 'x'],
		['modified', NOON],
		['replacement', 'x'],
		['check', { state: 'ok' }],
		['body', undefined]
	])('[G5] only its creator changes %s', (key, after) => {
		expect(set(annotator, key, after)).toBe('permitted');
		expect(set(owner, key, after)).toBe('G5');
	});

	it('[G6] deleting and taking it back are its creator’s and the editors’, and name who did it', () => {
		expect(set(annotator, 'deleted', stamp(annotator))).toBe('permitted');
		expect(set(annotator, 'deleted', stamp(editor))).toBe('G6');
		expect(set(annotator, 'deleted', stamp(annotator, later(6)))).toBe('G6');
		expect(set(editor, 'deleted', stamp(editor))).toBe('permitted');
		expect(set(editor, 'deleted', undefined)).toBe('permitted');
		expect(set(member('annotator', 'other'), 'deleted', undefined)).toBe('G6');
		expect(set(annotate, 'deleted', stamp(annotate))).toBe('G6');
		expect(set(annotator, 'deleted', true)).toBe('G1');
	});

	it('[G7] settling is done on roots, and a resolution names who made it', () => {
		const resolution = { ...stamp(editor), reason: 'Checked.' };
		expect(set(editor, 'resolution', resolution)).toBe('permitted');
		expect(set(editor, 'resolution', undefined)).toBe('permitted');
		expect(set(annotator, 'resolution', resolution)).toBe('G7');
		expect(set(editor, 'status', 'resolved', reply())).toBe('G7');
		expect(set(editor, 'tags', ['a'])).toBe('permitted');
		expect(set(editor, 'status', 'closed')).toBe('G1');
		expect(set(annotate, 'label', 'legal')).toBe('G7');
	});

	it('[G8] anchors move for editors and for the creator', () => {
		const start = new Uint8Array(8);
		expect(set(annotator, 'start', start)).toBe('permitted');
		expect(set(editor, 'start', start)).toBe('permitted');
		expect(set(member('annotator', 'other'), 'from', 3)).toBe('G8');
		expect(set(annotate, 'exact', 'x')).toBe('G8');
		expect(set(editor, 'start', new Uint8Array(1000))).toBe('G1');
	});

	it('[G9] a reaction stands under one’s own name', () => {
		expect(react(annotator, 'user:annotator')).toBe('permitted');
		expect(react(owner, 'user:annotator')).toBe('G9');
		expect(react(annotator, 'user:annotator', { annotation: undefined })).toBe('G1');
		for (const emoji of ['👩🏽‍🚒', '❤️', '+1'])
			expect(react(annotator, 'user:annotator', {}, emoji)).toBe('permitted');
		for (const emoji of ['', 'a b', '\0', '\ud800', 'x'.repeat(21)])
			expect(react(annotator, 'user:annotator', {}, emoji)).toBe('G1');
	});

	it('[G11] the text changes by editors while it is unlocked', () => {
		expect(ruleOf(editor, { kind: 'text' })).toBe('permitted');
		expect(ruleOf(editor, { kind: 'text' }, { textLocked: true })).toBe('G11');
		expect(ruleOf(annotator, { kind: 'text' })).toBe('G11');
	});

	it('[G1] nothing is set on what is not there', () => {
		expect(ruleOf(owner, { kind: 'set', annotation: uuid(1), key: 'label', after: 'legal' })).toBe('G1');
	});

	it('says where and why in words', () => {
		const after = comment({ creator: 'user:editor' });
		expect(judge(annotator, { kind: 'add', annotation: after.id, after }, about())).toEqual({
			rule: 'G3',
			annotation: after.id,
			key: 'creator',
			message: expect.stringMatching(/^An? .+\.$/)
		});
	});
});

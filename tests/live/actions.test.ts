import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { Annotation } from '../../src/lib/domain/annotation.ts';
import { FIRST_LABELS } from '../../src/lib/domain/labels.ts';
import { judge, type Actor } from '../../src/lib/domain/policy.ts';
import { applyChanges, readAnnotation, readReactions } from '../../src/lib/ydoc/layer.ts';
import * as actions from '../../src/lib/live/actions.ts';
import { History } from '../../src/lib/live/history.ts';
import type { Action } from '../../src/lib/live/work.ts';

const labelled = (id: string) => FIRST_LABELS.find((label) => label.id === id)!;
const NOW = '2026-11-22T10:00:00.000Z';
const by = (who: string, now = NOW): actions.By => ({
	principal: `user:${who}`,
	now,
	id: () => crypto.randomUUID()
});
const ada: Actor = { kind: 'member', principal: 'user:ada', name: 'Ada', role: 'annotator' };
const ANCHOR: actions.Anchor = { exact: 'bridge', prefix: 'The ', suffix: ' stays', from: 4, to: 10 };

function desk() {
	const doc = new Y.Doc();
	const find = (id: string) => readAnnotation(doc, id);
	const refusals: string[] = [];
	const act = (action: Action, actor: Actor = ada) => {
		for (const change of action.changes) {
			if (change.kind === 'text') continue;
			const annotation = find(change.annotation);
			const replyTo = change.kind === 'add' ? change.after.replyTo : annotation?.replyTo;
			const root = replyTo ? find(replyTo) : annotation;
			const about = { articleId: 'a', now: Date.parse(NOW), textLocked: true, annotation, root };
			const refusal = judge(actor, change, about);
			if (refusal) refusals.push(`${refusal.rule}: ${refusal.message}`);
		}
		applyChanges(doc, action.changes);
	};
	const mark = actions.mark(by('ada'), ANCHOR, { motivation: 'commenting', body: 'Who says so?' });
	act(mark);
	return {
		find,
		act,
		refusals,
		reactions: () => readReactions(doc),
		root: () => find(mark.annotation)!,
		history: new History()
	};
}

describe('actions', () => {
	test('each is permitted to who may do it, and does what it says', () => {
		const { act, refusals, root, find } = desk();
		act(actions.setLabel(by('ada'), root(), labelled('legal')));
		act(actions.edit(by('ada'), root(), 'Who said so?'));
		const reply = actions.reply(by('ada'), root(), 'The mayor.');
		act(reply);
		act(actions.resolve(by('ada'), root(), 'Checked.'));
		expect(root()).toMatchObject({
			body: 'Who said so?',
			modified: NOW,
			label: 'legal',
			status: 'resolved',
			resolution: { by: 'user:ada', at: NOW, reason: 'Checked.' }
		});
		act(actions.reopen(by('ada'), root()));
		act(actions.attach(by('ada'), root(), { ...ANCHOR, exact: 'stays', from: 11, to: 16 }));
		act(actions.remove(by('ada'), find(reply.annotation)!));
		expect(root()).toMatchObject({ status: 'open', exact: 'stays' });
		expect(root().resolution).toBeUndefined();
		expect(find(reply.annotation)!.deleted).toEqual({ by: 'user:ada', at: NOW });
		expect(refusals).toEqual([]);
	});

	const OPPOSITES: [name: string, action: (root: Annotation) => Action][] = [
		['an edit', (root) => actions.edit(by('ada'), root, 'Else')],
		['a label', (root) => actions.setLabel(by('ada'), root, labelled('legal'))],
		['resolving', (root) => actions.resolve(by('ada'), root, 'Checked.')],
		['assigning', (root) => actions.assign(by('ada'), root, 'user:emil')],
		['a tag', (root) => actions.addTag(by('ada'), root, 'bridges')],
		['deleting', (root) => actions.remove(by('ada'), root)]
	];
	test.each(OPPOSITES)('the opposite of %s brings back what was', (_name, make) => {
		const { act, root, refusals } = desk();
		const before = root();
		const action = make(before);
		act(action);
		expect(root()).not.toEqual(before);
		act(actions.opposite(by('ada'), action));
		expect(root()).toEqual(before);
		expect(refusals).toEqual([]);
	});

	test('a note on the whole article has no passage', () => {
		const { act, find, refusals } = desk();
		const note = actions.mark(by('ada'), null, { motivation: 'commenting', body: 'It needs a map.' });
		act(note);
		expect(find(note.annotation)).toEqual({
			id: note.annotation,
			creator: 'user:ada',
			created: NOW,
			motivation: 'commenting',
			body: 'It needs a map.',
			status: 'open'
		});
		expect(note.title).toBe('Note');
		expect(refusals).toEqual([]);
	});

	test('a bare highlight is given words, and they can be taken back', () => {
		const { act, find, refusals } = desk();
		const bare = actions.mark(by('ada'), ANCHOR, { motivation: 'highlighting' });
		act(bare);
		const before = find(bare.annotation)!;
		const comment = actions.edit(by('ada'), before, 'Says who?');
		act(comment);
		expect(comment.title).toBe('Comment');
		expect(find(bare.annotation)).toEqual({ ...before, body: 'Says who?', modified: NOW });
		act(actions.opposite(by('ada'), comment));
		expect(find(bare.annotation)).toEqual(before);
		expect(refusals).toEqual([]);
	});

	test('tags are kept once each, and none is no list', () => {
		const { act, root, refusals } = desk();
		for (const tag of ['bridges', 'city', 'bridges']) act(actions.addTag(by('ada'), root(), tag));
		expect(root().tags).toEqual(['city', 'bridges']);
		for (const tag of ['city', 'bridges']) act(actions.removeTag(by('ada'), root(), tag));
		expect(root()).not.toHaveProperty('tags');
		act(actions.assign(by('ada'), root(), 'guest:gil'));
		act(actions.assign(by('ada'), root(), undefined));
		expect(root()).not.toHaveProperty('assignee');
		expect(refusals).toEqual([]);
	});

	test('a reaction stands under one’s own name; its opposite takes it back', () => {
		const { act, root, reactions, refusals } = desk();
		const given = actions.react(by('ada'), root(), '👀', true);
		act(given);
		expect(reactions()).toEqual({ [root().id]: { '👀': ['user:ada'] } });
		act(actions.opposite(by('ada'), given));
		expect(reactions()).toEqual({});
		expect(refusals).toEqual([]);
		act(actions.react(by('emil'), root(), '👀', true));
		expect(refusals).toEqual([expect.stringMatching(/^G9/)]);
	});

	test('the opposite of a new comment deletes it: entries stay', () => {
		const { act, root, find } = desk();
		const reply = actions.reply(by('ada'), root(), 'The mayor.');
		act(reply);
		act(actions.opposite(by('ada'), reply));
		expect(find(reply.annotation)).toMatchObject({ body: 'The mayor.', deleted: { by: 'user:ada' } });
	});

	test('a stamp that comes back names who brings it back', () => {
		const { act, root, refusals } = desk();
		act(actions.resolve(by('emil'), root(), 'Checked.'), { ...ada, principal: 'user:emil' });
		const reopening = actions.reopen(by('ada'), root());
		act(reopening);
		act(actions.opposite(by('ada'), reopening));
		expect(root().resolution).toEqual({ by: 'user:ada', at: NOW, reason: 'Checked.' });
		expect(refusals).toEqual([]);
	});
});

test('[G3] what was refused is made anew when it is tried again, and is the same otherwise', () => {
	const action = actions.mark(by('ada', '2027-01-01T00:00:00.000Z'), ANCHOR, {
		motivation: 'commenting',
		body: 'From the future.'
	});
	const again = actions.doneNow(by('ada'), action);
	const [change] = action.changes;
	if (change?.kind !== 'add') throw new Error('A mark is added.');
	expect(again).toEqual({ ...action, changes: [{ ...change, after: { ...change.after, created: NOW } }] });
});

describe('undo', () => {
	test('takes back one’s own actions, the last one first, and does them again', () => {
		const { act, root, find, history } = desk();
		for (const label of ['legal', 'style']) {
			const action = actions.setLabel(by('ada'), root(), labelled(label));
			act(action);
			history.add(action);
		}
		act(history.undo(by('ada'), find)!);
		expect(root().label).toBe('legal');
		act(history.redo(by('ada'), find)!);
		expect(root().label).toBe('style');
		act(history.undo(by('ada'), find)!);
		act(history.undo(by('ada'), find)!);
		expect(root().label).toBeUndefined();
		expect(history.undo(by('ada'), find)).toBeNull();
	});

	test('passes over what somebody else has changed since', () => {
		const { act, root, find, history } = desk();
		const mine = actions.setLabel(by('ada'), root(), labelled('legal'));
		act(mine);
		history.add(mine);
		act(actions.setLabel(by('emil'), root(), labelled('style')), { ...ada, principal: 'user:emil' });
		expect(history.undo(by('ada'), find)).toBeNull();
		expect(root().label).toBe('style');
	});
});

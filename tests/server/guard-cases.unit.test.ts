/** What only shows by comparing: honest work that looks like a forgery, and forgeries that look like honest work. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { judgePieces, judgeUpdate } from '../../server/guard.ts';
import { cutUpdate } from '../../server/pieces.ts';
import { finish } from '../../src/lib/server/steps.ts';
import type { Access, Actor } from '../../src/lib/domain/policy.ts';
import { annotationsOf, reactionKey, reactionsOf } from '../../src/lib/ydoc/layer.ts';
import { put, replyBy } from '../support/annotations.ts';
import {
	ann,
	ARTICLE,
	ben,
	by,
	CREATED,
	eve,
	member,
	NOW,
	room,
	rule,
	withAnnotation
} from '../support/guarded.ts';

const owner = member('olga', 'owner');

test('[G0] two first reactions at once are both there, each under its own name', () => {
	const place = withAnnotation();
	const [hers, his] = [place.client(), place.client()];
	for (const [actor, doc] of [
		[ann, hers],
		[ben, his]
	] as const)
		reactionsOf(doc).set(reactionKey(place.annotation.id, actor.principal, '👍'), true);
	expect(rule(place.take(ann, hers))).toBe('permitted');
	expect(rule(place.take(ben, his))).toBe('permitted');
	expect(reactionsOf(place.doc).size).toBe(2);
});

test('[G0] who reconnects with the work of others and every delete there is, is refused nothing', () => {
	const place = withAnnotation();
	const his = place.client();
	put(his, by(ben));
	place.take(ben, his);
	const hers = place.client();
	place.entry(hers).set('body', 'Better words');
	place.entry(hers).delete('label');
	place.take(ann, hers);
	const both = place.client();
	expect(place.judge(eve, Y.encodeStateAsUpdate(both))).toEqual({ kind: 'nothing' });
	put(both, by(eve));
	// the whole document, as a provider sends it that knows nothing of the server's
	expect(place.judge(eve, Y.encodeStateAsUpdate(both))).toMatchObject({
		kind: 'permitted',
		changes: [{ kind: 'add', after: { creator: eve.principal } }],
		newClients: [both.clientID]
	});
});

test('[G10] the same, where a piece of another’s new work is among it, is refused: it comes from its own author', () => {
	const place = withAnnotation();
	const hers = place.client();
	put(hers, by(ann));
	const his = place.client();
	Y.applyUpdate(his, Y.encodeStateAsUpdate(hers));
	put(his, by(ben));
	expect(place.judge(ben, his).kind).toBe('refused');
	place.take(ann, hers);
	expect(place.judge(ben, his).kind).toBe('permitted');
});

test('[G5] undo and redo of one’s own words are changes like others; an undo that would write another’s is refused', () => {
	const place = withAnnotation();
	const mine = place.client();
	const undo = new Y.UndoManager(annotationsOf(mine), { captureTimeout: 0 });
	place.entry(mine).set('body', 'Other words');
	expect(rule(place.take(ann, mine))).toBe('permitted');
	undo.undo();
	expect(place.take(ann, mine)).toMatchObject({ changes: [{ key: 'body', after: 'Who says so?' }] });
	undo.redo();
	expect(place.take(ann, mine)).toMatchObject({ changes: [{ key: 'body', after: 'Other words' }] });

	const eves = place.client();
	const hers = new Y.UndoManager(annotationsOf(eves), {
		captureTimeout: 0,
		trackedOrigins: new Set([null, 'ann'])
	});
	const writing = place.client();
	place.entry(writing).set('body', 'Third words');
	Y.applyUpdate(eves, Y.encodeStateAsUpdate(writing), 'ann');
	place.take(ann, writing);
	hers.undo();
	expect(rule(place.judge(eve, eves))).toBe('G5');
});

test('[G4] an undo that takes a new annotation out of the map again is refused', () => {
	const place = room();
	const mine = place.client();
	const undo = new Y.UndoManager(annotationsOf(mine), { captureTimeout: 0 });
	put(mine, by(ann));
	place.take(ann, mine);
	undo.undo();
	expect(rule(place.judge(ann, mine))).toBe('G4');
});

test('[G1] an update that becomes valid only with a later one is judged when it is valid, with what it is then', () => {
	const place = withAnnotation();
	const his = place.client();
	const base = put(his, by(ben));
	const first = place.news(his);
	const before = Y.encodeStateVector(his);
	annotationsOf(his).get(base)!.set('creator', ann.principal);
	const forged = Y.encodeStateAsUpdate(his, before);
	expect(() => place.judge(ben, forged)).toThrow(expect.objectContaining({ gap: true }));
	expect(rule(place.take(ben, first))).toBe('permitted');
	expect(rule(place.judge(ben, forged))).toBe('G4');
});

test('[G1] a key inside another’s annotation, under one’s own clientID, is refused', () => {
	const place = withAnnotation();
	for (const key of ['body', 'start', 'exact', 'check', 'mood', 'replacement']) {
		const mine = place.client();
		place.entry(mine).set(key, key === 'start' ? Uint8Array.of(1) : 'mine');
		expect(place.judge(ben, mine).kind).toBe('refused');
	}
});

test.each([
	['status', 'resolved', [owner, eve, ann, ben]],
	['label', 'legal', [owner, eve, ann, ben]],
	['assignee', 'user:ann', [owner, eve, ann, ben]],
	['tags', ['bridge'], [owner, eve, ann, ben]]
] as const)('[G7] %s is changed by who may resolve, assign and label', (key, value, permitted) => {
	const guest = (access: Access): Actor => ({
		kind: 'guest',
		principal: 'guest:g',
		name: 'g',
		access,
		articleId: ARTICLE,
		layers: ['shared']
	});
	for (const actor of [
		...permitted,
		member('vic', 'viewer'),
		guest('annotate'),
		guest('comment'),
		guest('view')
	]) {
		const place = withAnnotation();
		const mine = place.client();
		place.entry(mine).set(key, value);
		const verdict = place.judge(actor, mine);
		if ((permitted as readonly unknown[]).includes(actor)) expect(rule(verdict)).toBe('permitted');
		else expect(rule(verdict)).toMatch(/^G[27]$/);
	}
});

test('[G8] an anchor is moved by who may edit the text, and by its creator', () => {
	const bytes = Uint8Array.of(1, 2, 3);
	for (const [actor, expected] of [
		[eve, 'permitted'],
		[owner, 'permitted'],
		[ann, 'permitted'],
		[ben, 'G8'],
		[member('vic', 'viewer'), 'G2']
	] as const) {
		const place = withAnnotation();
		const mine = place.client();
		place.entry(mine).set('start', bytes);
		expect(rule(place.judge(actor, mine))).toBe(expected);
	}
});

test('[R5] an update in pieces is judged as it is whole, whoever sends it and whatever is in it', () => {
	const actors = [ann, ben, eve];
	const step = fc.record({ by: fc.nat(2), on: fc.nat(20), what: fc.nat(5) });
	fc.assert(
		fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), fc.nat(2), (steps, sender) => {
			const place = withAnnotation();
			const mine = place.client();
			for (const { by: who, on, what } of steps) {
				const ids = [...annotationsOf(mine).keys()];
				const id = ids[on % ids.length] ?? '';
				if (what === 0 || !id) put(mine, by(actors[who]!));
				else if (what === 1) put(mine, replyBy(actors[who]!.principal, id, { created: CREATED }));
				else if (what === 2) annotationsOf(mine).get(id)!.set('body', `words ${on}`);
				else if (what === 3) reactionsOf(mine).set(reactionKey(id, actors[who]!.principal, '👍'), true);
				else if (what === 4) annotationsOf(mine).get(id)!.delete('label');
				else if (on === 0) annotationsOf(mine).delete(id);
			}
			const update = place.news(mine);
			const pieces = cutUpdate(update, (client) => Y.getState(place.doc.store, client), 7);
			const whole = judgeUpdate(place.guarded, actors[sender]!, update, NOW);
			expect(finish(judgePieces(place.guarded, actors[sender]!, pieces, NOW))).toEqual(whole);
			const copy = place.client();
			for (const piece of pieces) Y.applyUpdate(copy, piece);
			expect(copy.store.pendingStructs).toBeNull();
			expect(annotationsOf(copy).toJSON()).toEqual(annotationsOf(mine).toJSON());
		}),
		{ seed: 22, numRuns: 200 }
	);
});

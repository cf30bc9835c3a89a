import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { readUpdate, UnreadableUpdate } from '../../server/read-update.ts';
import type { Actor } from '../../src/lib/domain/policy.ts';
import { annotationsOf, peopleOf, reactionKey, reactionsOf } from '../../src/lib/ydoc/layer.ts';
import { articleOf, contentOf, writeParagraphs } from '../../src/lib/ydoc/text.ts';
import { put, replyBy } from '../support/annotations.ts';
import { ann, ben, by, CREATED, eve, member, NOW, room, rule, withAnnotation } from '../support/guarded.ts';

describe('what is no change', () => {
	test('[G0] the whole state, sent again by whoever has it, changes nothing', () => {
		const place = withAnnotation();
		expect(place.judge(ben, Y.encodeStateAsUpdate(place.doc))).toEqual({ kind: 'nothing' });
	});

	test('[G0] deletes that are there already are no change', () => {
		const place = withAnnotation();
		const mine = place.client();
		place.entry(mine).set('body', 'Says who?');
		expect(place.take(ann, mine)).toMatchObject({ kind: 'permitted' });
		expect(place.judge(ben, Y.encodeStateAsUpdate(place.client()))).toEqual({ kind: 'nothing' });
	});

	test('[G2] a viewer’s update that changes nothing is none, one that changes something is refused', () => {
		const place = withAnnotation();
		const viewer = member('vic', 'viewer');
		expect(place.judge(viewer, Y.encodeStateAsUpdate(place.doc))).toEqual({ kind: 'nothing' });
		const mine = place.client();
		put(mine, by(viewer));
		expect(rule(place.judge(viewer, mine))).toBe('G2');
	});

	test('an empty update is no change', () =>
		expect(room().judge(ann, Uint8Array.of(0, 0))).toEqual({ kind: 'nothing' }));
});

describe('changes by name', () => {
	test('[G0] a new annotation is one change', () => {
		const place = room();
		const mine = place.client();
		const annotation = by(ann);
		put(mine, annotation);
		expect(place.judge(ann, mine)).toEqual({
			kind: 'permitted',
			changes: [{ kind: 'add', annotation: annotation.id, after: annotation }],
			newClients: [mine.clientID],
			repeats: false
		});
	});

	test('[G0] a value over an old one is one change, and so is a value that is taken away', () => {
		const place = withAnnotation({ label: 'legal' });
		const mine = place.client();
		place.entry(mine).set('body', 'Says who?');
		place.entry(mine).delete('label');
		expect(place.judge(ann, mine)).toMatchObject({
			changes: [
				{ kind: 'set', annotation: place.annotation.id, key: 'body', after: 'Says who?' },
				{ kind: 'set', annotation: place.annotation.id, key: 'label' }
			]
		});
	});

	test('somebody who was offline sends an annotation with all that became of it', () => {
		const place = room();
		const mine = place.client();
		const annotation = by(ann, { label: 'legal' });
		put(mine, annotation);
		const entry = annotationsOf(mine).get(annotation.id)!;
		entry.set('body', 'Better words');
		entry.set('status', 'resolved');
		entry.set('resolution', { by: ann.principal, at: CREATED });
		expect(place.judge(ann, mine)).toMatchObject({
			kind: 'permitted',
			changes: [
				{ kind: 'add', after: { body: 'Better words' } },
				{ kind: 'set', key: 'status', after: 'resolved' },
				{ kind: 'set', key: 'resolution' }
			]
		});
	});
});

describe('what is refused', () => {
	test('[G3] a forged creator is refused', () => {
		const place = room();
		const mine = place.client();
		put(mine, by(ben));
		expect(place.judge(ann, mine)).toMatchObject({
			kind: 'refused',
			refusal: { rule: 'G3', key: 'creator' }
		});
	});

	test('[G3] another’s name that was written over before sending never shows', () => {
		const place = room();
		const mine = place.client();
		const id = put(mine, by(ben));
		const other = new Y.Doc();
		Y.applyUpdate(other, Y.encodeStateAsUpdate(mine));
		annotationsOf(other).get(id)!.set('creator', ann.principal);
		const verdict = place.judge(ann, other);
		expect(verdict.kind === 'permitted' ? verdict.changes : []).toMatchObject([
			{ after: { creator: ann.principal } }
		]);
	});

	test('[G3] a date too far ahead is refused, five minutes are not', () => {
		for (const [minutes, expected] of [
			[5, 'permitted'],
			[6, 'G3']
		] as const) {
			const place = room();
			const mine = place.client();
			put(mine, by(ann, { created: new Date(NOW + minutes * 60_000).toISOString() }));
			expect(rule(place.judge(ann, mine))).toBe(expected);
		}
	});

	test.each(['id', 'creator', 'created', 'motivation', 'replyTo', 'importedFrom'])(
		'[G4] %s never changes',
		(key) => {
			const place = withAnnotation();
			const mine = place.client();
			const values: Record<string, unknown> = {
				motivation: 'questioning',
				created: '2026-11-20T00:00:00Z',
				importedFrom: 'x'
			};
			place.entry(mine).set(key, values[key] ?? place.annotation.id.replace(/^./, '0'));
			expect(place.judge(ann, mine).kind).toBe('refused');
		}
	);

	test('[G4] an entry is never removed, by nobody, nor replaced', () => {
		const place = withAnnotation();
		for (const actor of [ann, ben, eve]) {
			const mine = place.client();
			annotationsOf(mine).delete(place.annotation.id);
			expect(rule(place.judge(actor, mine))).toBe('G4');
			const other = place.client();
			put(other, { ...place.annotation, creator: actor.principal });
			expect(rule(place.judge(actor, other))).toBe('G4');
		}
	});

	test('[G5] nobody changes another’s words, an editor neither', () => {
		const place = withAnnotation();
		for (const actor of [ben, eve]) {
			const mine = place.client();
			place.entry(mine).set('body', 'I said this');
			expect(place.judge(actor, mine)).toMatchObject({
				refusal: { rule: 'G5', annotation: place.annotation.id, key: 'body' }
			});
		}
	});

	test('[G6] its creator or an editor deletes and takes back, naming themselves', () => {
		const place = withAnnotation();
		const stamped = (actor: Actor) => ({ by: actor.principal, at: CREATED });
		for (const [actor, value, expected] of [
			[ann, stamped(ann), 'permitted'],
			[eve, stamped(eve), 'permitted'],
			[eve, stamped(ann), 'G6'],
			[ben, stamped(ben), 'G6']
		] as const) {
			const mine = place.client();
			place.entry(mine).set('deleted', value);
			expect(rule(place.judge(actor, mine))).toBe(expected);
		}
		const deleting = place.client();
		place.entry(deleting).set('deleted', stamped(ann));
		place.take(ann, deleting);
		const back = place.client();
		place.entry(back).delete('deleted');
		expect(rule(place.judge(ben, back))).toBe('G6');
		expect(rule(place.judge(eve, back))).toBe('permitted');
	});

	test('[G9] a reaction stands under one’s own name', () => {
		const place = withAnnotation();
		const mine = place.client();
		reactionsOf(mine).set(reactionKey(place.annotation.id, ben.principal, '👍'), true);
		expect(rule(place.judge(ann, mine))).toBe('G9');
		expect(place.take(ben, mine)).toMatchObject({ kind: 'permitted' });
		const removing = place.client();
		reactionsOf(removing).delete(reactionKey(place.annotation.id, ben.principal, '👍'));
		expect(rule(place.judge(ann, removing))).toBe('G9');
	});

	test('[G10] new structs under another’s clientID are refused, the server’s too', () => {
		const place = withAnnotation();
		const mine = place.client();
		mine.clientID = [...place.clients.keys()][0]!;
		put(mine, by(ben));
		expect(rule(place.judge(ben, mine))).toBe('G10');
		place.clients.set(7, 'server');
		const posing = place.client();
		posing.clientID = 7;
		put(posing, by(ben));
		expect(rule(place.judge(ben, posing))).toBe('G10');
	});

	test('[G10] work of somebody else that the room does not have yet is refused in another’s name', () => {
		const place = room();
		const hers = place.client();
		put(hers, by(ann));
		expect(rule(place.judge(ben, Y.encodeStateAsUpdate(hers)))).toBe('G3');
	});

	test.each<[string, (doc: Y.Doc, entry: Y.Map<unknown>) => void]>([
		['an unknown root', (doc) => doc.getMap('elsewhere').set('a', 1)],
		['an unknown root of a sequence', (doc) => doc.getArray('annotations2').push([1])],
		[
			'the people, which the server writes',
			(doc) => void peopleOf(doc).set('user:ann', { name: 'Queen', color: '#000000' })
		],
		['an unknown key', (_, entry) => entry.set('mood', 'good')],
		['a body that is no text', (_, entry) => entry.set('body', 7)],
		['a body that is a type', (_, entry) => entry.set('body', new Y.Text('deep'))],
		['a body over its size', (_, entry) => entry.set('body', 'x'.repeat(10_001))],
		['a status that does not exist', (_, entry) => entry.set('status', 'done')],
		[
			'an annotation that is no map',
			(doc) => void annotationsOf(doc).set(crypto.randomUUID(), 'text' as never)
		],
		[
			'an annotation without its keys',
			(doc) => void annotationsOf(doc).set(crypto.randomUUID(), new Y.Map())
		],
		['an annotation under no UUID', (doc) => void annotationsOf(doc).set('__proto__', new Y.Map())],
		[
			'a reaction that is not true',
			(doc) => void reactionsOf(doc).set(reactionKey('a', 'user:ann', '👍'), 1 as never)
		],
		[
			'a reply to nothing',
			(doc) => void put(doc, replyBy(ann.principal, crypto.randomUUID(), { created: CREATED }))
		]
	])('[G1] refused: %s', (_, write) => {
		const place = withAnnotation();
		const mine = place.client();
		write(mine, place.entry(mine));
		expect(rule(place.judge(ann, mine))).toBe('G1');
	});

	test('[G1] a reply to a reply is refused', () => {
		const place = withAnnotation();
		const mine = place.client();
		const reply = replyBy(ben.principal, place.annotation.id, { created: CREATED });
		put(mine, reply);
		expect(place.take(ben, mine)).toMatchObject({ kind: 'permitted' });
		const next = place.client();
		put(next, replyBy(ann.principal, reply.id, { created: CREATED }));
		expect(rule(place.judge(ann, next))).toBe('G1');
	});

	test('[G13] one refused change among good ones refuses the update whole', () => {
		const place = withAnnotation();
		const mine = place.client();
		put(mine, by(ben));
		place.entry(mine).set('body', 'I said this');
		expect(rule(place.judge(ben, mine))).toBe('G5');
	});
});

describe('bytes that lie', () => {
	test('[G1] an update that builds on what is not here is a gap', () => {
		const place = room();
		const mine = place.client();
		put(mine, by(ann));
		const before = Y.encodeStateVector(mine);
		put(mine, by(ann));
		expect(() => place.judge(ann, Y.encodeStateAsUpdate(mine, before))).toThrow(UnreadableUpdate);
	});

	test('[G1] a delete of what is not here is a gap', () => {
		const mine = new Y.Doc();
		mine.getMap('annotations').set('a', 1);
		mine.getMap('annotations').delete('a');
		const onlyDeletes = Y.encodeStateAsUpdate(mine, Y.encodeStateVector(mine));
		expect(() => readUpdate(new Y.Doc(), onlyDeletes)).toThrow(expect.objectContaining({ gap: true }));
	});

	test('truncated and random bytes are undecodable, and never anything else', () => {
		const place = withAnnotation();
		const update = Y.encodeStateAsUpdate(place.doc);
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(update.length - 1), (noise, cut) => {
				for (const bytes of [
					noise,
					update.slice(0, cut),
					new Uint8Array([...update.slice(0, cut), ...noise])
				]) {
					try {
						place.judge(ben, bytes);
					} catch (error) {
						expect(error).toBeInstanceOf(UnreadableUpdate);
					}
				}
			}),
			{ seed: 20261122, numRuns: 300 }
		);
		expect(readUpdate(place.doc, update)).toBeNull();
	});

	test('[G13] what is judged is not applied', () => {
		const place = withAnnotation();
		const before = Y.encodeStateAsUpdate(place.doc);
		const mine = place.client();
		put(mine, by(ben));
		place.judge(ben, mine);
		expect(Y.encodeStateAsUpdate(place.doc)).toEqual(before);
		expect(place.doc.store.pendingStructs).toBeNull();
	});
});

describe('the text room', () => {
	function text() {
		const place = room('text');
		const mine = place.client();
		writeParagraphs(mine, ['One.', 'Two.']);
		place.take(eve, mine);
		return place;
	}

	test('[G11] an editor changes the text while it is unlocked, nobody else', () => {
		const place = text();
		const edit = () => {
			const mine = place.client();
			(contentOf(mine).get(0) as Y.XmlElement).insert(0, [new Y.XmlText('Zero. ')]);
			contentOf(mine).delete(1, 1);
			return mine;
		};
		expect(rule(place.judge(ann, edit()))).toBe('G11');
		expect(place.judge(eve, edit())).toMatchObject({ kind: 'permitted', changes: [{ kind: 'text' }] });
		place.guarded.textLocked = true;
		expect(rule(place.judge(eve, edit()))).toBe('G11');
	});

	test('[G1] the article map is the server’s', () => {
		const place = text();
		const mine = place.client();
		articleOf(mine).set('status', 'finished');
		expect(rule(place.judge(eve, mine))).toBe('G1');
	});
});

test('[G0] whatever honest people do, in any order and after any time offline, is permitted and ends alike', () => {
	const actors = [ann, ben, eve];
	const step = fc.record({ who: fc.nat(2), what: fc.nat(5), which: fc.nat(50), sync: fc.boolean() });
	fc.assert(
		fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
			const place = room();
			const docs = actors.map(() => place.client());
			const sync = (i: number) => {
				const news = place.news(docs[i]!);
				expect(rule(place.take(actors[i]!, news))).toMatch(/permitted|nothing/);
				Y.applyUpdate(docs[i]!, Y.encodeStateAsUpdate(place.doc));
			};
			for (const { who, what, which, sync: now } of steps) {
				const [actor, doc] = [actors[who]!, docs[who]!];
				const ids = [...annotationsOf(doc).keys()].sort();
				const id = ids[which % ids.length];
				const entry = id ? annotationsOf(doc).get(id)! : undefined;
				const own = entry?.get('creator') === actor.principal;
				const root = entry && !entry.has('replyTo');
				doc.transact(() => {
					if (what === 0 || !entry) put(doc, by(actor));
					else if (what === 1 && root) put(doc, replyBy(actor.principal, id!, { created: CREATED }));
					else if (what === 2 && own) entry.set('body', `words ${which}`);
					else if (what === 3 && root) {
						entry.set('status', which % 2 ? 'resolved' : 'open');
						if (which % 2) entry.set('resolution', { by: actor.principal, at: CREATED });
						else entry.delete('resolution');
					} else if (what === 4 && (own || actor === eve)) {
						if (entry.has('deleted')) entry.delete('deleted');
						else entry.set('deleted', { by: actor.principal, at: CREATED });
					} else if (what === 5) {
						const key = reactionKey(id!, actor.principal, '👍');
						if (reactionsOf(doc).has(key)) reactionsOf(doc).delete(key);
						else reactionsOf(doc).set(key, true);
					}
				});
				if (now) sync(who);
			}
			for (const i of [0, 1, 2, 0, 1, 2]) sync(i);
			for (const doc of docs) expect(annotationsOf(doc).toJSON()).toEqual(annotationsOf(place.doc).toJSON());
		}),
		{ seed: 7, numRuns: 150 }
	);
});

import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { judgeUpdate, withoutKnown } from '../../server/guard.ts';
import { cutUpdate } from '../../server/pieces.ts';
import { readUpdate, UnreadableUpdate } from '../../server/read-update.ts';
import { scanUpdate } from '../../server/scan-update.ts';
import { orderStructs, type StructLists } from '../../server/struct-order.ts';
import type { Actor } from '../../src/lib/domain/policy.ts';
import { annotationsOf, reactionsOf } from '../../src/lib/ydoc/layer.ts';
import { contentOf } from '../../src/lib/ydoc/text.ts';
import { annotationBy, put } from '../support/annotations.ts';
import { fuzz, outcomes, properties, rawUpdate } from '../support/fuzz.ts';

const RUNS = 2000;
const SEED = 20261122;

test.each(Object.keys(properties))('[R5] nothing escapes, hangs or passes the guard: %s', (name) => {
	fuzz(name, RUNS, SEED);
});

test('what is thrown gets as far as every verdict', () => {
	const reached = [
		'unsound',
		'layer gap',
		'layer unreadable',
		'layer nothing',
		'layer refused',
		'layer permitted',
		'text permitted',
		'frame update',
		'frame awareness',
		'presence taken'
	];
	expect(reached.filter((one) => !outcomes.has(one))).toEqual([]);
});

const ann: Actor = { kind: 'member', principal: 'user:ann', name: 'Ann', role: 'annotator' };
const address = {
	articleId: '11111111-1111-4111-8111-111111111111',
	kind: 'layer',
	layer: 'shared'
} as const;

/** A layer in which Ben has one annotation; what Ann sends is judged. */
function layer() {
	const doc = new Y.Doc();
	doc.clientID = 9;
	const bens = put(doc, annotationBy('user:ben'));
	const clients = new Map([[9, 'user:ben']]);
	return {
		doc,
		bens,
		judge: (update: Uint8Array) =>
			judgeUpdate({ address, doc, clients, textLocked: false }, ann, update, Date.now()),
		/** what Ann would send after this */
		sends(write: (doc: Y.Doc) => void): Uint8Array {
			const mine = new Y.Doc();
			Y.applyUpdate(mine, Y.encodeStateAsUpdate(doc));
			mine.clientID = 7;
			mine.transact(() => write(mine));
			return Y.encodeStateAsUpdate(mine, Y.encodeStateVector(doc));
		}
	};
}

describe('updates that are not what they seem', () => {
	/** A value under a key of a root. */
	const valueUnder = (root: string, key: string, values: unknown[]) => (encoder: Y.UpdateEncoderV1) => {
		encoder.writeInfo(8 | 32);
		encoder.writeParentInfo(true);
		encoder.writeString(root);
		encoder.writeString(key);
		encoder.writeLen(values.length);
		for (const value of values) encoder.writeAny(value);
	};

	test('[G0] a struct without length, which Yjs integrates although it is nothing new, is no update', () => {
		const { bens } = layer();
		expect(() => scanUpdate(rawUpdate([[7, 0, [valueUnder('annotations', bens, [true])]]]))).not.toThrow();
		expect(() => scanUpdate(rawUpdate([[7, 0, [valueUnder('annotations', bens, [])]]]))).toThrow('unsound');
	});

	test('[G0] two blocks of one client, of which Yjs takes only the last, are no update', () => {
		const block = (clock: number): [number, number, ReturnType<typeof valueUnder>[]] => [
			7,
			clock,
			[valueUnder('reactions', 'x', [true])]
		];
		expect(() => scanUpdate(rawUpdate([block(0)]))).not.toThrow();
		expect(() => scanUpdate(rawUpdate([block(0), block(1)]))).toThrow('unsound');
	});

	test('[S1] clients out of order, with which Yjs loses what it merges them with, are no update', () => {
		const doc = new Y.Doc();
		doc.clientID = 9;
		doc.getMap('reactions').set('kept', true);
		const update = rawUpdate([
			[3, 0, [valueUnder('reactions', 'a', [true])]],
			[11, 0, [valueUnder('reactions', 'b', [true])]]
		]);
		expect(() => scanUpdate(update)).toThrow('unsound');
		// large updates are cut up by us
		const large = new Y.Doc();
		for (const client of [3, 11, 7]) {
			large.clientID = client;
			large.getMap('reactions').set(`${client}`, true);
		}
		const merged = new Y.Doc();
		const pieces = cutUpdate(Y.encodeStateAsUpdate(large));
		Y.applyUpdate(merged, Y.mergeUpdates([Y.encodeStateAsUpdate(doc), ...pieces]));
		expect([...merged.getMap('reactions').keys()].sort()).toEqual(['11', '3', '7', 'kept']);
		for (const piece of pieces) expect(() => scanUpdate(piece)).not.toThrow();
	});

	test('[R5] clocks that nobody counts to, ranges without length and bytes at the end are no update', () => {
		expect(() => scanUpdate(rawUpdate([], [[7, 0, 1]]))).not.toThrow();
		expect(() => scanUpdate(rawUpdate([], [[7, 0, 0]]))).toThrow('unsound');
		expect(() => scanUpdate(rawUpdate([], [[7, 2 ** 52, 2 ** 52]]))).toThrow('unsound');
		expect(() => scanUpdate(Uint8Array.of(0, 0, 0))).toThrow('unsound');
	});

	test('[G0] what is said again of others’ structs is left out, true or not', () => {
		const { doc, judge, sends, bens } = layer();
		const honest = sends((mine) => put(mine, annotationBy('user:ann')));
		const { structs } = Y.decodeUpdate(honest);
		// all of Ben's, as if it were deleted
		const lie = (encoder: Y.UpdateEncoderV1) => {
			encoder.writeInfo(1);
			encoder.writeParentInfo(true);
			encoder.writeString('annotations');
			encoder.writeLen(Y.getState(doc.store, 9));
		};
		const update = rawUpdate([
			[9, 0, [lie]],
			[7, 0, structs.map((struct) => (encoder) => struct.write(encoder, 0))]
		]);
		expect(judge(honest)).toMatchObject({ kind: 'permitted', repeats: false });
		expect(judge(update)).toMatchObject({ kind: 'permitted', repeats: true });
		const stored = Y.encodeStateAsUpdate(doc);
		const read = new Y.Doc();
		Y.applyUpdate(read, Y.mergeUpdates([withoutKnown(doc, update), stored]));
		expect(annotationsOf(read).has(bens)).toBe(true);
		expect(annotationsOf(read).size).toBe(2);
	});

	test('[G1] an item that is stored in part is what it was', () => {
		const doc = new Y.Doc();
		doc.clientID = 7;
		const words = new Y.XmlText('abc');
		contentOf(doc).insert(0, [words]);
		const text = (parent: string) => (encoder: Y.UpdateEncoderV1) => {
			encoder.writeInfo(4);
			encoder.writeParentInfo(true);
			encoder.writeString(parent);
			encoder.writeString('bcd');
		};
		// what is stored there stands in the text, not in the root
		expect(() => readUpdate(doc, rawUpdate([[7, 2, [text('content')]]]))).toThrow(UnreadableUpdate);
	});

	test('[R5] deletes that lie over one another are looked at once', () => {
		const { doc, sends } = layer();
		Y.applyUpdate(
			doc,
			sends((mine) => {
				for (let i = 0; i < 500; i++) reactionsOf(mine).set(`${i}`, true);
			})
		);
		const same = Array.from({ length: 20_000 }, (): [number, number, number] => [7, 0, 500]);
		expect(readUpdate(doc, rawUpdate([], same))!.deleted).toHaveLength(500);
	});

	test('[R5] however structs are entangled, each is looked at a few times', () => {
		const [writers, each] = [100, 50];
		const lists: StructLists = new Map();
		// one after the other in rounds, named so that the last writer has to go first
		for (let writer = 0; writer < writers; writer++)
			lists.set(
				writer,
				Array.from({ length: each }, (_, clock) => {
					const isLast = writer === writers - 1;
					const origin = isLast ? clock > 0 && Y.createID(0, clock - 1) : Y.createID(writer + 1, clock);
					const content = new Y.ContentDeleted(1);
					return new Y.Item(Y.createID(writer, clock), null, origin || null, null, null, null, null, content);
				})
			);
		let looks = 0;
		const ordered = orderStructs(lists, () => (looks++, 0));
		expect(ordered).toHaveLength(writers * each);
		expect(looks).toBeLessThan(10 * writers * each);
	});

	test('[R5] what is nested without end is not read', () => {
		const nested = (depth: number) => {
			const doc = new Y.Doc();
			let inner = new Y.XmlElement('blockquote');
			contentOf(doc).insert(0, [inner]);
			for (let i = 0; i < depth; i++) {
				const next = new Y.XmlElement('blockquote');
				inner.insert(0, [next]);
				inner = next;
			}
			return Y.encodeStateAsUpdate(doc);
		};
		expect(readUpdate(new Y.Doc(), nested(50))!.items).toHaveLength(51);
		expect(() => readUpdate(new Y.Doc(), nested(500))).toThrow(UnreadableUpdate);
	});
});

describe('what the log could not hold', () => {
	const deep = (depth: number): unknown => (depth > 0 ? [deep(depth - 1)] : 'here');
	const inherited = JSON.parse('{"__proto__":{"state":"checked"}}');
	const wrong: [string, unknown][] = [
		['body', 'a\0b'],
		['body', 'x'.repeat(1024 * 1024)],
		['body', { toString: 'x' }],
		['label', '\0'],
		['label', 1n],
		['tags', ['\0']],
		['tags', [undefined]],
		['tags', Array(51).fill('x')],
		['from', NaN],
		['from', Infinity],
		['from', 2 ** 53],
		['from', 0.5],
		['from', 3n],
		['check', { note: '\0' }],
		['check', { 'no\0te': 'x' }],
		['check', { note: NaN }],
		['check', { note: -Infinity }],
		['check', { note: 1n }],
		['check', { note: undefined }],
		['check', { note: new Uint8Array(2) }],
		['check', { note: 'x'.repeat(1024 * 1024) }],
		['check', { note: deep(40) }],
		['check', inherited],
		['check', [1]],
		['importedFrom', '\0'],
		['\0', 'x'],
		['x'.repeat(1024 * 1024), 'x'],
		['__proto__', 'x'],
		['constructor', 'x']
	];

	test.each(wrong.map(([key, value], i) => [i, key.slice(0, 20), value, key] as const))(
		'[G1] is refused: %i %s %o',
		(_, __, value, key) => {
			const { judge, sends } = layer();
			const update = sends((mine) => {
				const id = put(mine, annotationBy('user:ann'));
				annotationsOf(mine).get(id)!.set(key, value);
			});
			expect(judge(update)).toMatchObject({ kind: 'refused', refusal: { rule: 'G1' } });
		}
	);

	test.each([['👍\0'], ['\0'], ['x'.repeat(1024 * 1024)], ['a b'], ['']])(
		'[G1] a reaction of that name is refused: %#',
		(emoji) => {
			const { judge, sends, bens } = layer();
			const react = (name: string) => sends((mine) => reactionsOf(mine).set(name, true));
			expect(judge(react(`${bens} user:ann 👍`)).kind).toBe('permitted');
			expect(judge(react(`${bens} user:ann ${emoji}`))).toMatchObject({
				kind: 'refused',
				refusal: { rule: 'G1' }
			});
			expect(judge(react(`\0${bens} user:ann 👍`)).kind).toBe('refused');
		}
	);

	test('an offset of -0 is logged as 0', () => {
		const { judge, sends } = layer();
		const verdict = judge(sends((mine) => put(mine, annotationBy('user:ann', { from: -0 }))));
		expect(JSON.stringify((verdict as { changes: unknown }).changes)).toContain('"from":0');
	});
});

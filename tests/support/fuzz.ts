/** What must hold of any bytes that a client sends [R5], as properties: some runs in the tests, many in `npm run torture`. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { judgePieces, judgeUpdate, withoutKnown } from '../../server/guard.ts';
import { cutUpdate } from '../../server/pieces.ts';
import { Presence } from '../../server/presence.ts';
import { decodeMessage } from '../../server/protocol.ts';
import { UnreadableUpdate } from '../../server/read-update.ts';
import { scanUpdate } from '../../server/scan-update.ts';
import type { Annotation } from '../../src/lib/domain/annotation.ts';
import type { Actor } from '../../src/lib/domain/policy.ts';
import { finish } from '../../src/lib/server/steps.ts';
import { annotationsOf, reactionKey, reactionsOf, readAnnotations } from '../../src/lib/ydoc/layer.ts';
import { articleOf, contentOf, readText, writeParagraphs } from '../../src/lib/ydoc/text.ts';
import { annotationBy, put, replyBy } from './annotations.ts';

const ARTICLE = '11111111-1111-4111-8111-111111111111';
const NOW = Date.parse('2026-11-22T12:00:00Z');
const created = '2026-11-22T11:59:00.000Z';
const UUIDS = Array.from({ length: 4 }, (_, i) => `0000000${i}-0000-4000-8000-000000000000`);
const ann: Actor = { kind: 'member', principal: 'user:ann', name: 'Ann', role: 'annotator' };
const eve: Actor = { kind: 'member', principal: 'user:eve', name: 'Eve', role: 'editor' };
const ANN = 7;
const BEN = 9;
const NEW = 11;

/** A layer in which Ann and Ben have been, with what each sent, and what Ann could send next. */
function layer() {
	const doc = new Y.Doc();
	const sent: Uint8Array[] = [];
	const write = (client: number, change: () => void) => {
		const before = Y.encodeStateVector(doc);
		doc.clientID = client;
		doc.transact(change);
		sent.push(Y.encodeStateAsUpdate(doc, before));
	};
	write(ANN, () => put(doc, annotationBy('user:ann', { id: UUIDS[0], created })));
	write(BEN, () => put(doc, annotationBy('user:ben', { id: UUIDS[1], created })));
	write(BEN, () => put(doc, replyBy('user:ben', UUIDS[0]!, { id: UUIDS[2], created })));
	write(BEN, () => reactionsOf(doc).set(reactionKey(UUIDS[0]!, 'user:ben', '👍'), true));
	write(ANN, () => annotationsOf(doc).get(UUIDS[0]!)!.set('body', 'Says who?'));
	const stored = Y.encodeStateAsUpdate(doc);
	write(NEW, () => reactionsOf(doc).set(reactionKey(UUIDS[1]!, 'user:ann', '🙂'), true));
	const honest = sent.at(-1)!;
	write(ANN, () => put(doc, annotationBy('user:ann', { id: UUIDS[3], created })));
	write(ANN, () => annotationsOf(doc).get(UUIDS[1]!)!.set('status', 'resolved'));
	write(ANN, () => reactionsOf(doc).set(reactionKey(UUIDS[1]!, 'user:ann', '👀'), true));
	return { stored, honest, sent: [...sent, Y.encodeStateAsUpdate(doc)] };
}

function text() {
	const doc = new Y.Doc();
	doc.clientID = ANN;
	writeParagraphs(doc, ['The bridge stays closed.', 'Until Friday.']);
	articleOf(doc).set('title', 'Bridge');
	const stored = Y.encodeStateAsUpdate(doc);
	doc.clientID = BEN;
	const before = Y.encodeStateVector(doc);
	const paragraph = contentOf(doc).get(0) as Y.XmlElement;
	(paragraph.get(0) as Y.XmlText).insert(3, ' old');
	contentOf(doc).delete(1, 1);
	const sent = [stored, Y.encodeStateAsUpdate(doc, before), Y.encodeStateAsUpdate(doc)];
	doc.clientID = NEW;
	const vector = Y.encodeStateVector(doc);
	(paragraph.get(0) as Y.XmlText).insert(0, 'Well: ');
	return { stored, honest: Y.encodeStateAsUpdate(doc, vector), sent };
}

const LAYER = layer();
const TEXT = text();
const docOf = (state: Uint8Array) => {
	const doc = new Y.Doc();
	Y.applyUpdate(doc, state);
	return doc;
};

/* Numbers and bytes that lie. */

const EDGES = [
	0,
	1,
	2,
	127,
	128,
	2 ** 16,
	2 ** 31 - 1,
	2 ** 31,
	2 ** 32,
	2 ** 53 - 2,
	Number.MAX_SAFE_INTEGER
];
const number = fc.oneof(
	{ weight: 30, arbitrary: fc.nat(40) },
	{ weight: 1, arbitrary: fc.constantFrom(...EDGES) }
);
const varint = fc.oneof(
	number.map((value) => encode((encoder) => encoding.writeVarUint(encoder, value))),
	number.map((value) => encode((encoder) => encoding.writeVarInt(encoder, -value))),
	// endless zeros, beyond 2^53, no end
	fc.constantFrom(
		Uint8Array.from([...Array(200).fill(0x80), 0]),
		new Uint8Array(12).fill(0xff),
		Uint8Array.of(0x80)
	)
);

function encode(write: (encoder: encoding.Encoder) => void): Uint8Array {
	const encoder = encoding.createEncoder();
	write(encoder);
	return encoding.toUint8Array(encoder);
}

/** Real bytes with bits turned, parts cut out, doubled, moved or replaced by those of another. */
const mutated = (real: Uint8Array[]) =>
	fc
		.tuple(
			fc.constantFrom(...real),
			fc.array(
				fc.tuple(
					fc.constantFrom('flip', 'cut', 'end', 'double', 'splice', 'number'),
					fc.nat(1_000_000),
					fc.nat(40),
					fc.constantFrom(...real),
					varint,
					fc.nat(7)
				),
				{ minLength: 1, maxLength: 6 }
			)
		)
		.map(([start, steps]) => {
			let bytes = Buffer.from(start);
			for (const [kind, where, length, other, lie, bit] of steps) {
				const at = where % (bytes.length + 1);
				const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
				if (kind === 'flip' && at < bytes.length) bytes[at]! ^= 1 << bit;
				if (kind === 'cut') bytes = Buffer.concat([head, tail.subarray(length)]);
				if (kind === 'end') bytes = Buffer.from(head);
				if (kind === 'double') bytes = Buffer.concat([head, tail.subarray(0, length), tail]);
				if (kind === 'splice') bytes = Buffer.concat([head, other.subarray(where % other.length)]);
				if (kind === 'number') bytes = Buffer.concat([head, lie, tail.subarray(1)]);
			}
			return new Uint8Array(bytes);
		});

/* Updates that are well formed and say anything. */

const client = fc.constantFrom(ANN, ANN, ANN, BEN, BEN, BEN, NEW, Number.MAX_SAFE_INTEGER);
/** near what Ann and Ben have written, or anywhere */
const clockIn = (stored: Uint8Array) => {
	const known = [...Y.decodeStateVector(Y.encodeStateVectorFromUpdate(stored)).values()];
	const near = known.flatMap((clock) => [clock - 2, clock - 1, clock, clock + 1]);
	return fc.oneof(fc.constantFrom(...near), number);
};
const word = fc.constantFrom(
	'annotations',
	'reactions',
	'people',
	'content',
	'article',
	'body',
	'status',
	'creator',
	'__proto__',
	`${UUIDS[0]} user:ann 👍`,
	`${UUIDS[0]} user:ben 👍`,
	`${UUIDS[0]} user:ann \0`,
	...UUIDS
);
const anything = fc.oneof(
	word,
	fc.constantFrom<unknown>(undefined, null, true, 'open', 'user:ann', 'a\0b', 1n, -0, NaN, Infinity, 2 ** 53),
	fc.constantFrom<unknown>(new Uint8Array(3), [[[]]], { by: 'user:ann', at: created }, {}),
	fc.string({ unit: 'binary' })
);

type Write = (encoder: Y.UpdateEncoderV1) => void;
const rest = (write: (encoder: encoding.Encoder) => void): Write => {
	return (encoder) => write(encoder.restEncoder);
};
const content: fc.Arbitrary<[number, Write]> = fc.oneof(
	number.map((length): [number, Write] => [1, (encoder) => encoder.writeLen(length)]),
	fc.array(word, { maxLength: 2 }).map((all): [number, Write] => [
		2,
		(encoder) => {
			encoder.writeLen(all.length);
			for (const one of all) encoder.writeString(JSON.stringify(one));
		}
	]),
	fc.uint8Array({ maxLength: 4 }).map((bytes): [number, Write] => [3, (encoder) => encoder.writeBuf(bytes)]),
	fc
		.oneof(fc.constant(''), fc.string({ maxLength: 4 }))
		.map((string): [number, Write] => [4, (encoder) => encoder.writeString(string)]),
	word.map((value): [number, Write] => [5, (encoder) => encoder.writeJSON(value)]),
	word.map((value): [number, Write] => [
		6,
		(encoder) => {
			encoder.writeKey(value);
			encoder.writeJSON(value);
		}
	]),
	fc.nat(7).map((type): [number, Write] => [
		7,
		(encoder) => {
			encoder.writeTypeRef(type);
			if (type === 3 || type === 5) encoder.writeKey('paragraph');
		}
	]),
	fc.array(anything, { maxLength: 2 }).map((all): [number, Write] => [
		8,
		(encoder) => {
			encoder.writeLen(all.length);
			for (const one of all) encoder.writeAny(one);
		}
	]),
	fc.constant<[number, Write]>([
		9,
		(encoder) => {
			encoder.writeString('doc');
			encoder.writeAny({});
		}
	])
);

const idIn = (stored: Uint8Array) =>
	fc.tuple(client, clockIn(stored)).map(([client, clock]): Write =>
		rest((encoder) => {
			encoding.writeVarUint(encoder, client);
			encoding.writeVarUint(encoder, Math.max(0, clock));
		})
	);

function struct(stored: Uint8Array): fc.Arbitrary<Write> {
	const id = idIn(stored);
	const item = fc
		.tuple(
			fc.option(id, { freq: 2 }),
			fc.option(id, { freq: 3 }),
			fc.oneof(id, word),
			fc.option(word, { freq: 4 }),
			content
		)
		.map(([origin, rightOrigin, parent, key, [kind, write]]): Write => {
			return (encoder) => {
				encoder.writeInfo(kind | (origin ? 128 : 0) | (rightOrigin ? 64 : 0) | (key === null ? 0 : 32));
				origin?.(encoder);
				rightOrigin?.(encoder);
				if (!origin && !rightOrigin) {
					encoder.writeParentInfo(typeof parent === 'string');
					if (typeof parent === 'string') encoder.writeString(parent);
					else parent(encoder);
					if (key !== null) encoder.writeString(key);
				}
				write(encoder);
			};
		});
	const hole = fc.tuple(fc.constantFrom(0, 10), number).map(([kind, length]): Write =>
		rest((encoder) => {
			encoding.writeUint8(encoder, kind);
			encoding.writeVarUint(encoder, length);
		})
	);
	return fc.oneof({ weight: 12, arbitrary: item }, { weight: 1, arbitrary: hole });
}

/** `honest` goes along with some: what is permitted carries the rest with it. */
const crafted = ({ stored, honest }: { stored: Uint8Array; honest: Uint8Array }) =>
	fc
		.tuple(
			fc.boolean(),
			fc.nat(9).map((one) => one === 0),
			fc.array(fc.tuple(client, clockIn(stored), fc.array(struct(stored), { maxLength: 4 })), {
				maxLength: 3
			}),
			fc.array(fc.tuple(client, clockIn(stored), number), { maxLength: 3 })
		)
		.map(([rides, shuffled, blocks, deletes]) => {
			const { structs } = Y.decodeUpdate(honest);
			const rider: Block = [NEW, 0, structs.map((struct) => (encoder) => struct.write(encoder, 0))];
			const others = blocks.filter(([client]) => !rides || client !== NEW);
			const all = rides ? [rider, ...others] : others;
			// mostly in the order in which encoders write them, or they would get no further
			return rawUpdate(shuffled ? all : all.sort(([one], [other]) => other - one), deletes);
		});

/** client, clock of the first struct, structs */
type Block = [number, number, Write[]];

/** An update, byte for byte as said: blocks of structs, and ranges of deletes (client, clock, length). */
export function rawUpdate(blocks: Block[], deletes: [number, number, number][] = []): Uint8Array {
	const encoder = new Y.UpdateEncoderV1();
	encoding.writeVarUint(encoder.restEncoder, blocks.length);
	for (const [client, clock, structs] of blocks) {
		encoding.writeVarUint(encoder.restEncoder, structs.length);
		encoder.writeClient(client);
		encoding.writeVarUint(encoder.restEncoder, Math.max(0, clock));
		for (const write of structs) write(encoder);
	}
	encoding.writeVarUint(encoder.restEncoder, deletes.length);
	for (const [client, clock, length] of deletes) {
		encoding.writeVarUint(encoder.restEncoder, client);
		encoding.writeVarUint(encoder.restEncoder, 1);
		encoding.writeVarUint(encoder.restEncoder, Math.max(0, clock));
		encoding.writeVarUint(encoder.restEncoder, length);
	}
	return encoder.toUint8Array();
}

/* What must hold. */

/** How often each came about: properties that never get anywhere would hold of anything. */
export const outcomes = new Map<string, number>();
const note = (what: string) => void outcomes.set(what, (outcomes.get(what) ?? 0) + 1);

/** The update as the server reads it from a frame; null: undecodable. */
function read(update: Uint8Array): Uint8Array | null {
	try {
		scanUpdate(update);
		return update;
	} catch {
		note('unsound');
		return null;
	}
}

/** Judges; what is permitted is applied as the room would, and nothing is left waiting in the document. */
function judged(
	kind: 'layer' | 'text',
	actor: Actor,
	stored: Uint8Array,
	update: Uint8Array,
	inPieces: boolean
) {
	const pieces = inPieces ? cut(stored, update) : null;
	if (inPieces && !pieces) return null;
	const doc = docOf(stored);
	const clients = new Map([[BEN, 'user:ben']]);
	// in the layer Ann has her own, in the text Eve writes under anything
	if (kind === 'layer') clients.set(ANN, 'user:ann');
	else clients.delete(BEN);
	const address =
		kind === 'text' ? { articleId: ARTICLE, kind } : { articleId: ARTICLE, kind, layer: 'shared' };
	const before = Y.encodeStateAsUpdate(doc);
	let verdict;
	try {
		const room = { address, doc, clients, textLocked: false };
		verdict = pieces ? finish(judgePieces(room, actor, pieces, NOW)) : judgeUpdate(room, actor, update, NOW);
	} catch (error) {
		if (!(error instanceof UnreadableUpdate)) throw error;
		note(error.gap ? `${kind} gap` : `${kind} unreadable`);
		return null;
	}
	if (!Buffer.from(before).equals(Y.encodeStateAsUpdate(doc)))
		throw new Error('Judging changed the document.');
	note(`${kind} ${verdict.kind}`);
	if (verdict.kind !== 'permitted') return null;
	// JSON can say it, and PostgreSQL hold it
	if (/\\u0000|\\ud[89a-f]/.test(JSON.stringify(verdict.changes))) throw new Error('The log would fail.');
	const old = docOf(stored);
	const fresh = pieces ?? [verdict.repeats ? withoutKnown(doc, update) : update];
	for (const piece of fresh) Y.applyUpdate(doc, piece);
	if (doc.store.pendingStructs || doc.store.pendingDs) throw new Error('Something waits in the document.');
	// everybody else, and the next process, can read it
	const again = docOf(Y.mergeUpdates([stored, ...fresh]));
	if (!isDeepStrictEqual(rootsOf(again), rootsOf(doc))) throw new Error('Others read otherwise.');
	docOf(Y.encodeStateAsUpdate(doc));
	return { old, doc };
}

const rootsOf = (doc: Y.Doc) => ({
	annotations: annotationsOf(doc).toJSON(),
	reactions: reactionsOf(doc).toJSON(),
	people: doc.getMap('people').toJSON(),
	article: articleOf(doc).toJSON(),
	content: contentOf(doc).toJSON(),
	roots: [...doc.share.keys()].sort()
});

const HERS: (keyof Annotation)[] = ['id', 'creator', 'created', 'motivation', 'replyTo', 'body'];

/** After what Ann was allowed: others' words stand, nothing is gone, and what is new is hers. */
function checkLayer({ old, doc }: { old: Y.Doc; doc: Y.Doc }): void {
	const now = new Map(readAnnotations(doc).map((one) => [one.id, one]));
	const before = readAnnotations(old);
	for (const one of before) {
		const same = now.get(one.id);
		if (!same) throw new Error('An annotation is gone.');
		if (one.creator === ann.principal) continue;
		for (const key of HERS) if (one[key] !== same[key]) throw new Error(`Ann changed ${key} of another.`);
	}
	const known = new Set(before.map(({ id }) => id));
	for (const [id, { creator }] of now)
		if (!known.has(id) && creator !== ann.principal) throw new Error('Something new is not Ann’s.');
	if (now.size !== annotationsOf(doc).size) throw new Error('There is an annotation that cannot be read.');
	const [reactions, others] = [reactionsOf(doc), reactionsOf(old)];
	for (const key of new Set([...reactions.keys(), ...others.keys()]))
		if (reactions.has(key) !== others.has(key) && !key.includes(' user:ann '))
			throw new Error('A reaction of another has changed.');
	for (const kind of ['people', 'article', 'content', 'roots'] as const)
		if (!isDeepStrictEqual(rootsOf(doc)[kind], rootsOf(old)[kind])) throw new Error(`Ann changed ${kind}.`);
}

/** In pieces, as a large update is taken; null where it cannot be. */
function cut(stored: Uint8Array, update: Uint8Array): Uint8Array[] | null {
	const known = Y.decodeStateVector(Y.encodeStateVectorFromUpdate(stored));
	try {
		return cutUpdate(update, (client) => known.get(client) ?? 0);
	} catch {
		note('not cut');
		return null;
	}
}

const inLayer = (update: Uint8Array) => {
	const sound = read(update);
	for (const inPieces of [false, true]) {
		const done = sound && judged('layer', ann, LAYER.stored, sound, inPieces);
		if (done) checkLayer(done);
	}
};
const inText = (update: Uint8Array) => {
	const sound = read(update);
	for (const inPieces of [false, true]) {
		const done = sound && judged('text', eve, TEXT.stored, sound, inPieces);
		if (!done) continue;
		readText(done.doc);
		if (articleOf(done.doc).get('title') !== 'Bridge') throw new Error('Eve changed what is the server’s.');
	}
};

/** Only an error leaves the decoder, and what leaves it is no window on other people's bytes. */
function frame(bytes: Uint8Array): void {
	// as it comes from the network: amid other frames
	const slab = Buffer.concat([Buffer.alloc(64, 1), bytes, Buffer.alloc(4096, 1)]);
	try {
		const message = decodeMessage(slab.subarray(64, 64 + bytes.length));
		note(`frame ${message.kind}`);
		for (const part of Object.values(message))
			if (part instanceof Uint8Array && part.buffer === slab.buffer) throw new TypeError('A window.');
	} catch (error) {
		if (!(error instanceof Error) || error instanceof TypeError) throw error;
		note('frame undecodable');
	}
}

const updateFrame = (update: Uint8Array) =>
	encode((encoder) => {
		encoding.writeVarUint(encoder, 0);
		encoding.writeVarUint(encoder, 2);
		encoding.writeVarUint8Array(encoder, update);
	});

const STATES = [
	'null',
	'{}',
	'{"cursor":{"at":1}}',
	'{"user":{"principal":"user:ben"}}',
	'[',
	'"\\ud800"',
	'[]'
];
const presence = fc
	.array(fc.tuple(client, number, fc.constantFrom(...STATES)), { maxLength: 5 })
	.map((entries) =>
		encode((encoder) => {
			encoding.writeVarUint(encoder, entries.length);
			for (const [client, clock, state] of entries) {
				encoding.writeVarUint(encoder, client);
				encoding.writeVarUint(encoder, clock);
				encoding.writeVarString(encoder, state);
			}
		})
	);

/** Whatever two people say of themselves and each other, everybody can read it, and nobody speaks for another. */
function present(updates: [number, Uint8Array][]): void {
	const room = new Presence();
	const people: [object, Actor][] = [
		[{}, ann],
		[{}, eve]
	];
	const owners = new Map<number, string>();
	const hear = (update: Uint8Array | null) => {
		if (!update) return;
		// what stock clients make of it
		for (const { client, state } of statesIn(update)) {
			if (state === null) continue;
			const owner = owners.get(client) ?? state.user.principal;
			if (owner !== state.user.principal) throw new Error('One speaks for another.');
			owners.set(client, owner);
		}
	};
	for (const [who, update] of updates) {
		const [owner, actor] = people[who % 2]!;
		try {
			hear(room.receive(owner, actor, update, hear));
			note('presence taken');
		} catch (error) {
			if (!(error instanceof Error) || error instanceof TypeError || /speaks/.test(error.message))
				throw error;
			hear(room.leave(owner));
			note('presence undecodable');
		}
	}
	hear(room.everybody());
}

function statesIn(update: Uint8Array): { client: number; state: { user: { principal: string } } | null }[] {
	let at = 0;
	const readNumber = () => {
		for (let value = 0, scale = 1; ; scale *= 128) {
			const byte = update[at++]!;
			value += (byte & 127) * scale;
			if (byte < 128) return value;
		}
	};
	return Array.from({ length: readNumber() }, () => {
		const client = readNumber();
		readNumber();
		const length = readNumber();
		at += length;
		return { client, state: JSON.parse(Buffer.from(update.subarray(at - length, at)).toString()) };
	});
}

const FRAMES = [
	...LAYER.sent.map(updateFrame),
	Uint8Array.of(0, 0, 1, 0),
	Uint8Array.of(3),
	Uint8Array.of(100),
	encode((encoder) => {
		encoding.writeVarUint(encoder, 1);
		encoding.writeVarUint8Array(encoder, Uint8Array.of(0));
	})
];

/** By what is thrown at the server; `weight`: runs compared with the others. */
export const properties: Record<string, { weight: number; property: fc.IProperty<[never]> }> =
	Object.fromEntries(
		Object.entries({
			'any bytes as a frame': [2, fc.property(fc.uint8Array({ maxLength: 200 }), frame)],
			'frames with lies in them': [2, fc.property(mutated(FRAMES), frame)],
			'updates with lies in them, in a layer': [3, fc.property(mutated(LAYER.sent), inLayer)],
			'updates with lies in them, in the text': [1, fc.property(mutated(TEXT.sent), inText)],
			'well-formed updates that say anything, in a layer': [4, fc.property(crafted(LAYER), inLayer)],
			'well-formed updates that say anything, in the text': [2, fc.property(crafted(TEXT), inText)],
			'presence that says anything': [
				1,
				fc.property(fc.array(fc.tuple(fc.nat(1), presence), { maxLength: 6 }), present)
			],
			'presence with lies in it': [
				1,
				fc.property(
					fc.array(
						fc.tuple(
							fc.nat(1),
							presence.chain((real) => mutated([real]))
						),
						{ maxLength: 4 }
					),
					present
				)
			]
		}).map(([name, [weight, property]]) => [name, { weight, property } as never])
	);

/** Runs one of the properties so often. @throws with the bytes, as small as they get, of which it does not hold */
export function fuzz(name: string, runs: number, seed: number): void {
	const { weight, property } = properties[name]!;
	fc.assert(property, { numRuns: runs * weight, seed });
}

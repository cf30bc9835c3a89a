import { describe, expect, it, test } from 'vitest';
import {
	invalidKey,
	isAnnotationKey,
	isUtc,
	isUuid,
	isValid,
	LIMITS
} from '../../src/lib/domain/annotation.ts';
import type { Annotation, AnnotationKey } from '../../src/lib/domain/annotation.ts';
import { parseRoom } from '../../src/lib/domain/room.ts';
import { colorOf, isPrincipal } from '../../src/lib/domain/principal.ts';
import { ARTICLE, comment, NOON, reply, uuid } from './make.ts';

const stamp = { by: 'user:a', at: NOON };

test.each<[AnnotationKey, unknown[], unknown[]]>([
	['id', [uuid(1)], ['1', uuid(1).toUpperCase().replace('8', 'A'), `${uuid(1)}\n`]],
	['creator', ['user:a', 'guest:a-b_c'], ['a', 'user:', 'server', 'user:a b', `user:${'x'.repeat(100)}`]],
	[
		'created',
		[NOON, '2026-11-22T12:00:00Z'],
		['2026-11-22', '2026-11-22T12:00:00+01:00', '2026-13-01T00:00:00Z']
	],
	['motivation', ['commenting', 'replying'], ['liking', '', null]],
	['body', ['', 'x'.repeat(LIMITS.body)], ['x'.repeat(LIMITS.body + 1), 'a\0b', 'a\ud800', 1, null]],
	['start', [new Uint8Array(LIMITS.position)], [new Uint8Array(LIMITS.position + 1), [1], 'a']],
	['exact', ['a'], ['', 'x'.repeat(LIMITS.exact + 1)]],
	['prefix', ['', 'x'.repeat(LIMITS.context)], ['x'.repeat(LIMITS.context + 1)]],
	['from', [0, 7], [-1, 1.5, NaN, '1', 2 ** 60]],
	['status', ['open', 'resolved'], ['done', '']],
	[
		'resolution',
		[stamp, { ...stamp, reason: 'ok' }],
		[{ by: 'user:a' }, { ...stamp, more: 1 }, { ...stamp, reason: 1 }]
	],
	['deleted', [stamp], [true, { ...stamp, reason: 'x' }, { by: 'a', at: NOON }, []]],
	['decision', ['accepted', 'rejected'], ['maybe']],
	['tags', [[], ['a']], ['a', [1], Array(LIMITS.tags + 1).fill('a'), ['\0']]],
	[
		'check',
		[{}, { state: 'ok', n: [1, null, { a: false }] }],
		[[], 'x', { n: 1n }, { n: NaN }, { b: stamp.at.repeat(1000) }]
	],
	['check', [], [{ words: 'a\0' }, { '\0': 1 }, { bytes: new Uint8Array(1) }, { none: undefined }]]
])('[G1] what %s may hold', (key, good, bad) => {
	for (const value of good) expect(isValid(key, value), String(value)).toBe(true);
	for (const value of bad) expect(isValid(key, value), String(value).slice(0, 40)).toBe(false);
});

const quote = { exact: 'abc', prefix: '', suffix: 'd', from: 0, to: 3 };
test.each<[string, Annotation, AnnotationKey | null]>([
	['a note on the whole article', comment(), null],
	['a passage', comment(quote), null],
	[
		'a passage with relative positions',
		comment({ ...quote, start: new Uint8Array(1), end: new Uint8Array(1) }),
		null
	],
	['a reply', reply(), null],
	['no creator', comment({ creator: undefined as unknown as 'user:a' }), 'creator'],
	['an unknown key', { ...comment(), __proto: 1 } as Annotation, '__proto' as AnnotationKey],
	['a quote without offsets', comment({ exact: 'abc' }), 'exact'],
	['offsets that end before they begin', comment({ ...quote, from: 5, to: 4 }), 'to'],
	['relative positions without a quote', comment({ start: new Uint8Array(1) }), 'start'],
	['a reply with another motivation', reply({ motivation: 'commenting' }), 'motivation'],
	['a reply with an anchor', reply(quote), 'exact'],
	['replying to nothing', comment({ motivation: 'replying' }), 'replyTo']
])('[G1] a new annotation: %s', (_, annotation, key) => {
	expect(invalidKey(annotation)).toBe(key);
});

describe('words that others rely on', () => {
	it('knows its own keys only', () => {
		expect(isAnnotationKey('body')).toBe(true);
		for (const key of ['toString', '__proto__', 'Body', '']) expect(isAnnotationKey(key)).toBe(false);
	});
	it('takes UUIDs and UTC times only', () => {
		expect(isUuid(undefined)).toBe(false);
		expect(isUtc('2026-11-22T25:00:00Z')).toBe(false);
	});
	it('gives a person one colour everywhere', () => {
		expect(colorOf('user:a')).toBe(colorOf('user:a'));
		expect(colorOf('user:a')).toMatch(/^#[0-9a-f]{6}$/);
		expect(isPrincipal('guest:1')).toBe(true);
	});
	test.each<[string, unknown]>([
		[`${ARTICLE}/text`, { articleId: ARTICLE, kind: 'text' }],
		[`${ARTICLE}/layers/shared`, { articleId: ARTICLE, kind: 'layer', layer: 'shared' }],
		[`${ARTICLE}/layers/`, null],
		[`${ARTICLE}/layers/a/b`, null],
		[`${ARTICLE}/text/x`, null],
		['x/text', null]
	])('the room %s', (name, address) => expect(parseRoom(name)).toEqual(address));
});

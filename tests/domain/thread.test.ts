import { describe, expect, it, test } from 'vitest';
import type { Annotation } from '../../src/lib/domain/annotation.ts';
import {
	buildThreads,
	isOpen,
	KEEP_DELETED_DAYS,
	listed,
	listPurgeable,
	sortInText,
	type Filter,
	type RangeOf
} from '../../src/lib/domain/thread.ts';
import { comment, NOON, reply, uuid } from './make.ts';

const deleted = { by: 'user:annotator', at: NOON } as const;
const at = (minute: number) => `2026-11-22T12:${String(minute).padStart(2, '0')}:00.000Z`;
const shape = (annotations: Annotation[]) =>
	buildThreads(annotations).map(({ root, replies }) => [root.id, ...replies.map(({ id }) => id)]);

describe('threads', () => {
	it('are roots with their replies, oldest first, then by id', () => {
		const annotations = [
			reply({ id: uuid(5), created: at(3) }),
			comment({ id: uuid(9), created: at(0) }),
			reply({ id: uuid(4), created: at(3) }),
			reply({ id: uuid(6), created: at(2) }),
			comment({ created: at(1) })
		];
		expect(shape(annotations)).toEqual([[uuid(9)], [uuid(1), uuid(6), uuid(4), uuid(5)]]);
	});
	it('[G6] a deleted root with replies stays without its words; without them it vanishes', () => {
		const root = comment({ deleted, exact: 'the passage', from: 0, to: 11, tags: ['x'] });
		const [thread] = buildThreads([root, reply()]);
		expect(thread).toMatchObject({ removed: true, root: { exact: 'the passage', deleted } });
		expect(thread!.root).not.toHaveProperty('body');
		expect(thread!.root).not.toHaveProperty('tags');
		expect(root.body).toBe('Says who?');
		expect(buildThreads([root])).toEqual([]);
		expect(buildThreads([root, reply({ deleted })])).toEqual([]);
		expect(buildThreads([root], (id) => id === root.id)).toMatchObject([{ removed: true, replies: [] }]);
	});
	it('[G6] deleted replies vanish', () => {
		expect(shape([comment(), reply({ deleted }), reply({ id: uuid(3) })])).toEqual([[uuid(1), uuid(3)]]);
	});
	it('a reply to nothing is in no thread', () => expect(buildThreads([reply()])).toEqual([]));
});

it('threads stand as the article goes: notes on the whole, passages, orphans', () => {
	const ranges: Record<string, [number, number] | null> = {
		1: [50, 60],
		2: [50, 80],
		3: [10, 20],
		4: null,
		5: null
	};
	const passages = Object.entries(ranges).map(([id, range]) => {
		const [from, to] = range ?? [Number(id) * -1 + 100, 200];
		return comment({ id: uuid(Number(id)), exact: 'x', from, to });
	});
	const asked: string[] = [];
	const rangeOf: RangeOf = ({ id }) => {
		asked.push(id);
		const range = ranges[Number(id.slice(-1))];
		return range ? { from: range[0], to: range[1] } : null;
	};
	const threads = sortInText(buildThreads([...passages, comment({ id: uuid(6) })]), rangeOf);
	expect(threads.map(({ root }) => Number(root.id.slice(-1)))).toEqual([6, 3, 2, 1, 5, 4]);
	expect(new Set(asked).size).toBe(asked.length);
});

test.each<[string, Partial<Annotation>, Partial<Annotation>[], boolean]>([
	['a comment', {}, [], true],
	['a comment, reopened', { status: 'open' }, [], true],
	['a comment, resolved', { status: 'resolved' }, [], false],
	['a comment without words', { body: undefined }, [], true],
	['a bare highlight', { motivation: 'highlighting', body: undefined }, [], false],
	['a highlight with an empty body', { motivation: 'highlighting', body: '' }, [], false],
	['a highlight with words', { motivation: 'highlighting' }, [], true],
	['a highlight with a reply', { motivation: 'highlighting', body: undefined }, [{}], true],
	['a highlight with a deleted reply', { motivation: 'highlighting', body: undefined }, [{ deleted }], false],
	['a removed root with a reply', { deleted }, [{}], false]
])('%s is open: %#', (_, root, replies, open) => {
	const [thread] = buildThreads([comment(root), ...replies.map((more) => reply(more))]);
	expect(isOpen(thread!)).toBe(open);
});

test.each<[Filter, number[]]>([
	[{}, [1, 2, 3, 4]],
	[{ status: 'open' }, [1, 2]],
	[{ status: 'resolved' }, [3, 4]],
	[{ label: 'legal' }, [3, 4]],
	[{ label: 'style' }, []],
	[{ creator: 'user:b' }, [2, 3]],
	[{ creator: 'user:b', status: 'resolved' }, [3]]
])('the list of %j', (filter, ids) => {
	const threads = buildThreads([
		comment(),
		reply({ creator: 'user:b' }),
		comment({ id: uuid(3), creator: 'user:b', label: 'legal', status: 'resolved' }),
		reply({ id: uuid(4), replyTo: uuid(3) })
	]);
	expect(listed(threads, filter).map(({ id }) => Number(id.slice(-1)))).toEqual(ids);
});

describe('[G6] what stayed deleted for long is purged', () => {
	const now = Date.parse(NOON) + KEEP_DELETED_DAYS * 24 * 60 * 60 * 1000 + 1;
	const late = { by: 'user:annotator', at: new Date(now - 1000).toISOString() } as const;

	it.each<[string, Annotation[], string[]]>([
		['a root alone', [comment({ deleted })], [uuid(1)]],
		['not one that was deleted lately', [comment({ deleted: late })], []],
		['not one that is there', [comment()], []],
		['a root stays while a reply does', [comment({ deleted }), reply()], []],
		['and while its reply can be taken back', [comment({ deleted }), reply({ deleted: late })], []],
		['a reply alone', [comment(), reply({ deleted })], [uuid(2)]],
		['a root with all its replies', [comment({ deleted }), reply({ deleted })], [uuid(1), uuid(2)]]
	])('%s', (_, annotations, expected) => expect(listPurgeable(annotations, now)).toEqual(expected));

	it('not a moment too early', () => expect(listPurgeable([comment({ deleted })], now - 1)).toEqual([]));
});

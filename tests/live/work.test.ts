import { describe, expect, test } from 'vitest';
import { FIRST_LABELS } from '../../src/lib/domain/labels.ts';
import { mark, reply, setLabel, type By } from '../../src/lib/live/actions.ts';
import * as work from '../../src/lib/live/work.ts';
import type { Action, Work } from '../../src/lib/live/work.ts';

const action = (title: string): Action => ({ id: title, title, words: '', changes: [] });
const [a, b, c] = [action('a'), action('b'), action('c')];
const titles = (list: Work[]) =>
	list.map((one) => `${one.action.title}${one.done ? '' : '?'}${one.frame ?? ''}`);

describe('work that is not known to be stored', () => {
	test('each piece goes with the frame that carried it, and leaves when that is stored', () => {
		let list = [work.done(a)];
		list = work.sentIn(list, 2);
		list = work.sentIn([...list, work.done(b)], 3);
		expect(titles(list)).toEqual(['a2', 'b3']);
		expect(titles(work.storedUpTo(list, 2))).toEqual(['b3']);
		expect(work.storedUpTo(list, 3)).toEqual([]);
	});

	test('what was done offline goes with the first step of the next connection', () => {
		const list = work.sentIn([work.done(a), work.done(b)], 1);
		expect(titles(list)).toEqual(['a1', 'b1']);
	});

	test('a connection that ends takes back what it had not stored', () => {
		const list = work.unsent(work.sentIn([work.done(a)], 5));
		expect(titles(list)).toEqual(['a']);
		expect(work.storedUpTo(list, 9)).toEqual(list);
	});

	test('[G13] after a refusal of several, each waits for a turn of its own', () => {
		const { refused, work: list } = work.afterRefusal([work.done(a), work.done(b)]);
		expect(refused).toBeNull();
		expect(titles(list)).toEqual(['a?', 'b?']);
		expect(work.nextOf(list)).toBe(a);
	});

	test('[G13] while one is tried, none follows; refused alone, it is the one', () => {
		const list = [work.done(a), work.waiting(b), work.waiting(c)];
		expect(work.nextOf(list)).toBeNull();
		const { refused, work: rest } = work.afterRefusal(list);
		expect(refused).toBe(a);
		expect(titles(rest)).toEqual(['b?', 'c?']);
	});

	test('what waits is not sent with the frames of others', () => {
		expect(titles(work.sentIn([work.done(a), work.waiting(b)], 4))).toEqual(['a4', 'b?']);
	});
});

describe('whether it is there already', () => {
	const by: By = { principal: 'user:ada', now: '2026-11-22T10:00:00Z', id: () => crypto.randomUUID() };
	const start = Uint8Array.of(1, 2, 250);
	const root = mark(
		by,
		{ exact: 'x', prefix: '', suffix: '', from: 0, to: 1, start, end: start },
		{ motivation: 'commenting', body: 'Who?' }
	);
	const stored = root.changes[0]!.kind === 'add' ? root.changes[0]!.after : null;

	test('a new one that is', () => expect(work.isThere(() => stored!, root)).toBe(true));
	test('a new one that is not', () => expect(work.isThere(() => undefined, root)).toBe(false));
	test('a value that stands', () => {
		const label = setLabel(
			by,
			stored!,
			FIRST_LABELS.find(({ id }) => id === 'legal')
		);
		expect(work.isThere(() => ({ ...stored!, label: 'legal' }), label)).toBe(true);
		expect(work.isThere(() => stored!, label)).toBe(false);
	});

	test('an action survives storage, bytes and removed keys too', () => {
		const label = setLabel(by, { ...stored!, label: 'legal' }, undefined);
		for (const one of [root, label, reply(by, stored!, 'So.')]) {
			const back = work.decode(work.encode(one)) as Action;
			expect(work.encode(back)).toBe(work.encode(one));
		}
		const back = work.decode(work.encode(root)) as Action;
		expect(back.changes[0]).toMatchObject({ after: { start } });
	});
});

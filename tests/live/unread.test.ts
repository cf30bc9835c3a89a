import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Annotation } from '../../src/lib/domain/annotation.ts';
import { byId, doneByOthers } from '../../src/lib/live/others.ts';
import { ReadMarks } from '../../src/lib/live/read-marks.ts';

const ME = 'user:me';
const NOW = '2026-11-22T10:00:00Z';
const annotation = (id: string, more: Partial<Annotation> = {}): Annotation => ({
	id,
	creator: 'user:ada',
	created: NOW,
	motivation: 'commenting',
	body: 'Who says so?',
	status: 'open',
	...more
});

describe('what others have done', () => {
	const mine = annotation('mine', { creator: ME });
	const hers = annotation('hers');
	const deleted = { by: 'user:ada', at: NOW } as const;
	const resolved = (by: 'user:ada' | typeof ME) => ({
		status: 'resolved' as const,
		resolution: { by, at: NOW }
	});
	const since = (now: Annotation[], touched: string[] = []) =>
		doneByOthers(byId([mine, hers]), now, ME, new Set(touched)).map(
			({ annotation, what }) => `${annotation.id} ${what}`
		);

	test.each<[name: string, now: Annotation[], done: string[]]>([
		['nothing', [mine, hers], []],
		['nothing, read anew', [{ ...mine }, { ...hers }], []],
		[
			'a comment and a reply',
			[annotation('c'), annotation('r', { replyTo: 'mine' })],
			['c added', 'r added']
		],
		['what I add myself, here or elsewhere', [annotation('c', { creator: ME })], []],
		['a comment that is gone already', [annotation('c', { deleted })], []],
		['her words', [{ ...hers, body: 'Who?' }], ['hers reworded']],
		['my words, from another window', [{ ...mine, body: 'Who?' }], []],
		['mine settled by her', [{ ...mine, ...resolved('user:ada') }], ['mine resolved']],
		['hers settled by me elsewhere', [{ ...hers, ...resolved(ME) }], []],
		['mine given to somebody', [{ ...mine, assignee: 'user:ada' }], ['mine assigned']],
		['a label', [{ ...hers, label: 'legal' }], []],
		['hers deleted', [{ ...hers, deleted }], ['hers removed']],
		['hers deleted by me elsewhere', [{ ...hers, deleted: { by: ME, at: NOW } }], []]
	])('%s', (_name, now, done) => expect(since(now)).toEqual(done));

	test('opened again by others, and by me', () => {
		const settled = { ...hers, ...resolved('user:ada') };
		const told = (touched: string[]) => doneByOthers(byId([settled]), [hers], ME, new Set(touched));
		expect(told([]).map(({ what }) => what)).toEqual(['reopened']);
		expect(told(['hers'])).toEqual([]);
	});

	test('what was deleted and comes back is new', () => {
		const back = doneByOthers(byId([{ ...hers, deleted }]), [hers], ME, new Set());
		expect(back.map(({ what }) => what)).toEqual(['added']);
	});
});

describe('what is read', () => {
	let told: unknown[];
	let answer: () => Promise<Response>;
	const done = () => Promise.resolve(new Response(null, { status: 204 }));
	let page: EventTarget;
	let kept: Map<string, string>;
	beforeEach(() => {
		vi.useFakeTimers();
		page = new EventTarget();
		kept = new Map();
		vi.stubGlobal('document', new EventTarget());
		vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
		vi.stubGlobal('localStorage', {
			getItem: (key: string) => kept.get(key) ?? null,
			setItem: (key: string, value: string) => kept.set(key, value),
			removeItem: (key: string) => kept.delete(key)
		});
		told = [];
		answer = done;
		vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
			told.push([url, JSON.parse(String(init.body)), init.keepalive]);
			return answer();
		});
	});
	afterEach(() => {
		vi.useRealTimers();
		vi.unstubAllGlobals();
	});
	const READ = '/api/v1/articles/a/read';

	test('is told a little later, all at once', async () => {
		const marks = new ReadMarks(ME, 'a');
		marks.add('1');
		marks.add('2');
		marks.add('1');
		expect(told).toEqual([]);
		await vi.runAllTimersAsync();
		expect(told).toEqual([[READ, { threads: ['1', '2'] }, true]]);
		marks.addAll();
		await vi.runAllTimersAsync();
		expect(told[1]).toEqual([READ, { all: true }, true]);
		marks.close();
		expect(told).toHaveLength(2);
	});

	test('is told on leaving, without waiting', () => {
		const marks = new ReadMarks('guest:g', 'a');
		marks.add('1');
		marks.close();
		expect(told).toEqual([[`${READ}?as=guest%3Ag`, { threads: ['1'] }, true]]);
	});

	test('is kept while it cannot be told, over leaving too, and told as of when it was read', async () => {
		vi.setSystemTime(NOW);
		answer = () => Promise.reject(new Error('offline'));
		const before = new ReadMarks(ME, 'a');
		before.add('1');
		await vi.runAllTimersAsync();
		before.close();
		await vi.runAllTimersAsync();
		answer = done;
		told = [];
		vi.setSystemTime('2026-11-23T10:00:00Z');
		const after = new ReadMarks(ME, 'a');
		after.add('2');
		page.dispatchEvent(new Event('online'));
		await vi.runAllTimersAsync();
		expect(told).toEqual([
			[READ, { threads: ['1'], at: expect.stringMatching(/^2026-11-22T10:00/) }, true],
			[READ, { threads: ['2'] }, true]
		]);
		expect(kept.size).toBe(0);
		after.close();
	});

	test('is new again only once what was read is told', async () => {
		const marks = new ReadMarks(ME, 'a');
		marks.add('1');
		marks.add('2');
		expect(await marks.putBack('1')).toBe(true);
		expect(told).toEqual([
			[READ, { threads: ['2'] }, true],
			['/api/v1/articles/a/unread', { threads: ['1'] }, undefined]
		]);
		answer = () => Promise.reject(new Error('offline'));
		expect(await marks.putBack('1')).toBe(false);
		marks.close();
	});

	test('is not told later, either, where something new has come since', async () => {
		answer = () => Promise.reject(new Error('offline'));
		const marks = new ReadMarks(ME, 'a');
		marks.add('1');
		await vi.runAllTimersAsync();
		expect(marks.has('1')).toBe(true);
		marks.forget('1');
		expect(marks.has('1')).toBe(false);
		expect(kept.size).toBe(0);
		marks.close();
	});

	test('is not told where something new has come since', async () => {
		const marks = new ReadMarks(ME, 'a');
		marks.add('1');
		marks.forget('1');
		await vi.runAllTimersAsync();
		expect(told).toEqual([]);
		marks.close();
	});
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { busyIn, leadsTo, NEW, presentIn, Presence } from '../../src/lib/live/presence.svelte.ts';
import { Reading } from '../../src/lib/live/reading.ts';

const user = (name: string) => ({ name, principal: `user:${name.toLowerCase()}` as const, color: '#006a5b' });
const states = (...all: Record<string, unknown>[]) => new Map(all.map((state, client) => [client, state]));
const nothing = { placed: false, view: null, idle: false, follows: null };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('one entry a person, whatever their tabs; by name', () => {
	const cursor = { anchor: {}, head: {} };
	expect(
		presentIn(
			states({ user: user('Vera') }, { user: user('Ada'), cursor: null }, { user: user('Ada'), cursor })
		)
	).toEqual([
		{ ...user('Ada'), ...nothing, placed: true },
		{ ...user('Vera'), ...nothing }
	]);
});

test('of several tabs, the one that is used says where somebody is', () => {
	const hidden = { user: user('Ada'), view: { from: 0, to: 10 }, idle: true };
	const used = { user: user('Ada'), view: { from: 50, to: 90 }, idle: false };
	for (const tabs of [states(hidden, used), states(used, hidden)])
		expect(presentIn(tabs)).toMatchObject([{ view: { from: 50, to: 90 }, idle: false }]);
	expect(presentIn(states(hidden))).toMatchObject([{ view: { from: 0, to: 10 }, idle: true }]);
});

test('a state without a person, or with something else for one, is passed over', () => {
	const none = states(
		{},
		{ user: null },
		{ user: { name: 'Eve', principal: 'eve', color: '#000000' } },
		{ user: { name: 7, principal: 'user:eve', color: '#000000' } }
	);
	expect(presentIn(none)).toEqual([]);
	expect(busyIn(none)).toEqual([]);
});

test('what other programs show of a place and of threads is believed only where it can be one', () => {
	const odd = { view: { from: 9, to: 3 }, idle: 'yes', follows: 'eve', open: 7, writing: 'x'.repeat(101) };
	const state = states({ user: user('Ada'), ...odd });
	expect(presentIn(state)).toEqual([{ ...user('Ada'), ...nothing }]);
	expect(busyIn(state)).toEqual([{ ...user('Ada'), open: null, writing: null }]);
	expect(busyIn(states({ user: user('Ada'), open: null, writing: NEW }))).toMatchObject([{ writing: NEW }]);
});

test('nobody follows somebody who follows them, not by way of others either, and a ring of others ends', () => {
	const follows = (name: string, whom: string | null) => ({
		...user(name),
		...nothing,
		follows: whom === null ? null : (`user:${whom}` as const)
	});
	const people = [follows('Ann', 'ben'), follows('Ben', 'cleo'), follows('Cleo', null)];
	expect(leadsTo(people, 'user:ann', 'user:cleo')).toBe(true);
	expect(leadsTo(people, 'user:cleo', 'user:ann')).toBe(false);
	const ring = [follows('Ann', 'ben'), follows('Ben', 'ann')];
	expect(leadsTo(ring, 'user:ann', 'user:cleo')).toBe(false);
});

test('what one shows is told at once, then a few times a second at most, and only what has changed', () => {
	const told: unknown[] = [];
	let local: Record<string, unknown> | null = { user: 'me' };
	const presence = new Presence(
		{
			getStates: () => new Map(),
			getLocalState: () => local,
			setLocalState: (state) => {
				local = state;
				told.push(state);
			},
			on: () => {},
			off: () => {}
		},
		presentIn
	);
	for (let to = 1; to <= 20; to++) presence.show({ view: { from: 0, to } });
	presence.show({ idle: true });
	expect(told).toEqual([{ user: 'me', view: { from: 0, to: 1 } }]);
	vi.advanceTimersByTime(250);
	expect(told).toHaveLength(2);
	expect(local).toEqual({ user: 'me', view: { from: 0, to: 20 }, idle: true });
	vi.advanceTimersByTime(1000);
	presence.show({ idle: true });
	expect(told).toHaveLength(2);
	// whoever has left shows nothing any more
	local = null;
	presence.show({ idle: false });
	expect(told).toHaveLength(2);
});

test('what one has looked at for a moment counts as read; it is told every ten seconds, and when one leaves', () => {
	const told: number[] = [];
	const reading = new Reading((to) => told.push(to));
	// scrolled past, and gone
	reading.saw(1);
	vi.advanceTimersByTime(1000);
	reading.saw(0.2);
	vi.advanceTimersByTime(500);
	expect(told).toEqual([0.2]);
	// slowly on
	for (const to of [0.3, 0.4, 0.5]) {
		reading.saw(to);
		vi.advanceTimersByTime(1000);
	}
	vi.advanceTimersByTime(6000);
	expect(told).toEqual([0.2]);
	vi.advanceTimersByTime(1000);
	expect(told).toEqual([0.2, 0.5]);
	reading.saw(null);
	vi.advanceTimersByTime(20_000);
	expect(told).toEqual([0.2, 0.5]);
	reading.saw(0.7);
	vi.advanceTimersByTime(1500);
	reading.saw(0.75);
	vi.advanceTimersByTime(1500);
	expect(told).toEqual([0.2, 0.5, 0.7]);
	reading.stop();
	expect(told).toEqual([0.2, 0.5, 0.7, 0.75]);
	vi.advanceTimersByTime(20_000);
	expect(told).toHaveLength(4);
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { heedClock, serverNow } from '../../src/lib/live/clock.ts';

const TRUE = Date.parse('2026-11-22T10:00:00Z');
const answer = (at: number) => new Response(null, { headers: { date: new Date(at).toUTCString() } });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test.each([
	['an hour ahead', 3_600_000],
	['a day behind', -86_400_000]
])('[G3] on a machine whose clock is %s, the server’s time counts', (_how, by) => {
	vi.setSystemTime(TRUE + by);
	heedClock(answer(TRUE));
	vi.advanceTimersByTime(5000);
	expect(serverNow()).toBe(TRUE + 5000);
});

test('seconds on the way are no difference, and an answer without a date says nothing', () => {
	vi.setSystemTime(TRUE + 2000);
	heedClock(answer(TRUE));
	heedClock(new Response());
	expect(serverNow()).toBe(TRUE + 2000);
});

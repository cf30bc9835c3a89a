import { expect, test } from 'vitest';
import { formatDate, timeAgo } from '../../src/lib/components/dates.ts';

test('a day is the same day in every time zone', () => {
	for (const zone of ['Pacific/Auckland', 'UTC', 'America/Los_Angeles'])
		expect(formatDate('2026-05-11', 'minute', zone)).toBe('11 May 2026');
});

test('a moment is shown in the time zone of the reader', () => {
	expect(formatDate('2026-05-11T23:30:00.000Z', 'minute', 'Europe/Berlin')).toBe('12 May 2026, 01:30');
	expect(formatDate('2026-05-11T23:30:00.000Z', 'day', 'America/New_York')).toBe('11 May 2026');
	expect(formatDate('2026-05-11T23:30:00.000Z', 'whole', 'UTC')).toContain('Monday');
});

test('a date in words stays as it was written', () => {
	for (const words of ['Monday night', '', 'May 2026', '2026-13-45'])
		expect(formatDate(words, 'day')).toBe(words);
});

test('how long ago, in words, until it is better told as a date', () => {
	const now = Date.parse('2026-11-22T12:00:00Z');
	const ago = (ms: number) => timeAgo(new Date(now - ms).toISOString(), now, 'UTC');
	const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
	expect(ago(30_000)).toBe('just now');
	expect(ago(-minute)).toBe('just now');
	expect(ago(minute)).toBe('1 minute ago');
	expect(ago(2.9 * hour)).toBe('2 hours ago');
	expect(ago(day)).toBe('yesterday');
	expect(ago(6 * day)).toBe('6 days ago');
	expect(ago(7 * day)).toBe('15 Nov 2026');
});

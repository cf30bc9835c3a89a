import { expect, test } from 'vitest';
import { formatDate } from '../../src/lib/components/dates.ts';

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

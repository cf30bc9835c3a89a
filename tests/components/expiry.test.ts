import { expect, test } from 'vitest';
import { dayOf, endOf, stateOf } from '../../src/lib/components/expiry.ts';

const at = (text: string) => new Date(text);
/** In the clock of this machine, as people choose. */
const here = (iso: string | null) => {
	const date = at(iso!);
	return `${dayOf(date)} ${date.getHours()}:${date.getMinutes()}`;
};

test('an end is chosen from now, by the calendar', () => {
	const now = at('2026-01-31T10:30:00');
	expect(endOf('never', '', now)).toBeNull();
	expect(here(endOf('day', '', now))).toBe('2026-02-01 10:30');
	expect(here(endOf('week', '', now))).toBe('2026-02-07 10:30');
	expect(here(endOf('month', '', now))).toBe('2026-02-28 10:30');
	expect(here(endOf('month', '', at('2026-11-22T10:30:00')))).toBe('2026-12-22 10:30');
});

test('a chosen day counts to its end; without one there is none', () => {
	const now = at('2026-11-22T10:30:00');
	expect(here(endOf('date', '2026-11-30', now))).toBe('2026-11-30 23:59');
	expect(endOf('date', '', now)).toBeNull();
});

test('a link is open until it ends or is revoked', () => {
	const now = Date.parse('2026-11-22T12:00:00Z');
	const link = (expiresAt: string | null, revokedAt: string | null = null) => ({ expiresAt, revokedAt });
	expect(stateOf(link(null), now)).toBe('open');
	expect(stateOf(link('2026-11-22T12:00:01Z'), now)).toBe('open');
	expect(stateOf(link('2026-11-22T12:00:00Z'), now)).toBe('expired');
	expect(stateOf(link('2026-11-21T12:00:00Z', '2026-11-20T12:00:00Z'), now)).toBe('revoked');
});

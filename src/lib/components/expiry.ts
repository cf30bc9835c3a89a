/** When a review link ends, as it is chosen in the share dialog. */

export const EXPIRIES = {
	never: 'It is revoked',
	day: 'Tomorrow, this time',
	week: 'A week from now',
	month: 'A month from now',
	date: 'The end of a day …'
} as const;
export type Expiry = keyof typeof EXPIRIES;

/**
 * @param date the chosen day, `2026-11-30`; '' where none is chosen yet
 * @returns ISO time; null: it does not end by itself
 */
export function endOf(expiry: Expiry, date: string, now: Date): string | null {
	if (expiry === 'never') return null;
	const at = new Date(now);
	if (expiry === 'day') at.setDate(at.getDate() + 1);
	if (expiry === 'week') at.setDate(at.getDate() + 7);
	if (expiry === 'month') {
		at.setMonth(at.getMonth() + 1);
		// the 31st of a month that has none: its last day
		if (at.getDate() < now.getDate()) at.setDate(0);
	}
	if (expiry === 'date') {
		if (date === '') return null;
		const [year, month, day] = date.split('-').map(Number) as [number, number, number];
		return new Date(year, month - 1, day, 23, 59, 59).toISOString();
	}
	return at.toISOString();
}

/** The reader's day, as a date field writes it. */
export function dayOf(at: Date): string {
	const two = (value: number) => String(value).padStart(2, '0');
	return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

export type LinkState = 'open' | 'expired' | 'revoked';

/** Whether a link still opens its article. @param now ms */
export function stateOf(
	link: { expiresAt: string | null; revokedAt: string | null },
	now: number
): LinkState {
	if (link.revokedAt) return 'revoked';
	return link.expiresAt && Date.parse(link.expiresAt) <= now ? 'expired' : 'open';
}

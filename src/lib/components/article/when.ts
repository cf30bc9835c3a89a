/** When something was written, as short as it can be told: a time today, a day and time this year, else a date. */
export function shortTime(iso: string, now: Date, timeZone?: string): string {
	const at = new Date(iso);
	if (Number.isNaN(at.getTime())) return '';
	const form = (options: Intl.DateTimeFormatOptions, date: Date) =>
		new Intl.DateTimeFormat('en-GB', { timeZone, ...options }).format(date);
	const day = (date: Date) => form({ dateStyle: 'short' }, date);
	const year = (date: Date) => form({ year: 'numeric' }, date);
	if (day(at) === day(now)) return form({ hour: '2-digit', minute: '2-digit' }, at);
	if (year(at) === year(now))
		return form({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }, at);
	return form({ day: 'numeric', month: 'short', year: 'numeric' }, at);
}

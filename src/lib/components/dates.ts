/** Dates for people: day before month, so that nobody reads the two the wrong way round. */
const DAY: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' };
const MINUTE: Intl.DateTimeFormatOptions = { ...DAY, hour: '2-digit', minute: '2-digit' };
const WHOLE: Intl.DateTimeFormatOptions = { dateStyle: 'full', timeStyle: 'long' };

const isDay = (value: string) => /^\d{4}-\d\d-\d\d$/.test(value);

/**
 * @param value an ISO 8601 day (`2026-05-11`, the same everywhere) or moment (shown in the reader's time zone)
 * @returns the value itself when it is no date: an article's date may be any words
 */
export function formatDate(value: string, style: 'day' | 'minute' | 'whole', timeZone?: string): string {
	const at = Date.parse(value);
	if (!/^\d{4}-\d\d-\d\d/.test(value) || Number.isNaN(at)) return value;
	const zone = isDay(value) ? 'UTC' : timeZone;
	const options = isDay(value) ? DAY : { day: DAY, minute: MINUTE, whole: WHOLE }[style];
	return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone }).format(at);
}

const AGO = new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto' });
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * "2 hours ago", "yesterday"; the date once it is more than a week. A clock that runs behind does not see the future.
 * @param value an ISO 8601 moment
 * @param now ms
 */
export function timeAgo(value: string, now: number, timeZone?: string): string {
	const past = Math.max(0, now - Date.parse(value));
	if (past < MINUTE_MS) return 'just now';
	if (past < HOUR_MS) return AGO.format(-Math.floor(past / MINUTE_MS), 'minute');
	if (past < DAY_MS) return AGO.format(-Math.floor(past / HOUR_MS), 'hour');
	if (past < 7 * DAY_MS) return AGO.format(-Math.floor(past / DAY_MS), 'day');
	return formatDate(value, 'day', timeZone);
}

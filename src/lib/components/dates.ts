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

/** When something was written, as short as it can be told. */

const CLOCK: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };
const FORMS = {
	day: { day: 'numeric', month: 'short', year: 'numeric' },
	year: { year: 'numeric' },
	time: CLOCK,
	whole: { dateStyle: 'full', timeStyle: 'long' },
	dayAndTime: { day: 'numeric', month: 'short', ...CLOCK }
} satisfies Record<string, Intl.DateTimeFormatOptions>;

// a formatter costs a hundred times what formatting does
const formatters = new Map<string, Intl.DateTimeFormat>();

function format(form: keyof typeof FORMS, date: Date, timeZone?: string): string {
	const key = `${form} ${timeZone}`;
	let formatter = formatters.get(key);
	if (!formatter)
		formatters.set(key, (formatter = new Intl.DateTimeFormat('en-GB', { timeZone, ...FORMS[form] })));
	return formatter.format(date);
}

/** A time today, a day and time this year, else a date; '' for what is no date. */
export function shortTime(iso: string, now: Date, timeZone?: string): string {
	const at = new Date(iso);
	if (Number.isNaN(at.getTime())) return '';
	const same = (form: 'day' | 'year') => format(form, at, timeZone) === format(form, now, timeZone);
	if (same('day')) return format('time', at, timeZone);
	return format(same('year') ? 'dayAndTime' : 'day', at, timeZone);
}

/** All of it, for who wants to know. */
export function wholeTime(iso: string, timeZone?: string): string {
	const at = new Date(iso);
	return Number.isNaN(at.getTime()) ? '' : format('whole', at, timeZone);
}

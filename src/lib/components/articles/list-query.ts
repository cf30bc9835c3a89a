/** What the list of articles shows, as its address says it: the address is all its state. */

export const SORTS = {
	activity: 'Latest activity',
	created: 'Newest',
	title: 'Title',
	open: 'Most to settle',
	unread: 'Most unread'
} as const;
export type Sort = keyof typeof SORTS;

export interface ListQuery {
	/** null: all of them */
	status: 'open' | 'finished' | null;
	/** with something new in them */
	unread: boolean;
	/** with something new that mentions the reader */
	mentioned: boolean;
	/** with an open thread that is assigned to the reader */
	mine: boolean;
	/** words of the title, outlet or byline */
	text: string;
	sort: Sort;
	/** how many at most */
	shown: number;
}

/** how many "Show more" brings */
export const STEP = 30;
/** what the API answers at once, at most */
const PAGE = 100;
const MOST = 1000;

export const EVERYTHING: ListQuery = {
	status: null,
	unread: false,
	mentioned: false,
	mine: false,
	text: '',
	sort: 'activity',
	shown: STEP
};

const isSort = (value: string | null): value is Sort => value !== null && Object.hasOwn(SORTS, value);

/** What an address means; what it cannot mean is passed over. */
export function parseListQuery(params: URLSearchParams): ListQuery {
	const status = params.get('status');
	const sort = params.get('sort');
	const shown = Math.floor(Number(params.get('shown')));
	return {
		status: status === 'open' || status === 'finished' ? status : null,
		unread: params.get('unread') === 'true',
		mentioned: params.get('mentions') === 'me',
		mine: params.get('assigned') === 'me',
		text: params.get('text')?.trim().slice(0, 200) ?? '',
		sort: isSort(sort) ? sort : EVERYTHING.sort,
		shown: shown > STEP ? Math.min(shown, MOST) : STEP
	};
}

const filtersOf = ({ status, unread, mentioned, mine, text }: ListQuery): [string, string][] => [
	...(status ? [['status', status] as [string, string]] : []),
	...(unread ? [['unread', 'true'] as [string, string]] : []),
	...(mentioned ? [['mentions', 'me'] as [string, string]] : []),
	...(mine ? [['assigned', 'me'] as [string, string]] : []),
	...(text ? [['text', text] as [string, string]] : [])
];

/** Whether it leaves articles out. */
export const isNarrowed = (query: ListQuery): boolean => filtersOf(query).length > 0;

/** The address that means it, as short as it can be said: `/articles?status=open`. */
export function addressOf(query: ListQuery): string {
	const said = new URLSearchParams(filtersOf(query));
	if (query.sort !== EVERYTHING.sort) said.set('sort', query.sort);
	if (query.shown !== STEP) said.set('shown', String(query.shown));
	return said.size > 0 ? `/articles?${said}` : '/articles';
}

/** The call of the API for the next of them, when it has answered `have` and the cursor `next`. */
export function callFor(query: ListQuery, have: number, next: string | null): string {
	const said = new URLSearchParams(filtersOf(query));
	said.set('sort', query.sort);
	said.set('limit', String(Math.min(PAGE, query.shown - have)));
	if (next) said.set('cursor', next);
	return `/articles?${said}`;
}

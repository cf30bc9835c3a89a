/** Which threads are shown. It lives in the URL, so that a view can be sent to somebody. */
import type { Thread } from '#lib/domain/thread.ts';

export interface Filter {
	status: 'open' | 'resolved' | 'all';
	/** principal */
	by: string | null;
	/** id of a label */
	label: string | null;
}

export function parseFilter(search: URLSearchParams): Filter {
	const status = search.get('status');
	return {
		status: status === 'resolved' || status === 'all' ? status : 'open',
		by: search.get('by'),
		label: search.get('label')
	};
}

/** The search part of the URL, with what else stood in it. */
export function withFilter(search: URLSearchParams, { status, by, label }: Filter): string {
	const next = new URLSearchParams(search);
	const put = (key: string, value: string | null) =>
		value === null ? next.delete(key) : next.set(key, value);
	put('status', status === 'open' ? null : status);
	put('by', by);
	put('label', label);
	return next.size > 0 ? `?${next}` : '';
}

export const isResolved = ({ root }: Thread): boolean => root.status === 'resolved';

export function passes({ status, by, label }: Filter, thread: Thread): boolean {
	if (status !== 'all' && isResolved(thread) !== (status === 'resolved')) return false;
	if (label !== null && thread.root.label !== label) return false;
	if (by === null) return true;
	return [thread.root, ...thread.replies].some((one) => one.creator === by);
}

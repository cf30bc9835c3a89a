import { expect, test } from 'vitest';
import { cardName } from '../../../src/lib/components/article/thread/card-name.ts';
import type { Annotation } from '../../../src/lib/domain/annotation.ts';

const annotation = (more: Partial<Annotation> = {}): Annotation => ({
	id: '1',
	creator: 'user:ada',
	created: '2026-11-22T10:00:00Z',
	motivation: 'commenting',
	body: 'Who says so?',
	...more
});
const nameOf = (
	more: Partial<Annotation>,
	{ replies = 0, removed = false, label = '', unread = false } = {}
) =>
	cardName(
		{ root: annotation(more), replies: Array.from({ length: replies }, () => annotation()), removed },
		{ by: 'Ada', label, unread }
	);

test('a card is called what is seen of it at a glance', () => {
	expect(nameOf({ exact: 'bridge' })).toBe('Comment by Ada on “bridge”');
	expect(nameOf({})).toBe('Note by Ada on the whole article');
	expect(nameOf({ exact: 'bridge', motivation: 'questioning' })).toBe('Question by Ada on “bridge”');
	expect(nameOf({ exact: 'bridge', motivation: 'highlighting', body: undefined }, { label: 'Legal' })).toBe(
		'Highlight by Ada on “bridge”, Legal'
	);
	expect(nameOf({ exact: 'x'.repeat(90) })).toBe(`Comment by Ada on “${'x'.repeat(60)}…”`);
	expect(nameOf({ exact: 'bridge', status: 'resolved' }, { replies: 2, label: 'Style', unread: true })).toBe(
		'Comment by Ada on “bridge”, Style, 2 replies, resolved, unread'
	);
	expect(nameOf({ exact: 'bridge', body: undefined }, { replies: 1, removed: true })).toBe(
		'Removed comment by Ada on “bridge”, 1 reply'
	);
});

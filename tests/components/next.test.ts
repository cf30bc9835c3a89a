import { expect, test } from 'vitest';
import { safeNext } from '../../src/lib/components/next.ts';

test('signing in leads back to a page of this site', () => {
	expect(safeNext('/articles/1?status=open#annotation-2')).toBe('/articles/1?status=open#annotation-2');
	expect(safeNext('/people')).toBe('/people');
});

test.each([
	null,
	'',
	'people',
	'//evil.example',
	'/\\evil.example',
	'/\t/evil.example',
	'https://evil.example/articles',
	'javascript:alert(1)'
])('signing in leads nowhere else: %j', (next) => {
	expect(safeNext(next)).toBe('/articles');
});

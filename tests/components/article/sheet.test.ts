import { expect, test } from 'vitest';
import { scrollFor, swipeOf } from '../../../src/lib/components/article/margin/sheet.ts';

test('a swipe is long and straight', () => {
	expect(swipeOf(-80, 10)).toBe('left');
	expect(swipeOf(80, -10)).toBe('right');
	expect(swipeOf(5, 90)).toBe('down');
	expect(swipeOf(-80, 60)).toBeNull();
	expect(swipeOf(-20, 0)).toBeNull();
});

test('the page scrolls so far that the sheet does not cover the passage', () => {
	expect(scrollFor({ top: 100, bottom: 130 }, 400, 72)).toBe(0);
	expect(scrollFor({ top: 500, bottom: 530 }, 400, 72)).toBe(500 - 88);
	expect(scrollFor({ top: 20, bottom: 50 }, 400, 72)).toBe(20 - 88);
});

import { expect, test } from 'vitest';
import { isSingle, placeOf } from '../../../src/lib/components/article/keys/bind-keys.ts';
import { KEYS } from '../../../src/lib/components/article/keys/keys.ts';

const all = KEYS.flatMap(({ keys }) => keys);

test('no key does two things', () => {
	const keys = all.flatMap(({ keys }) => keys.map((key) => key.replace('[Shift]+', '')));
	expect(new Set(keys).size).toBe(keys.length);
	expect(new Set(all.map(({ shown }) => shown)).size).toBe(all.length);
	expect(new Set(all.map(({ does }) => does)).size).toBe(all.length);
});

test('every key but Escape and Enter has a modifier, or can be turned off', () => {
	const single = all.flatMap(({ keys }) => keys).filter(isSingle);
	expect(single).toEqual(
		expect.arrayContaining(['h', '[Shift]+?', '[Shift]++', '[Shift]+/', '[Shift]+1', 'Shift+U'])
	);
	const rest = all.flatMap(({ keys }) => keys).filter((key) => !isSingle(key));
	for (const key of rest) expect(key).toMatch(/^(\$mod\+.+|Escape|Enter)$/);
});

test.each([
	['j', 'KeyJ'],
	['$mod+Shift+z', '$mod+Shift+KeyZ'],
	['Shift+N', 'Shift+KeyN'],
	['[Shift]++', null],
	['$mod+Alt+KeyM', null],
	['Enter', null]
])('where the letter of %s stands', (key, place) => expect(placeOf(key)).toBe(place));

import { expect, test } from 'vitest';
import { suggestPassword } from '../../src/lib/components/password.ts';

test('a suggested password is long, and has no letters that look alike', () => {
	const all = Uint8Array.from({ length: 256 }, (_, index) => index);
	for (let at = 0; at <= 236; at += 20)
		expect(suggestPassword(all.subarray(at, at + 20))).toMatch(/^([a-km-np-z2-9]{4}-){4}[a-km-np-z2-9]{4}$/);
});

test('each letter is as likely as another', () => {
	const letters = Array.from(
		{ length: 256 },
		(_, byte) => suggestPassword(new Uint8Array(20).fill(byte))[0]!
	);
	const counts = new Map<string, number>();
	for (const letter of letters) counts.set(letter, (counts.get(letter) ?? 0) + 1);
	expect(new Set(counts.values())).toEqual(new Set([8]));
});

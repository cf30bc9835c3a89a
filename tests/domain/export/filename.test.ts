import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { fileName } from '../../../src/lib/domain/export/filename.ts';

const name = (title: string, setNumber: number | null = 1) =>
	fileName({ title, setNumber, date: '2026-11-22T14:00:00.000Z', extension: 'csv' });

test.each([
	['Zelensky Calls for Meeting', 'zelensky-calls-for-meeting-set-1-2026-11-22.csv'],
	['“Nobody crosses”: mayor’s word', 'nobody-crosses-mayors-word-set-1-2026-11-22.csv'],
	['Größe, Łódź & Smørrebrød', 'grosse-lodz-smorrebrod-set-1-2026-11-22.csv'],
	['../../etc/passwd', 'etc-passwd-set-1-2026-11-22.csv'],
	['市長', 'article-set-1-2026-11-22.csv'],
	['', 'article-set-1-2026-11-22.csv'],
	['CON', 'con-set-1-2026-11-22.csv'],
	[
		'Marrowby closes its harbour bridge after inspectors find a crack',
		'marrowby-closes-its-harbour-bridge-after-set-1-2026-11-22.csv'
	]
])('%j → %s', (title, expected) => expect(name(title)).toBe(expected));

it('says when it is no set', () => expect(name('A', null)).toBe('a-live-2026-11-22.csv'));

it('is short and safe whatever the title', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (title) => {
			expect(name(title)).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*-set-1-2026-11-22\.csv$/);
			expect(name(title).length).toBeLessThan(90);
		})
	);
});

import { expect, test } from 'vitest';
import { presentIn } from '../../src/lib/live/presence.svelte.ts';

const user = (name: string) => ({ name, principal: `user:${name.toLowerCase()}`, color: '#006a5b' });

test('one entry a person, whatever their tabs; by name', () => {
	const states = new Map<number, Record<string, unknown>>([
		[1, { user: user('Vera') }],
		[2, { user: user('Ada'), cursor: null }],
		[3, { user: user('Ada'), cursor: { anchor: {}, head: {} } }]
	]);
	expect(presentIn(states)).toEqual([
		{ ...user('Ada'), placed: true },
		{ ...user('Vera'), placed: false }
	]);
});

test('a state without a person, or with something else for one, is passed over', () => {
	const states = new Map<number, Record<string, unknown>>([
		[1, {}],
		[2, { user: null }],
		[3, { user: { name: 'Eve', principal: 'eve', color: '#000000' } }],
		[4, { user: { name: 7, principal: 'user:eve', color: '#000000' } }]
	]);
	expect(presentIn(states)).toEqual([]);
});

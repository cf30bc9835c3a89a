import { expect, test } from 'vitest';
import { fuzz, outcomes, properties } from '../support/fuzz.ts';

const RUNS = 2000;
const SEED = 20261122;

test.each(Object.keys(properties))('[R5] nothing escapes, hangs or passes the guard: %s', (name) => {
	fuzz(name, RUNS, SEED);
});

test('what is thrown gets as far as every verdict', () => {
	const reached = [
		'unsound',
		'layer gap',
		'layer unreadable',
		'layer nothing',
		'layer refused',
		'layer permitted',
		'text permitted',
		'frame update',
		'frame awareness',
		'presence taken'
	];
	expect(reached.filter((one) => !outcomes.has(one))).toEqual([]);
});

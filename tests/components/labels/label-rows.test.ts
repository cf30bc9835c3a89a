import { expect, test } from 'vitest';
import { FIRST_LABELS, type Label } from '../../../src/lib/domain/labels.ts';
import {
	faultsOf,
	inputsOf,
	isChanged,
	moved,
	newRow,
	rowsOf,
	rowsOver,
	whatChanged,
	withKey,
	withRemoved
} from '../../../src/lib/components/labels/label-rows.ts';

const rows = rowsOf(FIRST_LABELS);
const names = (list: typeof rows) => inputsOf(list).map(({ name }) => name);
const named = (name: string) => ({ ...newRow(rows), name });

test('what nobody touched is sent as it came, and is no change', () => {
	expect(inputsOf(rows)).toEqual(FIRST_LABELS);
	expect(isChanged(rows, FIRST_LABELS)).toBe(false);
	const typed = rows.map((row, index) => (index === 0 ? { ...row, name: 'Facts ' } : row));
	expect(isChanged(typed, FIRST_LABELS)).toBe(true);
	expect(names(typed)[0]).toBe('Facts');
	expect(isChanged([...rows, named('Obituary')], FIRST_LABELS)).toBe(true);
});

test('a new label has no id, the first free key and a colour that nobody has yet', () => {
	const made = newRow(rows);
	expect(made).toMatchObject({ key: '8', color: 'yellow', name: '', removed: false });
	expect(inputsOf([{ ...made, name: 'Obituary' }])).toEqual([
		{ name: 'Obituary', color: 'yellow', key: '8', description: null }
	]);
	const full = Array.from({ length: 9 }, (_, index) => ({
		...made,
		row: index,
		name: `${index}`,
		key: `${index + 1}`
	}));
	expect(newRow(full).key).toBe('');
	expect(newRow([]).row).toBe(0);
});

test('a row goes one place up or down, and not past the ends', () => {
	expect(names(moved(rows, 0, 1)).slice(0, 2)).toEqual(['Source needed', 'Fact-check']);
	expect(names(moved(rows, 6, -1)).slice(5)).toEqual(['Praise', 'Question']);
	expect(moved(rows, 0, -1)).toBe(rows);
	expect(moved(rows, 6, 1)).toBe(rows);
});

test('a key that somebody else has is swapped, so that no two have the same', () => {
	const keys = (list: typeof rows) => list.map(({ key }) => key).join('');
	expect(keys(withKey(rows, 0, '4'))).toBe('4231567');
	expect(keys(withKey(rows, 0, '9'))).toBe('9234567');
	expect(keys(withKey(rows, 0, ''))).toBe('234567');
});

test('a removed label goes from what is sent, and comes back with its key if that is still free', () => {
	const without = withRemoved(rows, 3, true);
	expect(names(without)).not.toContain('Legal');
	expect(newRow(without).key).toBe('4');
	expect(inputsOf(withRemoved(without, 3, false))).toEqual(FIRST_LABELS);
	const used = [...without, { ...newRow(without), name: 'Obituary' }];
	expect(withRemoved(used, 3, false)[3]).toMatchObject({ name: 'Legal', key: '' });
});

test('names are needed, and each only once, whatever its case; the place counts those that stay', () => {
	expect(faultsOf(rows)).toEqual([]);
	const wrong = withRemoved([...rows, named(' '), { ...named('LEGAL'), row: 99 }], 0, true);
	expect(faultsOf(wrong).map(({ field }) => field)).toEqual(['items.6.name', 'items.7.name']);
	// the name of one that goes is free
	expect(faultsOf(withRemoved([...rows, named('Legal')], 3, true))).toEqual([]);
});

test('what somebody else changed is told a sentence each', () => {
	const [factCheck, source, ...rest] = FIRST_LABELS as [Label, Label, ...Label[]];
	const without = rest.filter(({ id }) => id !== 'legal');
	const theirs = [source, { ...factCheck, name: 'Facts' }, ...without, { ...source, id: 'new', name: 'New' }];
	expect(whatChanged(FIRST_LABELS, theirs)).toEqual([
		'“Fact-check” is called “Facts” now.',
		'“New” is new.',
		'“Legal” is gone.',
		'The order is another.'
	]);
	expect(whatChanged(FIRST_LABELS, FIRST_LABELS)).toEqual([]);
	expect(inputsOf(rowsOver(rows, theirs)).filter(({ id }) => id === undefined)).toHaveLength(1);
});

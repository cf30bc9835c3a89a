import { expect, test } from 'vitest';
import { narrow } from '../../src/lib/components/picker.ts';

const choices = ['Fact-check', 'Source needed', 'Élan vital', 'Check mark'].map((name) => ({
	id: name,
	name
}));
const found = (typed: string) => narrow(choices, typed).map(({ name }) => name);

test('what is typed narrows the list, wherever it stands, without accents; what begins so comes first', () => {
	expect(found('')).toHaveLength(4);
	expect(found('check')).toEqual(['Check mark', 'Fact-check']);
	expect(found('fact-check')).toEqual(['Fact-check']);
	expect(found('needed sou')).toEqual(['Source needed']);
	expect(found('elan')).toEqual(['Élan vital']);
	expect(found('nothing')).toEqual([]);
	expect(narrow([{ id: '1', name: 'Assign to me', also: 'Ann' }], 'ann')).toHaveLength(1);
});

import { expect, test } from 'vitest';
import { FIRST_LABELS, labelName, newLabelId, sameName } from '../../src/lib/domain/labels.ts';

test.each([
	['Fact-check', 'fact-check'],
	['  Zu prüfen! ', 'zu-prufen'],
	['Çok Önemli / ÇÖ', 'cok-onemli-co'],
	['🌉', 'label'],
	['x'.repeat(80), 'x'.repeat(60)]
])('the id of “%s” is made from its name', (name, id) => {
	expect(newLabelId(name, () => false)).toBe(id);
});

test('an id that a label has had is not given again', () => {
	const taken = ['legal', 'legal-2'];
	expect(newLabelId('Legal', (id) => taken.includes(id))).toBe('legal-3');
});

test('names are the same where people would read the same', () => {
	expect(sameName('LEGAL', 'Legal')).toBe(true);
	expect(sameName('ﬁnd', 'find')).toBe(true);
	expect(sameName('Legal', 'Legal 2')).toBe(false);
});

test('the first labels have ids, names and keys of their own; one that is gone keeps its id for a name', () => {
	for (const part of ['id', 'name', 'key', 'color'] as const)
		expect(new Set(FIRST_LABELS.map((label) => label[part])).size).toBe(FIRST_LABELS.length);
	expect(labelName(FIRST_LABELS, 'legal')).toBe('Legal');
	expect(labelName(FIRST_LABELS, 'gone')).toBe('gone');
});

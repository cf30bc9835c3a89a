import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { latinLetter } from '../../src/lib/editor/latin-letter.ts';
import { moveOf } from '../../src/lib/editor/caret-keys.ts';
import { LANES, laneOf } from '../../src/lib/editor/lanes.ts';
import { trimRange } from '../../src/lib/editor/trim-range.ts';

describe('what of a selection is marked', () => {
	const TEXT = 'One two.\n Three\n\n';
	test.each([
		['a word', 0, 3, 'One'],
		['a word with the space after it', 0, 4, 'One'],
		['a line with its line feed', 0, 9, 'One two.'],
		['white space on both sides', 8, 16, 'Three'],
		['over a line', 4, 12, 'two.\n Th']
	])('%s', (_name, from, to, words) => {
		const range = trimRange(TEXT, { from, to })!;
		expect(TEXT.slice(range.from, range.to)).toBe(words);
	});
	test.each([
		['nothing', 3, 3],
		['white space alone', 8, 10],
		['line feeds at the end', 15, 17]
	])('%s: no passage', (_name, from, to) => expect(trimRange(TEXT, { from, to })).toBeNull());
});

describe('lanes', () => {
	const passages = fc.array(
		fc.record({ id: fc.uuid(), from: fc.nat(40), length: fc.integer({ min: 1, max: 20 }) }),
		{ maxLength: 12 }
	);
	test('two that overlap never share one, as long as there are lanes', () => {
		fc.assert(
			fc.property(passages, (given) => {
				const list = given.map(({ id, from, length }) => ({ id, from, to: from + length }));
				const lanes = laneOf(list);
				for (const a of list)
					for (const b of list) {
						if (a.id === b.id || a.to <= b.from || b.to <= a.from) continue;
						const same = lanes.get(a.id) === lanes.get(b.id);
						expect(same && lanes.get(a.id)! < LANES - 1).toBe(false);
					}
			})
		);
	});
	test('one alone is next to the words', () => {
		expect(laneOf([{ id: 'a', from: 3, to: 5 }]).get('a')).toBe(0);
	});
});

describe('keys of the caret', () => {
	const press = (keys: string) => {
		const parts = keys.split('+');
		const has = (name: string) => parts.includes(name);
		const modifiers = {
			shiftKey: has('Shift'),
			ctrlKey: has('Ctrl'),
			altKey: has('Alt'),
			metaKey: has('Meta')
		};
		return { key: parts.at(-1)!, code: has('ф') ? 'KeyA' : '', ...modifiers };
	};
	test.each([
		['ArrowRight', false, 'move right character'],
		['Shift+ArrowDown', false, 'extend forward line'],
		['Ctrl+Shift+ArrowLeft', false, 'extend left word'],
		['Alt+Shift+ArrowLeft', true, 'extend left word'],
		['Ctrl+ArrowDown', false, 'move forward paragraph'],
		['Home', false, 'move backward lineboundary'],
		['Ctrl+End', false, 'move end line'],
		['Meta+ArrowUp', true, 'move start line'],
		['Meta+ArrowRight', true, 'move right lineboundary'],
		['Ctrl+a', false, 'extend all character'],
		['Meta+a', true, 'extend all character'],
		['Ctrl+ф', false, 'extend all character'],
		['PageDown', false, 'move forward page'],
		['Shift+PageUp', true, 'extend backward page']
	])('%s (Mac: %s)', (keys, mac, expected) => {
		const { alter, to, by } = moveOf(press(keys), mac)!;
		expect(`${alter} ${to} ${by}`).toBe(expected);
	});
	test.each([
		['a', false],
		['Alt+ArrowLeft', false],
		['Ctrl+ArrowRight', true],
		['Ctrl+PageDown', false],
		['Tab', false]
	])('%s is not ours (Mac: %s)', (keys, mac) => expect(moveOf(press(keys), mac)).toBeNull());
});

test.each([
	['j', 'KeyJ', 'j'],
	['J', 'KeyC', 'J'],
	['о', 'KeyJ', 'j'],
	['ς', 'KeyW', 'w'],
	['ש', 'KeyA', 'a'],
	// AltGr, and what is no letter
	['ą', 'KeyA', 'ą'],
	['€', 'KeyE', '€'],
	['ж', 'Semicolon', 'ж']
])('“%s” at %s is meant as “%s”', (key, code, letter) => expect(latinLetter({ key, code })).toBe(letter));

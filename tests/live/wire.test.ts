import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { afterSignal, CLOSED, saveState, type Signal, type Wire } from '../../src/lib/live/wire.ts';

const after = (...signals: Signal[]): Wire => signals.reduce(afterSignal, CLOSED);
const open: Signal = { kind: 'open' };
const step: Signal = { kind: 'step' };
const update: Signal = { kind: 'update' };
const close: Signal = { kind: 'close' };
const stored = (frames: number): Signal => ({ kind: 'stored', frames });

describe('what is stored [S2]', () => {
	test.each<[name: string, signals: Signal[], state: string]>([
		['it is not known yet whether it will take anything', [open], 'offline'],
		['the first step is stored', [open, step, stored(1)], 'saved'],
		['a frame is under way', [open, step, stored(1), update], 'saving'],
		['one of two frames is stored', [open, step, update, update, stored(2)], 'saving'],
		['all frames are stored', [open, step, update, update, stored(3)], 'saved'],
		['the connection is gone', [open, step, stored(1), close], 'offline'],
		['it is back, and has not said what it had', [open, step, stored(1), close, open], 'offline'],
		[
			'the server turns it away while it cannot save, again and again',
			[open, step, stored(1), { kind: 'close', held: true }, open],
			'held'
		],
		['and then goes away itself', [{ kind: 'close', held: true }, open, close], 'offline'],
		['it takes work again', [{ kind: 'close', held: true }, open, step, stored(1)], 'saved'],
		[
			'a new connection counts from the start',
			[open, step, update, stored(2), close, open, step, stored(1)],
			'saved'
		]
	])('%s', (_name, signals, state) => expect(saveState(after(...signals), true, 0, 0)).toBe(state));

	test('work that waits is not saved, whatever the frames say', () => {
		expect(saveState(after(open, step, stored(1)), true, 1, 0)).toBe('saving');
	});
	test('[G13] while refused work is shown, not all is saved', () => {
		expect(saveState(after(open, step, stored(1)), true, 0, 1)).toBe('refused');
		expect(saveState(after(open, step, update, stored(1)), true, 0, 1)).toBe('saving');
	});
	test('nothing is said before the first load', () => {
		expect(saveState(after(open, step, stored(1)), false, 0, 0)).toBe('connecting');
	});
	test('a count of more than was sent is not believed', () => {
		expect(after(open, step, stored(9), update)).toMatchObject({ sent: 2, stored: 1 });
	});
	test('an older count changes nothing', () => {
		expect(after(open, step, update, stored(2), stored(1)).stored).toBe(2);
	});

	test('whatever happens, `saved` is said only when every frame of the open connection is stored', () => {
		const signal = fc.oneof(
			fc.constantFrom(open, step, update, close),
			fc.nat(6).map((frames) => stored(frames))
		);
		fc.assert(
			fc.property(fc.array(signal, { maxLength: 20 }), (signals) => {
				const state = saveState(after(...signals), true, 0, 0);
				const since = signals.slice(Math.max(signals.lastIndexOf(open), signals.lastIndexOf(close)));
				const sent = since.filter((one) => one === step || one === update).length;
				const told = Math.max(0, ...since.map((one) => (one.kind === 'stored' ? one.frames : 0)));
				if (state === 'saved') {
					expect(since[0]).toBe(open);
					expect(told).toBeGreaterThanOrEqual(sent);
				}
			})
		);
	});
});

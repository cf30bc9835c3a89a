/** Only what the server has stored goes into the cache of the browser. */
import { expect, test } from 'vitest';
import { StoredUpdates } from '../../src/lib/live/stored-updates.ts';
import { afterSignal, CLOSED, type Signal, type Wire } from '../../src/lib/live/wire.ts';

const bytes = (number: number) => Uint8Array.of(number);

/** A room's updates, and its wire as the signals make it. */
function room() {
	const updates = new StoredUpdates();
	let wire: Wire = CLOSED;
	return {
		updates,
		signal: (...signals: Signal[]) => {
			for (const signal of signals) {
				wire = afterSignal(wire, signal);
				updates.wired(wire, signal);
			}
		},
		taken: () => updates.take().map(([number]) => number)
	};
}

test('what the server sends is stored; it is taken once', () => {
	const { updates, taken } = room();
	updates.received(bytes(1));
	updates.received(bytes(2));
	expect(taken()).toEqual([1, 2]);
	expect(taken()).toEqual([]);
});

test('[S8] what is done here counts when its own frame is stored, and no sooner', () => {
	const { updates, signal, taken } = room();
	signal({ kind: 'open' }, { kind: 'step' });
	updates.did(bytes(1));
	signal({ kind: 'update' });
	updates.did(bytes(2));
	signal({ kind: 'update' });
	expect(taken()).toEqual([]);
	signal({ kind: 'stored', frames: 1 });
	expect(taken()).toEqual([]);
	signal({ kind: 'stored', frames: 2 });
	expect(taken()).toEqual([1]);
	signal({ kind: 'stored', frames: 3 });
	expect(taken()).toEqual([2]);
});

test('[S2] what was done offline goes with the next connection’s first frame', () => {
	const { updates, signal, taken } = room();
	updates.did(bytes(1));
	signal({ kind: 'open' });
	updates.did(bytes(2));
	signal({ kind: 'stored', frames: 9 });
	expect(taken()).toEqual([]);
	signal({ kind: 'step' }, { kind: 'stored', frames: 1 });
	expect(taken()).toEqual([1, 2]);
});

test('[G13] what a connection sent and did not store is not stored by the next one’s count', () => {
	const { updates, signal, taken } = room();
	signal({ kind: 'open' }, { kind: 'step' });
	updates.did(bytes(1));
	signal({ kind: 'update' }, { kind: 'close' }, { kind: 'open' }, { kind: 'stored', frames: 2 });
	expect(taken()).toEqual([]);
	signal({ kind: 'step' }, { kind: 'stored', frames: 1 });
	expect(taken()).toEqual([1]);
});

test('what leaves no frame, as in a room that is only read, is never stored', () => {
	const { updates, signal, taken } = room();
	signal({ kind: 'open' });
	updates.did(bytes(1));
	updates.received(bytes(2));
	signal({ kind: 'stored', frames: 1 }, { kind: 'close' }, { kind: 'open' });
	expect(taken()).toEqual([2]);
});

/** What one connection has sent and what the server has stored of it (RULES.md, S2). Pure: signals in, state out. */

export interface Wire {
	open: boolean;
	/** the server answers, and cannot save just now */
	held: boolean;
	/** our part of the document has been sent: until then the server lacks what was done before */
	stepped: boolean;
	/** frames with updates that this connection has sent */
	sent: number;
	/** how many of them are stored */
	stored: number;
}
export type Signal =
	| { kind: 'open' }
	| { kind: 'step' }
	| { kind: 'update' }
	| { kind: 'stored'; frames: number }
	| { kind: 'close'; held?: boolean };

export const CLOSED: Wire = { open: false, held: false, stepped: false, sent: 0, stored: 0 };

export function afterSignal(wire: Wire, signal: Signal): Wire {
	switch (signal.kind) {
		case 'open':
			return { ...CLOSED, open: true, held: wire.held };
		case 'step':
			return { ...wire, held: false, stepped: true, sent: wire.sent + 1 };
		case 'update':
			return { ...wire, sent: wire.sent + 1 };
		case 'stored':
			return { ...wire, stored: Math.max(wire.stored, Math.min(signal.frames, wire.sent)) };
		case 'close':
			return { ...CLOSED, held: signal.held ?? false };
	}
}

/** What the header says. `connecting`: nothing has been loaded yet; `closed`: the server has ended it for good; `held`: it
 * cannot save just now. */
export type SaveState = 'connecting' | 'closed' | 'offline' | 'held' | 'saving' | 'refused' | 'saved';

/**
 * Never says `saved` of what is not stored.
 * @param waiting pieces of work that are not yet known to be stored
 * @param refused pieces of work that could not be stored and are shown with their words
 */
export function saveState(wire: Wire, loaded: boolean, waiting: number, refused: number): SaveState {
	if (!loaded) return 'connecting';
	// a connection that is open says nothing yet: it may be ended at once, and again
	if (!wire.open || !wire.stepped) return wire.held ? 'held' : 'offline';
	if (wire.stored < wire.sent || waiting > 0) return 'saving';
	return refused > 0 ? 'refused' : 'saved';
}

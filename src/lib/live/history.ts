/**
 * Undo of one's own actions, by their opposites. (A Y.UndoManager would remove entries and write others' work again under
 * the undoer's name.)
 */
import type { Annotation } from '../domain/annotation.ts';
import { opposite, type By } from './actions.ts';
import { equal, type Action } from './work.ts';

export class History {
	#done: Action[] = [];
	#undone: Action[] = [];

	add(action: Action): void {
		this.#done.push(action);
		this.#undone = [];
	}

	/** The action that takes back the last one; null when there is none. @see {@link History.redo} */
	undo(by: By, find: (id: string) => Annotation | undefined): Action | null {
		return step(this.#done, this.#undone, by, find);
	}

	redo(by: By, find: (id: string) => Annotation | undefined): Action | null {
		return step(this.#undone, this.#done, by, find);
	}
}

/** Passes over what somebody else has changed since: their work is not taken back. */
function step(
	from: Action[],
	to: Action[],
	by: By,
	find: (id: string) => Annotation | undefined
): Action | null {
	for (let action = from.pop(); action; action = from.pop()) {
		if (!stands(action, find)) continue;
		const back = opposite(by, action);
		to.push(back);
		return back;
	}
	return null;
}

const stands = (action: Action, find: (id: string) => Annotation | undefined): boolean =>
	action.changes.every((change) => {
		if (change.kind === 'set') return equal(find(change.annotation)?.[change.key], change.after);
		if (change.kind === 'add') return find(change.annotation)?.deleted === undefined;
		return true;
	});

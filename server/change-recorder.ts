/** Takes down what changes really did, before and after, for the log [S5]. */
import { changeKey, type Change } from '../src/lib/domain/change.ts';
import { toLogged } from '../src/lib/server/logged-value.ts';
import type { LoggedChange } from '../src/lib/server/room-log.ts';
import { readAnnotation, reactionKey, reactionsOf, type Doc } from '../src/lib/ydoc/layer.ts';
import { stepping, type Steps } from '../src/lib/server/steps.ts';

export class ChangeRecorder {
	readonly #doc: Doc;
	readonly #principal: string;
	/** each place once, with the value it had */
	readonly #before = new Map<string, { change: Change; before: string | null }>();

	/** To be made before the changes are applied. */
	constructor(doc: Doc, principal: string, changes: Change[]) {
		this.#doc = doc;
		this.#principal = principal;
		for (const change of changes) {
			const place = change.kind === 'text' ? 'text' : `${change.annotation} ${changeKey(change)}`;
			if (!this.#before.has(place)) this.#before.set(place, { change, before: this.#valueOf(change) });
		}
	}

	/** To be called after: what differs now. */
	*record(): Steps<LoggedChange[]> {
		const logged: LoggedChange[] = [];
		yield* stepping(this.#before.values(), ({ change, before }) => {
			const after = this.#valueOf(change);
			if (before === after && change.kind !== 'text') return;
			const annotation = change.kind === 'text' ? null : change.annotation;
			logged.push({ principal: this.#principal, annotation, key: changeKey(change), before, after });
		});
		return logged;
	}

	#valueOf(change: Change): string | null {
		switch (change.kind) {
			case 'text':
				return null;
			case 'add':
				return toLogged(readAnnotation(this.#doc, change.annotation));
			case 'set':
				return toLogged(readAnnotation(this.#doc, change.annotation)?.[change.key]);
			case 'react':
				return toLogged(
					reactionsOf(this.#doc).get(reactionKey(change.annotation, change.principal, change.emoji))
				);
		}
	}
}

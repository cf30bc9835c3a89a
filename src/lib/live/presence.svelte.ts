/** Who is here, as the awareness of the text room says; the server vouches for the names (RULES.md, R7). */
import { createSubscriber } from 'svelte/reactivity';
import { isPrincipal, type Principal } from '../domain/principal.ts';

/** What is used of an awareness (y-protocols). */
export interface Awareness {
	clientID: number;
	getStates(): Map<number, Record<string, unknown>>;
	on(event: 'change', listener: () => void): void;
	off(event: 'change', listener: () => void): void;
}

export interface Present {
	principal: Principal;
	name: string;
	color: string;
	/** whether one of their tabs shows where in the text they are */
	placed: boolean;
}

export class Presence {
	#awareness: Awareness;
	#subscribe: () => void;

	constructor(awareness: Awareness) {
		this.#awareness = awareness;
		this.#subscribe = createSubscriber((update) => {
			awareness.on('change', update);
			return () => awareness.off('change', update);
		});
	}

	/** One entry a person, however many tabs they have; by name. */
	get people(): Present[] {
		this.#subscribe();
		return presentIn(this.#awareness.getStates());
	}
}

export function presentIn(states: Map<number, Record<string, unknown>>): Present[] {
	const people = new Map<string, Present>();
	for (const { user, cursor } of states.values()) {
		if (!isUser(user)) continue;
		const { principal, name, color } = user;
		const placed = Boolean(cursor) || (people.get(principal)?.placed ?? false);
		people.set(principal, { principal, name, color, placed });
	}
	return [...people.values()].sort((a, b) => a.name.localeCompare(b.name));
}

const isUser = (value: unknown): value is Omit<Present, 'placed'> => {
	const user = value as Partial<Present> | null | undefined;
	return isPrincipal(user?.principal) && typeof user?.name === 'string' && typeof user.color === 'string';
};

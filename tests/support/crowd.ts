/**
 * People who write at once with stock providers, and what the server has promised of it: an annotation that somebody else
 * has been shown, or that its writer was told is saved, must never be gone.
 */
import * as decoding from 'lib0/decoding';
import { setTimeout as wait } from 'node:timers/promises';
import * as Y from 'yjs';
import { annotationsOf } from '../../src/lib/ydoc/layer.ts';
import { annotationBy, put } from './annotations.ts';
import type { Caller } from './newsroom.ts';
import type { Random } from './seeded.ts';
import { join, type Joined } from './sockets.ts';

const SAVED = 100;
const PATIENCE_MS = 60_000;

export type Person = Pick<Caller, 'principal' | 'headers'>;

export interface Place {
	/** where the newsroom is */
	origin: string;
	person: Person;
	room: string;
}

export interface Crowd extends Disposable {
	rooms: string[];
	/** annotation → when it was written, by performance.now() */
	written: Map<string, number>;
	/** annotation → when it was first shown to somebody else or called saved */
	promised: Map<string, number>;
	/** everybody is in and has all that there is */
	connected(): Promise<void>;
	/** writes by chance, as all of them, until told to stop; resolves when it has */
	write(random: Random): { stop(): Promise<void> };
	/** everything that was written is promised */
	settled(): Promise<void>;
	/** everybody has everything that was written in their room */
	agreed(): Promise<void>;
	/** the process is dead: resolves when nothing can arrive any more, and nobody comes back by themselves */
	silent(): Promise<void>;
	leave(): Promise<void>;
	comeBack(): void;
	/** of what was promised, what somebody new is not given at this address; nobody of the crowd is to be there */
	missing(origin: string): Promise<string[]>;
	/** of what was promised so far in the room, what is not in this document */
	missingIn(room: string, doc: Y.Doc): string[];
}

interface Member extends Place, Joined {
	/** what they wrote, and from which clock on it is stored */
	waiting: { id: string; clock: number }[];
	/** code and reason, when the server has ended it for good */
	ended: string | null;
}

function wordsOf({ provider, doc, waiting, room, ended }: Member): string {
	const state = provider.synced ? 'in' : (ended ?? (provider.wsconnected ? 'connected' : 'not connected'));
	return `${room} client ${doc.clientID} ${state}, ${waiting.length} not saved, ${annotationsOf(doc).size} here`;
}

export function gather(places: Place[]): Crowd {
	const written = new Map<string, number>();
	const promised = new Map<string, number>();
	const roomOf = new Map<string, string>();
	const promise = (id: string) => {
		if (!promised.has(id)) promised.set(id, performance.now());
	};
	const members = places.map((place): Member => {
		const member = {
			...place,
			...join(place, place.person, place.room),
			waiting: [] as Member['waiting'],
			ended: null as string | null
		};
		void member.closed.then(({ code, reason }) => (member.ended = `ended with ${code} ${reason}`));
		const { doc, provider } = member;
		annotationsOf(doc).observe(({ transaction, keysChanged }) => {
			if (!transaction.local) keysChanged.forEach((id) => promise(id as string));
		});
		provider.messageHandlers[SAVED] = (_encoder, decoder) => {
			const stored = Y.decodeStateVector(decoding.readVarUint8Array(decoder)).get(doc.clientID) ?? 0;
			while (member.waiting[0] && member.waiting[0].clock <= stored) promise(member.waiting.shift()!.id);
		};
		provider.on('status', ({ status }) => {
			if (status === 'connected') provider.ws?.send(Uint8Array.of(SAVED));
		});
		return member;
	});

	function writeOne(random: Random): void {
		const { doc, person, room, waiting } = random.pick(members);
		const annotation = annotationBy(person.principal);
		written.set(annotation.id, performance.now());
		roomOf.set(annotation.id, room);
		put(doc, annotation);
		waiting.push({ id: annotation.id, clock: Y.getState(doc.store, doc.clientID) });
	}

	async function all(what: string, holds: () => boolean): Promise<void> {
		const until = performance.now() + PATIENCE_MS;
		while (!holds()) {
			if (performance.now() > until)
				throw new Error(`After ${PATIENCE_MS / 1000} s still: ${what}. ${members.map(wordsOf).join('; ')}.`);
			await wait(5);
		}
	}

	const missingIn = (room: string, doc: Y.Doc) =>
		[...promised.keys()].filter((id) => roomOf.get(id) === room && !annotationsOf(doc).has(id));

	const silent = () =>
		all('a connection is open', () => members.every(({ provider }) => provider.ws === null));

	return {
		rooms: [...new Set(places.map(({ room }) => room))],
		written,
		promised,
		connected: () => all('somebody is not in', () => members.every(({ provider }) => provider.synced)),
		write: (random) => {
			let stopped = false;
			const run = async () => {
				while (!stopped) {
					for (let burst = random.below(4); burst >= 0; burst--) writeOne(random);
					await wait(random.below(5));
				}
			};
			const running = run();
			return {
				stop: async () => {
					stopped = true;
					await running;
				}
			};
		},
		settled: () => all('something is not saved', () => [...written.keys()].every((id) => promised.has(id))),
		silent: () => {
			for (const { provider } of members) provider.shouldConnect = false;
			return silent();
		},
		leave: () => {
			for (const { provider } of members) provider.disconnect();
			return silent();
		},
		comeBack: () => members.forEach(({ provider }) => provider.connect()),
		agreed: () =>
			all('somebody lacks something', () =>
				members.every(({ doc, room }) =>
					[...roomOf].every(([id, of]) => of !== room || annotationsOf(doc).has(id))
				)
			),
		missing: async (origin) => {
			const lost: string[] = [];
			for (const [room, person] of new Map(members.map(({ room, person }) => [room, person]))) {
				using visit = join({ origin }, person, room);
				await visit.synced;
				lost.push(...missingIn(room, visit.doc));
				visit.doc.destroy();
			}
			return lost;
		},
		missingIn,
		[Symbol.dispose]: () => {
			for (const { provider, doc } of members) {
				provider.destroy();
				doc.destroy();
			}
		}
	};
}

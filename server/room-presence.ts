/** Presence of a room: what its members here show is told to all of them, and to the processes where others are [R7, R8, C1]. */
import type { Bus, Hint } from './bus.ts';
import { frameOnce } from './framing.ts';
import { PresenceElsewhere, type News } from './presence-elsewhere.ts';
import { Presence } from './presence.ts';
import { encodeAwareness, encodePresence, NO_STATE, readPresence, type PresenceEntry } from './protocol.ts';
import type { Member } from './turn.ts';

/** Members and other processes are told at most so often, other processes no more bytes than these in a ms. */
const PAUSE_MS = 50;
const BYTES_PER_MS = 1000;
const NOBODY = encodePresence([]);

export class RoomPresence {
	readonly #room: string;
	readonly #members: ReadonlySet<Member>;
	readonly #bus: Bus;
	readonly #here: Presence;
	readonly #elsewhere = new PresenceElsewhere();
	/** while it runs, what changes waits */
	#quiet: NodeJS.Timeout | undefined;
	readonly #untold = new Map<number, PresenceEntry>();
	#pause: NodeJS.Timeout | undefined;
	#isOwed = false;

	constructor(room: string, members: ReadonlySet<Member>, bus: Bus, maxStateBytes: number) {
		this.#room = room;
		this.#members = members;
		this.#bus = bus;
		this.#here = new Presence(maxStateBytes, (client) => this.#elsewhere.get(client));
	}

	/** @throws on bytes that are no awareness update */
	receive(member: Member, update: Uint8Array): void {
		const answer = (left: Uint8Array) => member.send(encodeAwareness(left));
		this.#changed(this.#here.receive(member, member.actor, update, answer), member);
	}

	leave(member: Member): void {
		this.#changed(this.#here.leave(member), member);
	}

	/** Shows everybody to one who comes in or asks. */
	show(member: Member): void {
		for (const all of [this.#here.everybody(), this.#elsewhere.everybody()])
			if (all) member.send(encodeAwareness(all));
	}

	/** What another process says or asks. */
	hear(hint: Extract<Hint, { kind: 'presence' | 'left' | 'who' }>, from: string): void {
		switch (hint.kind) {
			case 'presence':
				return this.#tellNews(this.#elsewhere.take(from, hint.update));
			case 'left':
				for (const { client, clock } of readPresence(hint.update)) this.#doubt(client, clock);
				return;
			case 'who':
				if (this.#here.everybody()) this.#publish();
		}
	}

	/** Another process has ended or is not heard any more. */
	gone(process: string): void {
		this.#tellNews(this.#elsewhere.forget(process));
	}

	/** The room is heard by other processes from now on: they are asked, and told. */
	announce(): void {
		this.#bus.publish({ kind: 'who', room: this.#room });
		this.#publish();
	}

	#changed(update: Uint8Array | null, from: Member): void {
		if (!update) return;
		this.#tellSoon(update, from);
		this.#publish();
	}

	/**
	 * At once when it was quiet; what changes within a pause goes out together, after it, so that one who floods, or
	 * many who move, cost everybody a few frames a second.
	 */
	#tellSoon(update: Uint8Array, from: Member | null): void {
		if (this.#quiet) {
			for (const { client, clock, state } of readPresence(update))
				this.#untold.set(client, { client, clock, json: state.toString() });
			return;
		}
		this.#tell(update, from);
		this.#quiet = setTimeout(() => {
			this.#quiet = undefined;
			if (this.#untold.size === 0) return;
			const news = encodePresence([...this.#untold.values()]);
			this.#untold.clear();
			// who sees a state of their own knows it
			this.#tellSoon(news, null);
		}, PAUSE_MS).unref();
	}

	/** What changes within a pause goes out together, after it. */
	#publish(): void {
		if (this.#bus.isAlone) return;
		if (this.#pause) {
			this.#isOwed = true;
			return;
		}
		this.#isOwed = false;
		const update = this.#here.everybody() ?? NOBODY;
		this.#bus.publish({ kind: 'presence', room: this.#room, update });
		this.#pause = setTimeout(
			() => {
				this.#pause = undefined;
				if (this.#isOwed) this.#publish();
			},
			Math.max(PAUSE_MS, update.length / BYTES_PER_MS)
		).unref();
	}

	#tellNews({ here, left }: News): void {
		// of those who are here nobody else has the word
		const isElsewhere = ({ client }: { client: number }) => !this.#here.ownerOf(client);
		const news = [...here, ...left].filter(isElsewhere);
		if (news.length > 0) this.#tell(encodePresence(news), null);
		for (const { client, clock, principal } of left)
			// who has come over from there counts as gone where that was told
			if (!this.#doubt(client, clock)) this.#here.remember(client, clock, principal);
		const doubted = here
			.map(({ client, clock }) => ({ client, clock, left: this.#here.leftAt(client) }))
			.filter(({ clock, left }) => clock <= left);
		if (doubted.length === 0) return;
		// our members would not believe it
		const update = encodePresence(
			doubted.map(({ client, left }) => ({ client, clock: left, json: NO_STATE }))
		);
		this.#bus.publish({ kind: 'left', room: this.#room, update });
	}

	/** Tells a client that it has left: it says that it has not, with a clock that everybody believes. Whether it is here. */
	#doubt(client: number, clock: number): boolean {
		const owner = this.#here.ownerOf(client) as Member | undefined;
		owner?.send(encodeAwareness(encodePresence([{ client, clock, json: NO_STATE }])));
		return owner !== undefined;
	}

	#tell(update: Uint8Array, from: Member | null): void {
		const frame = frameOnce(encodeAwareness(update));
		for (const member of this.#members) if (member !== from) member.sendFramed(frame);
	}
}

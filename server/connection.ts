/** One socket: frames in order, limits, close codes. It can harm nobody but itself [R5]. */
import type { WebSocket } from 'ws';
import { CLOSE, closeReason } from '../src/lib/domain/close-codes.ts';
import type { Actor } from '../src/lib/domain/policy.ts';
import type { Whom } from '../src/lib/server/runtime.ts';
import { decodeMessage, encodeAwareness, encodePresence, encodeSaved } from './protocol.ts';
import type { Room } from './room.ts';
import type { Member } from './turn.ts';

/** Bytes that a client may leave unread, and that may wait while its room loads. */
const MAX_UNREAD = 32 * 1024 * 1024;
const MAX_WAITING = 32 * 1024 * 1024;
const CLOSE_PATIENCE_MS = 3000;

/** Who is at the other end, to be asked again when rights change [G14]. */
export interface Visitor {
	actor: Actor;
	sessionId: string | null;
	linkId: string | null;
	expiresAt: Date | null;
}

export class Connection implements Member {
	readonly articleId: string;
	readonly #socket: WebSocket;
	readonly #ask: () => Promise<Visitor | null>;
	#visitor: Visitor;
	#room: Room | null = null;
	#waiting: Uint8Array[] = [];
	#waitingBytes = 0;
	#frames = 0;
	#subscribed = false;
	#closed = false;
	#answered = true;
	#expiry: NodeJS.Timeout | undefined;

	constructor(socket: WebSocket, articleId: string, visitor: Visitor, ask: () => Promise<Visitor | null>) {
		this.#socket = socket;
		this.articleId = articleId;
		this.#visitor = visitor;
		this.#ask = ask;
		socket.on('message', (data: Buffer, isBinary: boolean) => this.#receive(data, isBinary));
		socket.on('close', () => this.#leave());
		socket.on('pong', () => (this.#answered = true));
		this.#watchExpiry();
	}

	get actor(): Actor {
		return this.#visitor.actor;
	}

	get isOpen(): boolean {
		return !this.#closed;
	}

	/** Frames that came while the room was loading are handled first [R2]. */
	enter(room: Room): void {
		if (this.#closed) return;
		this.#room = room;
		room.join(this);
		for (const frame of this.#waiting.splice(0)) this.#handle(frame);
	}

	send(frame: Uint8Array): void {
		if (this.#closed) return;
		if (this.#socket.bufferedAmount > MAX_UNREAD) return this.close(CLOSE.tryLater, 'reading too slowly');
		this.#socket.send(frame);
	}

	/**
	 * A message at least every 20 s, or a stock provider gives up [R9]; and a ping, so that somebody whose network has
	 * gone does not stay in everybody's sight.
	 */
	keepAlive(): void {
		if (!this.#answered) return this.#socket.terminate();
		this.#answered = false;
		this.#socket.ping();
		this.send(encodeAwareness(encodePresence([])));
	}

	saved(stateVector: () => Uint8Array, frames: number): void {
		if (this.#subscribed) this.send(encodeSaved(stateVector(), frames));
	}

	close(code: number, reason: string): void {
		if (this.#closed) return;
		this.#socket.close(code, closeReason(reason));
		// who does not answer is cut off
		setTimeout(() => this.#socket.terminate(), CLOSE_PATIENCE_MS).unref();
		this.#leave();
	}

	matches({ principal, sessionId, linkId, articleId }: Whom): boolean {
		const { actor } = this.#visitor;
		return (
			(principal === undefined || principal === actor.principal) &&
			(sessionId === undefined || sessionId === this.#visitor.sessionId) &&
			(linkId === undefined || linkId === this.#visitor.linkId) &&
			(articleId === undefined || articleId === this.articleId)
		);
	}

	/** Asks again who this is and what they may. */
	async recheck(): Promise<void> {
		let visitor: Visitor | null;
		try {
			visitor = await this.#ask();
		} catch {
			// who cannot be asked about comes again
			return this.close(CLOSE.tryLater, 'cannot tell now');
		}
		if (visitor) {
			this.#visitor = visitor;
			this.#watchExpiry();
		} else if (this.actor.kind === 'member') this.close(CLOSE.signIn, 'sign in first');
		else this.close(CLOSE.notAllowed, 'access');
	}

	#watchExpiry(): void {
		clearTimeout(this.#expiry);
		const { expiresAt } = this.#visitor;
		if (!expiresAt || this.#closed) return;
		const left = Math.max(0, Math.min(expiresAt.getTime() - Date.now() + 1, 2 ** 31 - 1));
		this.#expiry = setTimeout(() => void this.recheck(), left);
		this.#expiry.unref();
	}

	#receive(data: Buffer, isBinary: boolean): void {
		if (this.#closed) return;
		if (!isBinary) return this.close(CLOSE.undecodable, 'text frame');
		if (this.#room) return this.#handle(data);
		this.#waitingBytes += data.length;
		if (this.#waitingBytes > MAX_WAITING) return this.close(CLOSE.tryLater, 'too much at once');
		this.#waiting.push(data);
	}

	#handle(frame: Uint8Array): void {
		if (this.#closed) return;
		try {
			const message = decodeMessage(frame);
			if (message.kind === 'subscribe saved') this.#subscribed = true;
			else {
				if (message.kind === 'update') this.#frames++;
				this.#room!.receive(this, message, this.#frames);
			}
		} catch {
			this.close(CLOSE.undecodable, 'undecodable frame');
		}
	}

	#leave(): void {
		if (this.#closed) return;
		this.#closed = true;
		clearTimeout(this.#expiry);
		this.#room?.leave(this);
	}
}

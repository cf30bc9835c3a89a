/** One socket: frames in order, limits, close codes. It can harm nobody but itself [R5]. */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { CLOSE } from '../src/lib/domain/close-codes.ts';
import type { Actor } from '../src/lib/domain/policy.ts';
import type { Whom } from '../src/lib/server/runtime.ts';
import type { Limits } from './config.ts';
import type { Ending } from './ending.ts';
import { Pace } from './limits.ts';
import type { Metrics } from './metrics.ts';
import {
	decodeMessage,
	encodeAwareness,
	encodePresence,
	encodeSaved,
	isStep2,
	LABELS_CHANGED,
	RIGHTS_CHANGED
} from './protocol.ts';
import type { Room } from './room.ts';
import type { Member } from './turn.ts';
import { UnreadBytes } from './unread-bytes.ts';

/** Bytes that came and are not dealt with (the room loads, the database is slow); no more is read until they are. */
const MAX_WAITING = 32 * 1024 * 1024;
/** First steps that are not answered yet; each waits in memory. */
const MAX_QUESTIONS = 20;

/** Who is at the other end, to be asked again when rights change [G14]. */
export interface Visitor {
	actor: Actor;
	sessionId: string | null;
	linkId: string | null;
	expiresAt: Date | null;
}

export interface ConnectionOptions {
	socket: WebSocket;
	/** what the socket writes to */
	tcp: Duplex;
	ending: Ending;
	articleId: string;
	visitor: Visitor;
	ask: () => Promise<Visitor | null>;
	limits: Limits;
	metrics: Metrics;
}

/** Connections are kept alive in as many groups, one after the other: all at once would hold up everybody. */
export const KEEP_ALIVE_GROUPS = 30;
let created = 0;

export class Connection implements Member {
	readonly articleId: string;
	readonly group = created++ % KEEP_ALIVE_GROUPS;
	readonly #socket: WebSocket;
	readonly #tcp: Duplex;
	readonly #ending: Ending;
	readonly #metrics: Metrics;
	readonly #ask: () => Promise<Visitor | null>;
	readonly #pace: Pace;
	readonly #unread: UnreadBytes;
	#visitor: Visitor;
	#room: Room | null = null;
	/** frames that came before the room was there */
	#early: Uint8Array[] = [];
	/** bytes that came since all was dealt with */
	#waiting = 0;
	#questions = 0;
	#frames = 0;
	#stored = 0;
	#subscribed = false;
	#hearsLabels = false;
	#closed = false;
	/** pings in a row without an answer */
	#missed = 0;
	#corked = false;
	#expiry: NodeJS.Timeout | undefined;

	constructor({ socket, tcp, ending, articleId, visitor, ask, limits, metrics }: ConnectionOptions) {
		this.#socket = socket;
		this.#tcp = tcp;
		this.#ending = ending;
		this.articleId = articleId;
		this.#visitor = visitor;
		this.#ask = ask;
		this.#metrics = metrics;
		this.#pace = new Pace(limits.maxMessagesPerSecond);
		this.#unread = new UnreadBytes(limits.maxUnreadBytes);
		ending.about.principal = visitor.actor.principal;
		socket.on('message', (data: Buffer, isBinary: boolean) => this.#receive(data, isBinary));
		socket.on('ping', (data) => {
			if (this.#count(data) && this.#mayQueue(data.length)) socket.pong(data);
		});
		socket.on('pong', (data) => {
			this.#missed = 0;
			this.#count(data);
		});
		socket.on('close', () => this.#leave());
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
		for (const frame of this.#early.splice(0)) this.#handle(frame);
		this.#readOn();
	}

	send(frame: Uint8Array): void {
		if (isStep2(frame)) {
			this.sendOpening(frame);
			this.#questions = Math.max(0, this.#questions - 1);
			this.#readOn();
		} else if (this.#mayQueue(frame.length)) this.#write(frame);
	}

	sendOpening(frame: Uint8Array): void {
		if (!this.#isSpeaking()) return;
		if (this.#unread.open(this.#socket.bufferedAmount, frame.length, isStep2(frame))) this.#write(frame);
		else this.#tooSlow();
	}

	/** `frame` is a whole WebSocket frame: the library writes each of its own whole, too, so they never mix. */
	sendFramed(frame: Buffer): void {
		if (!this.#mayQueue(frame.length)) return;
		this.#gather();
		this.#tcp.write(frame);
		this.#metrics.sentBytes += frame.length;
	}

	/**
	 * A message at least every 20 s, or a stock provider gives up [R9]; and a ping, so that somebody whose network has
	 * gone does not stay in everybody's sight.
	 */
	keepAlive(): void {
		// one may be late where the other side is busy
		if (this.#missed++ >= 2) return this.#socket.terminate();
		this.#socket.ping();
		this.send(encodeAwareness(encodePresence([])));
	}

	saved(stateVector: () => Uint8Array, frames: number): void {
		if (this.#subscribed) this.send(encodeSaved(stateVector(), frames));
		this.#metrics.updatesStored += frames - this.#stored;
		this.#stored = frames;
		this.#readOn();
	}

	close(code: number, reason: string): void {
		if (this.#closed) return;
		this.#ending.close(code, reason);
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
			const before = this.actor;
			this.#visitor = visitor;
			this.#watchExpiry();
			if (this.#subscribed && rightsOf(before) !== rightsOf(this.actor)) this.send(RIGHTS_CHANGED);
		} else if (this.actor.kind === 'member') this.close(CLOSE.signIn, 'sign in first');
		else this.close(CLOSE.notAllowed, 'access');
	}

	/** The labels of the newsroom are others [G14]. */
	tellLabels(): void {
		if (this.#hearsLabels) this.send(LABELS_CHANGED);
	}

	#watchExpiry(): void {
		clearTimeout(this.#expiry);
		const { expiresAt } = this.#visitor;
		if (!expiresAt || this.#closed) return;
		const left = Math.max(0, Math.min(expiresAt.getTime() - Date.now() + 1, 2 ** 31 - 1));
		this.#expiry = setTimeout(() => void this.recheck(), left);
		this.#expiry.unref();
	}

	/** Whether another frame is within what one connection may send. */
	#count(frame: Uint8Array): boolean {
		if (this.#closed) return false;
		this.#metrics.receivedBytes += frame.length;
		if (this.#pace.take()) return true;
		// nothing more of it is read
		this.#socket.pause();
		this.close(CLOSE.tooMany, 'too many messages');
		return false;
	}

	#receive(data: Buffer, isBinary: boolean): void {
		if (!this.#count(data)) return;
		if (!isBinary) return this.close(CLOSE.undecodable, 'text frame');
		if (this.#room) return this.#handle(data);
		this.#early.push(data);
		this.#wait(data.length);
	}

	#handle(frame: Uint8Array): void {
		if (this.#closed) return;
		try {
			const message = decodeMessage(frame);
			if (message.kind === 'subscribe saved') this.#subscribed = true;
			else if (message.kind === 'subscribe labels') this.#hearsLabels = true;
			else {
				if (message.kind === 'update') {
					this.#frames++;
					this.#metrics.updatesReceived++;
					this.#wait(frame.length);
				} else if (message.kind === 'step1') {
					if (++this.#questions > MAX_QUESTIONS) return this.close(CLOSE.tooMany, 'too many questions');
				}
				this.#room!.receive(this, message, this.#frames);
			}
		} catch {
			this.close(CLOSE.undecodable, 'undecodable frame');
		}
	}

	#wait(bytes: number): void {
		this.#waiting += bytes;
		if (this.#waiting > MAX_WAITING) this.#socket.pause();
	}

	/** Once all that came is dealt with, more is read. */
	#readOn(): void {
		if (this.#closed || this.#stored < this.#frames || this.#questions > 0) return;
		this.#waiting = 0;
		if (this.#socket.isPaused) this.#socket.resume();
	}

	#isSpeaking(): boolean {
		return !this.#closed && this.#socket.readyState === this.#socket.OPEN;
	}

	#mayQueue(bytes: number): boolean {
		if (!this.#isSpeaking()) return false;
		if (this.#unread.add(this.#socket.bufferedAmount, bytes)) return true;
		this.#tooSlow();
		return false;
	}

	#tooSlow(): void {
		this.close(CLOSE.tryLater, 'reading too slowly');
	}

	#write(frame: Uint8Array): void {
		this.#gather();
		this.#socket.send(frame);
		this.#metrics.sentBytes += frame.length;
	}

	/** What is said in one turn of the event loop goes out in one write. */
	#gather(): void {
		if (this.#corked) return;
		this.#corked = true;
		this.#tcp.cork();
		if (gathering.push(this) === 1) process.nextTick(release);
	}

	/** The end of the turn: called by nobody else. */
	uncork(): void {
		this.#corked = false;
		this.#tcp.uncork();
	}

	#leave(): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#early = [];
		clearTimeout(this.#expiry);
		this.#room?.leave(this);
	}
}

const gathering: Connection[] = [];

function release(): void {
	for (const connection of gathering.splice(0)) connection.uncork();
}

const rightsOf = (actor: Actor) => (actor.kind === 'member' ? actor.role : actor.access);

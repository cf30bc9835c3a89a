/** The bus over Redis: publish and subscribe on one connection (RESP 3), nothing kept while it is away [C3]. */
import { randomUUID } from 'node:crypto';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { Logger } from 'pino';
import { createClient } from 'redis';
import type { Bus, Hint } from './bus.ts';

const HEARTBEAT_MS = 1000;
const SILENT_MS = 5000;
const CONNECT_MS = 2000;
const RETRY_MS = 500;
const CLOSE_MS = 500;
/** Commands that wait for Redis to answer; more than that, and it does not. */
const MAX_WAITING = 20_000;

/** What a message says: a hint, or something of the bus's own. */
const KINDS = ['grown', 'presence', 'left', 'who', 'notice', 'alive', 'ended'] as const;
type Message = Hint | { kind: 'alive' } | { kind: 'ended' };

type Client = ReturnType<typeof open>;

/**
 * Comes back at once and connects by itself, again and again. `scope` keeps installations apart that share a Redis. Every
 * `heartbeatMs` it says that it is alive; its own words come back to it, so that a connection which has died without a sign
 * is noticed too. Who has said nothing for `silentMs` is gone.
 */
export function redisBus(
	url: string,
	scope: string,
	log: Logger,
	{ heartbeatMs = HEARTBEAT_MS, silentMs = SILENT_MS } = {}
): Bus {
	return new RedisBus(url, `galley:${scope}`, log, heartbeatMs, silentMs);
}

class RedisBus implements Bus {
	readonly isAlone = false;
	readonly #id = randomUUID();
	readonly #url: string;
	readonly #channel: string;
	readonly #log: Logger;
	readonly #heartbeatMs: number;
	readonly #silentMs: number;
	readonly #rooms = new Set<string>();
	/** when each process, this one too, was last heard */
	readonly #heard = new Map<string, number>();
	readonly #heartbeat: NodeJS.Timeout;
	#retry: NodeJS.Timeout | undefined;
	#client: Client | null = null;
	#connected = false;
	#away = false;
	#lastBeat = performance.now();
	onHint: Bus['onHint'] = () => {};
	onGone: Bus['onGone'] = () => {};
	onListening: Bus['onListening'] = () => {};

	constructor(url: string, channel: string, log: Logger, heartbeatMs: number, silentMs: number) {
		this.#url = url;
		this.#channel = channel;
		this.#log = log;
		this.#heartbeatMs = heartbeatMs;
		this.#silentMs = silentMs;
		this.#heartbeat = setInterval(() => this.#beat(), heartbeatMs).unref();
		void this.#connect();
	}

	get connected(): boolean {
		return this.#connected;
	}

	publish(hint: Hint): void {
		this.#send(hint);
	}

	listen(room: string): void {
		this.#rooms.add(room);
		if (this.#connected) void this.#subscribe(this.#client!, [room]);
	}

	unlisten(room: string): void {
		if (!this.#rooms.delete(room) || !this.#connected) return;
		const client = this.#client!;
		client
			.unsubscribe(this.#channelOf(room), this.#receive, true)
			.catch((error) => this.#lose(client, error));
	}

	async close(): Promise<void> {
		clearInterval(this.#heartbeat);
		clearTimeout(this.#retry);
		const client = this.#client;
		if (!client) return;
		this.#send({ kind: 'ended' });
		this.#client = null;
		this.#connected = false;
		// what has been said goes out, unless nobody takes it
		const patience = setTimeout(() => client.destroy(), CLOSE_MS);
		await client.close().catch(() => {});
		clearTimeout(patience);
	}

	async #connect(): Promise<void> {
		const client = open(this.#url);
		this.#client = client;
		client.on('error', (error) => this.#lose(client, error));
		try {
			await client.connect();
			await client.subscribe(this.#channel, this.#receive, true);
		} catch (error) {
			return this.#lose(client, error);
		}
		if (this.#client !== client) return;
		this.#connected = true;
		if (this.#away) this.#log.info('Redis is back');
		this.#away = false;
		this.#heard.set(this.#id, performance.now());
		this.#send({ kind: 'alive' });
		await this.#subscribe(client, [...this.#rooms]);
	}

	async #subscribe(client: Client, rooms: string[]): Promise<void> {
		try {
			if (rooms.length > 0)
				await client.subscribe(
					rooms.map((room) => this.#channelOf(room)),
					this.#receive,
					true
				);
		} catch (error) {
			return this.#lose(client, error);
		}
		if (this.#client === client) this.onListening(rooms.filter((room) => this.#rooms.has(room)));
	}

	/** Nothing is kept for later, no subscription either: the next client starts anew. */
	#lose(client: Client, error: unknown): void {
		if (this.#client !== client) return;
		this.#client = null;
		this.#connected = false;
		client.destroy();
		if (!this.#away)
			this.#log.warn({ reason: reasonOf(error) }, 'Redis is away: the database is asked instead');
		this.#away = true;
		this.#retry = setTimeout(() => void this.#connect(), RETRY_MS * (0.5 + Math.random()));
	}

	#send(message: Message): void {
		if (!this.#connected) return;
		const client = this.#client!;
		const channel = 'room' in message ? this.#channelOf(message.room) : this.#channel;
		client
			.sendCommand(['PUBLISH', channel, encode(this.#id, message)])
			.catch((error) => this.#lose(client, error));
	}

	readonly #receive = (bytes: Buffer, channel: Buffer): void => {
		const { from, message } = decode(bytes, channel.toString().slice(this.#channel.length + 1));
		if (!message) return;
		const isNew = !this.#heard.has(from);
		this.#heard.set(from, performance.now());
		if (from === this.#id) return;
		if (message.kind === 'ended') this.#forget(from);
		else if (message.kind === 'alive') {
			// whoever is new need not wait for the next heartbeat
			if (isNew) this.#send(message);
		} else if (!('room' in message) || this.#rooms.has(message.room)) this.onHint(message, from);
	};

	#beat(): void {
		const now = performance.now();
		const late = now - this.#lastBeat > this.#heartbeatMs + this.#silentMs / 2;
		this.#lastBeat = now;
		this.#send({ kind: 'alive' });
		// what was said while this process stood still has yet to be read
		if (late) return;
		for (const [process, at] of this.#heard) {
			if (now - at < this.#silentMs) continue;
			if (process !== this.#id) this.#forget(process);
			else if (this.#connected) this.#lose(this.#client!, new Error('it has stopped to answer'));
		}
	}

	#forget(process: string): void {
		this.#heard.delete(process);
		this.onGone(process);
	}

	#channelOf(room: string): string {
		return `${this.#channel}:${room}`;
	}
}

const open = (url: string) =>
	createClient({
		url,
		disableOfflineQueue: true,
		commandsQueueMaxLength: MAX_WAITING,
		maintNotifications: 'disabled',
		socket: { connectTimeout: CONNECT_MS, reconnectStrategy: false }
	});

function encode(from: string, message: Message): Buffer {
	const encoder = encoding.createEncoder();
	encoding.writeUint8(encoder, KINDS.indexOf(message.kind));
	encoding.writeVarString(encoder, from);
	if (message.kind === 'grown') encoding.writeVarUint(encoder, message.number);
	if ('update' in message) encoding.writeUint8Array(encoder, message.update);
	return Buffer.from(encoding.toUint8Array(encoder));
}

/** `message` is null when it is of a kind that this version does not know. */
function decode(bytes: Buffer, room: string): { from: string; message: Message | null } {
	const decoder = decoding.createDecoder(bytes);
	const kind = KINDS[decoding.readUint8(decoder)];
	const from = decoding.readVarString(decoder);
	if (!kind) return { from, message: null };
	if (kind === 'grown') return { from, message: { kind, room, number: decoding.readVarUint(decoder) } };
	if (kind === 'presence' || kind === 'left')
		return { from, message: { kind, room, update: decoding.readTailAsUint8Array(decoder) } };
	return { from, message: kind === 'who' ? { kind, room } : { kind } };
}

const reasonOf = (error: unknown): string => (error instanceof Error && error.message) || String(error);

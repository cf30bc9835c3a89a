/** How a socket ends: with a close code, cut off when it does not answer, counted, and with a line in the log. */
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import { isAnnotationKey, isUuid } from '../src/lib/domain/annotation.ts';
import { CLOSE, closeReason } from '../src/lib/domain/close-codes.ts';
import type { Metrics } from './metrics.ts';

/** ms until one that does not answer is cut off; who sends too much is not even listened to */
const PATIENCE_MS = 3000;
const SHORT_PATIENCE_MS = 1000;

/** Codes that the other end may choose. */
const THEIRS = [1000, 1001, 1005, 1006];
/** What WebSocket itself forbids, by the library's name for it. */
const BROKEN: Record<string, [number, string]> = {
	WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: [CLOSE.frameTooLarge, 'frame too large'],
	WS_ERR_TOO_MANY_BUFFERED_PARTS: [1008, 'too many parts']
};
const WARNED: number[] = [CLOSE.undecodable, CLOSE.frameTooLarge, CLOSE.tooMany, 1002, 1008];

/** What the log says of a connection: never a body, nor a name. */
export interface About {
	/** a room's name, or null where it is none */
	room: string | null;
	address: string;
	principal?: string;
}

export class Ending {
	readonly about: About;
	readonly #socket: WebSocket;
	readonly #logger: Logger;
	readonly #metrics: Metrics;
	#code: number | null = null;

	/** Also listens for errors: without a listener one oversized frame would end the process. */
	constructor(socket: WebSocket, about: About, { logger, metrics }: { logger: Logger; metrics: Metrics }) {
		this.about = about;
		this.#socket = socket;
		this.#logger = logger;
		this.#metrics = metrics;
		socket.on('error', (error: NodeJS.ErrnoException) => {
			this.close(...(BROKEN[error.code ?? ''] ?? ([1002, 'no WebSocket'] as [number, string])));
		});
		socket.on('close', (code) => {
			metrics.countClosed(this.#code ?? (THEIRS.includes(code) ? code : 1000));
		});
	}

	/** `quiet`: somebody else writes the line. The first close counts. */
	close(code: number, reason: string, { quiet = false } = {}): void {
		if (this.#code !== null || this.#socket.readyState === this.#socket.CLOSED) return;
		this.#code = code;
		const rule = ruleOf(reason);
		if (rule) this.#metrics.countRefused(rule);
		if (!quiet && reason !== 'restarting')
			this.#logger[WARNED.includes(code) ? 'warn' : 'info'](
				{ ...this.about, code, reason: rule ? withoutWords(reason) : reason },
				'connection ended'
			);
		this.#socket.close(code, closeReason(reason));
		const patience = code === CLOSE.tooMany ? SHORT_PATIENCE_MS : PATIENCE_MS;
		setTimeout(() => this.#socket.terminate(), patience).unref();
	}
}

/** The rule that refused, where one did. */
const ruleOf = (reason: string): string | undefined => /^([A-Z]\d+) /.exec(reason)?.[1];

/** `<rule> <annotation> <key>`, as far as they are names that we know: a client can put anything where a key stands. */
const withoutWords = (reason: string) => {
	const [rule, annotation, key] = reason.split(' ');
	return [rule, isUuid(annotation) ? annotation : '-', isAnnotationKey(key ?? '') ? key : '-'].join(' ');
};

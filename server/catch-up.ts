/** Asks the database for what hints may not have told: notices always [G14], how far the logs are more often without the bus [C3]. */
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import { NoticeReader, type About } from '../src/lib/server/notices.ts';
import { listGrown, type LogPool } from '../src/lib/server/room-log.ts';
import type { Bus } from './bus.ts';

const TICK_MS = 500;
/** Ticks from one look at the logs to the next while hints arrive. */
const CONNECTED_TICKS = 10;

export interface Caught {
	/** the rooms that are open and how far each has read; none: nothing is asked */
	heads(): { room: string; number: number }[];
	grown(room: string, number: number): void;
	noticed(about: About): Promise<void>;
}

export class CatchUp {
	readonly #pool: LogPool;
	readonly #bus: Bus;
	readonly #logger: Logger;
	readonly #to: Caught;
	readonly #notices: NoticeReader;
	readonly #timer: NodeJS.Timeout;
	#ticks = 0;
	/** read, and not followed yet */
	#fresh: About[] = [];
	#reading: Promise<void> | null = null;
	#isOwed = false;
	#asking = false;

	constructor(pool: LogPool, bus: Bus, logger: Logger, to: Caught) {
		this.#pool = pool;
		this.#bus = bus;
		this.#logger = logger;
		this.#to = to;
		this.#notices = new NoticeReader(pool);
		this.#timer = setInterval(() => this.#tick(), TICK_MS).unref();
	}

	/** There are new notices. */
	read(): void {
		if (this.#reading) this.#isOwed = true;
		else this.#reading = this.#read().finally(() => (this.#reading = null));
	}

	/** Whether the logs of these rooms, or of all that are open, have grown. */
	async look(rooms?: string[]): Promise<void> {
		const open = this.#to.heads().filter(({ room }) => !rooms || rooms.includes(room));
		if (open.length === 0) return;
		try {
			for (const { room, number } of await listGrown(this.#pool, open)) this.#to.grown(room, number);
		} catch (error) {
			this.#later(error);
		}
	}

	stop(): void {
		clearInterval(this.#timer);
	}

	#tick(): void {
		if (this.#to.heads().length === 0) return;
		this.read();
		const isTime = !this.#bus.connected || ++this.#ticks % CONNECTED_TICKS === 0;
		if (this.#bus.isAlone || !isTime || this.#asking) return;
		this.#asking = true;
		void this.look().finally(() => (this.#asking = false));
	}

	async #read(): Promise<void> {
		do {
			this.#isOwed = false;
			try {
				this.#fresh.push(...(await this.#notices.read()));
				for (; this.#fresh.length > 0; this.#fresh.shift()) {
					const [about, next] = this.#fresh;
					// of what is said several times, as of each label of a list, the last will do
					if (!isDeepStrictEqual(about, next)) await this.#to.noticed(about!);
				}
			} catch (error) {
				this.#later(error);
			}
		} while (this.#isOwed);
	}

	#later(error: unknown): void {
		this.#logger.debug({ err: error }, 'the database is asked again');
	}
}

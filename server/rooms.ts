/** The open rooms: each opens once and closes once [R2, R3]. What the services see of them is LiveRooms. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Annotation } from '../src/lib/domain/annotation.ts';
import { CLOSE } from '../src/lib/domain/close-codes.ts';
import { SHARED, layerRoom, parseRoom, textRoom, type ArticleState } from '../src/lib/domain/room.ts';
import type { Range } from '../src/lib/domain/selector.ts';
import type { Connection as DatabaseConnection, Database } from '../src/lib/server/database.ts';
import { notFound } from '../src/lib/server/errors.ts';
import type { About } from '../src/lib/server/notices.ts';
import type { LogPool } from '../src/lib/server/room-log.ts';
import type { LiveRooms, Whom } from '../src/lib/server/runtime.ts';
import { finishSlowly, stepping } from '../src/lib/server/steps.ts';
import { encodeAnchor } from '../src/lib/ydoc/anchor.ts';
import { eachAnnotation, readPeople, readReactions, type Doc } from '../src/lib/ydoc/layer.ts';
import { readTextOf } from '../src/lib/ydoc/stored.ts';
import { readText } from '../src/lib/ydoc/text.ts';
import { Aside } from './aside.ts';
import type { Bus, Hint } from './bus.ts';
import { CatchUp } from './catch-up.ts';
import type { Limits } from './config.ts';
import { KEEP_ALIVE_GROUPS, type Connection } from './connection.ts';
import { UpdateLog } from './log.ts';
import type { Metrics } from './metrics.ts';
import { Room, type Surroundings } from './room.ts';

const IDLE_MS = 60_000;
const KEEP_ALIVE_MS = 15_000;
/** How long a process that ends writes snapshots. */
const REST_MS = 3000;

export interface RoomsOptions {
	db: Database;
	pool: LogPool;
	/** for work on whole documents, aside */
	connection: DatabaseConnection;
	bus: Bus;
	limits: Limits;
	metrics: Metrics;
	logger: Logger;
	/** ms after which a room that nobody is in leaves memory */
	idleMs?: number;
}

export class Rooms implements LiveRooms {
	readonly connections = new Set<Connection>();
	readonly #db: Database;
	readonly #logger: Logger;
	readonly #bus: Bus;
	readonly #catchUp: CatchUp;
	readonly #shared: Surroundings;
	readonly #open = new Map<string, Promise<Room | null>>();
	readonly #loaded = new Map<string, Room>();
	readonly #keepAlive: NodeJS.Timeout;
	readonly #sweep: NodeJS.Timeout;
	readonly #idleSince = new Map<string, number>();

	constructor({ db, pool, connection, bus, limits, metrics, logger, idleMs = IDLE_MS }: RoomsOptions) {
		this.#db = db;
		this.#logger = logger;
		this.#bus = bus;
		this.#shared = {
			log: new UpdateLog(pool, metrics),
			aside: new Aside(connection),
			bus,
			limits,
			metrics,
			dropped: (room, error) => {
				this.#logger.error(
					{ err: error, room: room.name },
					'a room was given up: what came last is not stored'
				);
				this.#forget(room);
			}
		};
		this.#catchUp = new CatchUp(pool, bus, logger, {
			heads: () => [...this.#loaded].map(([room, { number }]) => ({ room, number })),
			grown: (room, number) => this.#whenOpen(room, (one) => one.grown(number)),
			noticed: (about) => this.#noticed(about)
		});
		bus.onHint = (hint, from) => this.#hear(hint, from);
		bus.onGone = (process) => {
			for (const room of this.#loaded.values()) room.presence.gone(process);
		};
		bus.onListening = (names) => {
			// what was said before is asked for
			for (const name of names) this.#whenOpen(name, (room) => room.presence.announce());
			void this.#catchUp.look(names);
		};
		let turn = 0;
		this.#keepAlive = setInterval(() => {
			turn = (turn + 1) % KEEP_ALIVE_GROUPS;
			for (const connection of this.connections) if (connection.group === turn) connection.keepAlive();
		}, KEEP_ALIVE_MS / KEEP_ALIVE_GROUPS).unref();
		this.#sweep = setInterval(() => void this.#closeIdle(idleMs), Math.min(idleMs, 10_000)).unref();
	}

	/** The room, loaded; null when there is none. */
	open(name: string): Promise<Room | null> {
		// whoever has just asked for it has a moment to come in
		this.#idleSince.delete(name);
		let opening = this.#open.get(name);
		if (!opening) {
			opening = this.#load(name);
			this.#open.set(name, opening);
			const forget = () => {
				if (this.#open.get(name) === opening) this.#open.delete(name);
			};
			opening.then((room) => room ?? forget(), forget);
		}
		return opening;
	}

	/** Whether the room is in memory, or on its way there. */
	isOpen(name: string): boolean {
		return this.#open.has(name);
	}

	async readText(articleId: string) {
		return (await this.#require(textRoom(articleId))).read(readText);
	}

	async readPlaces(articleId: string, annotations: Annotation[]) {
		return (await this.#require(textRoom(articleId))).read((doc) => finishSlowly(placesIn(doc, annotations)));
	}

	async readLayer(articleId: string, layer: string) {
		const room = await this.#require(layerRoom(articleId, layer));
		return room.read((doc) => finishSlowly(contentOf(doc)));
	}

	describeStored(articleId: string, layer: string) {
		return this.#shared.aside.do('describe', { articleId, layer });
	}

	async change(articleId: string, layer: string, ...[actor, changes]: Tail<LiveRooms['change']>) {
		await (await this.#require(layerRoom(articleId, layer))).change(actor, changes);
	}

	async anchor(articleId: string, range: { from: number; to: number }) {
		return (await this.#require(textRoom(articleId))).read((doc) => encodeAnchor(doc, range));
	}

	async articleChanged(articleId: string) {
		const state = await this.#stateOf(articleId);
		if (!state) return;
		// the text room says it to everybody, open or not; of the layers only those that are open need to know
		const layer = await this.#open.get(layerRoom(articleId, SHARED));
		await layer?.setArticle(state);
		await (await this.#require(textRoom(articleId))).setArticle(state);
		this.#bus.publish({ kind: 'notice' });
	}

	async recheck(whom: Whom) {
		await this.#recheckHere(whom);
		this.#bus.publish({ kind: 'notice' });
	}

	/** Stores what is under way and ends every connection [S4]. */
	async close(): Promise<void> {
		clearInterval(this.#keepAlive);
		clearInterval(this.#sweep);
		this.#catchUp.stop();
		const rooms = await Promise.all(this.#open.values());
		await Promise.all(rooms.map((room) => room?.end(CLOSE.restarting, 'restarting')));
		for (const connection of this.connections) connection.close(CLOSE.restarting, 'restarting');
		// they are to open with short tails; what takes longer is left as it is
		await Promise.race([Promise.all(rooms.map((room) => room?.rest())), wait(REST_MS, null, { ref: false })]);
		await this.#shared.aside.close();
	}

	#hear(hint: Hint, from: string): void {
		switch (hint.kind) {
			case 'grown':
				return this.#whenOpen(hint.room, (room) => room.grown(hint.number));
			case 'notice':
				return this.#catchUp.read();
			default:
				return this.#whenOpen(hint.room, (room) => room.presence.hear(hint, from));
		}
	}

	/** What comes while the room is loading waits for that. */
	#whenOpen(name: string, act: (room: Room) => void): void {
		this.#open.get(name)?.then(
			(room) => room && act(room),
			() => {}
		);
	}

	async #recheckHere(whom: Whom): Promise<void> {
		const affected = [...this.connections].filter((connection) => connection.matches(whom));
		await Promise.all(affected.map((connection) => connection.recheck()));
	}

	/** Follows what has changed in the database, here or elsewhere [G14]. */
	async #noticed(about: About): Promise<void> {
		if (about.kind === 'access') return this.#recheckHere(about);
		if (about.kind === 'labels') return this.#tellLabels(about.newsroomId);
		const rooms = [...this.#loaded.values()].filter(({ address }) => address.articleId === about.articleId);
		const state = rooms.length > 0 && (await this.#stateOf(about.articleId));
		if (state) for (const room of rooms) room.followArticle(state);
	}

	async #tellLabels(newsroomId: string): Promise<void> {
		const open = [...new Set([...this.connections].map(({ articleId }) => articleId))];
		const articles = await this.#db.article.findMany({
			where: { id: { in: open }, newsroomId },
			select: { id: true }
		});
		const theirs = new Set(articles.map(({ id }) => id));
		for (const connection of this.connections) if (theirs.has(connection.articleId)) connection.tellLabels();
	}

	async #load(name: string): Promise<Room | null> {
		const address = parseRoom(name);
		const state = address && (await this.#stateOf(address.articleId));
		if (!state) return null;
		const room = new Room(name, address, state, this.#shared);
		// hints that come while it loads are not missed
		this.#loaded.set(name, room);
		this.#bus.listen(name);
		if (!(await room.load().catch((error) => (this.#forget(room), Promise.reject(error))))) {
			this.#forget(room);
			return null;
		}
		this.#shared.metrics.rooms = this.#loaded.size;
		// the row may have changed while nobody looked
		if (address.kind === 'text') await room.setArticle(state);
		return room;
	}

	async #require(name: string): Promise<Room> {
		const room = await this.open(name);
		if (!room) throw notFound('room');
		return room;
	}

	async #stateOf(articleId: string): Promise<ArticleState | null> {
		const row = await this.#db.article.findUnique({
			where: { id: articleId },
			select: { title: true, status: true, version: true, textLocked: true }
		});
		return row && { ...row, status: row.status === 'finished' ? 'finished' : 'open' };
	}

	#forget(room: Room): void {
		if (this.#loaded.get(room.name) !== room) return;
		this.#loaded.delete(room.name);
		this.#open.delete(room.name);
		this.#idleSince.delete(room.name);
		this.#bus.unlisten(room.name);
		this.#shared.metrics.rooms = this.#loaded.size;
		room.leaveMemory();
	}

	/** Rooms in which nobody has been for a while leave memory; what they held is in the log. */
	async #closeIdle(idleMs: number): Promise<void> {
		for (const [name, opening] of this.#open) {
			const room = await opening.catch(() => null);
			if (!room?.isIdle) this.#idleSince.delete(name);
			else if (!this.#idleSince.has(name)) this.#idleSince.set(name, Date.now());
			else if (Date.now() - this.#idleSince.get(name)! >= idleMs) this.#forget(room);
		}
	}
}

/** A step for each: looking for a quote may cost milliseconds. */
function* placesIn(doc: Doc, annotations: Annotation[]) {
	const { text, rangeOf } = readTextOf(doc);
	const places = new Map<string, Range | null>();
	for (const annotation of annotations) {
		places.set(annotation.id, rangeOf(annotation));
		yield;
	}
	return { text, places };
}

function* contentOf(doc: Doc) {
	const annotations: Annotation[] = [];
	yield* stepping(eachAnnotation(doc), (annotation) => annotations.push(annotation));
	return { annotations, people: readPeople(doc), reactions: readReactions(doc) };
}

type Tail<F> = F extends (articleId: string, layer: string, ...rest: infer R) => unknown ? R : never;

/** Upgrade → who is it → which room. `main.ts` and `vite dev` both call it. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { CLOSE, SCHEMA_VERSION } from '../src/lib/domain/close-codes.ts';
import { mayOpenRoom } from '../src/lib/domain/policy.ts';
import { parseRoom, type RoomAddress } from '../src/lib/domain/room.ts';
import { actorFor, checkOrigin, guestFor, identify, type Identity } from '../src/lib/server/identity.ts';
import type { Runtime } from '../src/lib/server/runtime.ts';
import type { Limits } from './config.ts';
import { Connection, type Visitor } from './connection.ts';
import { Ending } from './ending.ts';
import { addressReader, Storms, Tally } from './limits.ts';
import type { Metrics } from './metrics.ts';
import { readerOf, roomNameOf, urlOf } from './request.ts';
import type { Rooms } from './rooms.ts';

const PATH = '/sync/';
/** Some browsers cut a large frame into parts of 128 KiB. */
const MAX_PARTS = 1024;

export interface AttachOptions {
	runtime: Runtime;
	rooms: Rooms;
	limits: Limits;
	/** whose word on addresses is believed */
	trustProxy: string[];
	metrics: Metrics;
}

/** Serves sync on the HTTP server; returns how to take no more. */
export function attach(
	server: Pick<Server, 'on' | 'off' | 'listenerCount'>,
	options: AttachOptions
): () => void {
	const sockets = new WebSocketServer({
		noServer: true,
		maxPayload: options.limits.maxFrameBytes,
		maxFragments: MAX_PARTS,
		perMessageDeflate: false,
		// text is refused whatever it says, and pings are counted before they are answered
		skipUTF8Validation: true,
		autoPong: false
	});
	const reception = new Reception(options);
	const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
		if (!request.url?.startsWith(PATH)) {
			// somebody else may serve it (vite its hot reload); alone, it is nobody's
			if (server.listenerCount('upgrade') === 1) socket.destroy();
			return;
		}
		// accepted first: a refused upgrade would make a stock provider come again for ever
		sockets.handleUpgrade(
			request,
			socket,
			head,
			(accepted) => void reception.welcome(accepted, socket, request)
		);
	};
	server.on('upgrade', upgrade);
	return () => void server.off('upgrade', upgrade);
}

type Admission = { code: number; reason: string } | Connection;

/** Lets connections in, as many as there may be. */
class Reception {
	readonly #options: AttachOptions;
	readonly #addressOf: (request: IncomingMessage) => string;
	readonly #byAddress: Tally;
	readonly #byPerson: Tally;
	readonly #storms = new Storms();

	constructor(options: AttachOptions) {
		this.#options = options;
		this.#addressOf = addressReader(options.trustProxy);
		this.#byAddress = new Tally(options.limits.maxConnectionsPerAddress);
		this.#byPerson = new Tally(options.limits.maxConnectionsPerPerson);
	}

	async welcome(socket: WebSocket, tcp: Duplex, request: IncomingMessage): Promise<void> {
		const { runtime, rooms, metrics } = this.#options;
		const address = this.#addressOf(request);
		const name = roomNameOf(request, PATH);
		const about = { room: parseRoom(name) && name, address };
		const ending = new Ending(socket, about, { logger: runtime.log, metrics });
		metrics.connections++;
		socket.on('close', () => metrics.connections--);
		if (!this.#enter(this.#byAddress, address, socket))
			return this.#tooMany(ending, 'too many connections from this address', { address });
		// frames that come while we look around are kept in order
		socket.pause();
		try {
			const admission = await this.#admit(socket, tcp, request, ending);
			if ('code' in admission) return ending.close(admission.code, admission.reason);
			socket.resume();
			const room = await rooms.open(name);
			if (!room) return admission.close(CLOSE.noSuchRoom, 'no such room');
			admission.enter(room);
		} catch (error) {
			const write = (times: number) => runtime.log.error({ err: error, times }, 'a room did not open');
			this.#storms.note(String(error), write);
			ending.close(CLOSE.tryLater, 'cannot open now', { quiet: true });
		} finally {
			// or its end would not be noticed
			socket.resume();
		}
	}

	/** Counted until it ends; false where there are too many. */
	#enter(tally: Tally, name: string, socket: WebSocket): boolean {
		if (!tally.add(name)) return false;
		socket.on('close', () => tally.remove(name));
		return true;
	}

	#tooMany(ending: Ending, reason: string, whose: { address: string } | { principal: string }): void {
		ending.close(CLOSE.tooMany, reason, { quiet: true });
		this.#storms.note(Object.values(whose).join(), (times) =>
			this.#options.runtime.log.warn({ ...whose, code: CLOSE.tooMany, reason, times }, 'connections refused')
		);
	}

	async #admit(socket: WebSocket, tcp: Duplex, request: IncomingMessage, ending: Ending): Promise<Admission> {
		const { runtime, rooms, limits, metrics } = this.#options;
		const headers = readerOf(request);
		const { searchParams } = urlOf(request);
		const byCookie = headers.get('cookie') !== undefined && headers.get('authorization') === undefined;
		if (!checkOrigin(headers, runtime.origin, byCookie)) return { code: CLOSE.notAllowed, reason: 'origin' };
		const version = searchParams.get('v');
		if (version !== null && version !== SCHEMA_VERSION)
			return { code: CLOSE.reload, reason: 'reload the page' };
		const who = () => identify(runtime, { headers, as: searchParams.get('as') });
		const identity = await who();
		if (!identity) return { code: CLOSE.signIn, reason: 'sign in first' };
		const room = parseRoom(roomNameOf(request, PATH));
		const visitor = room && visitorOf(identity, room);
		if (!visitor) return { code: CLOSE.noSuchRoom, reason: 'no such room' };
		if (socket.readyState !== socket.OPEN) return { code: CLOSE.tryLater, reason: 'gone' };
		const { articleId } = room;
		const ask = async () => visitorOf(await who(), room);
		const { principal } = visitor.actor;
		if (!this.#enter(this.#byPerson, principal, socket)) {
			const reason = 'too many connections of this person';
			this.#tooMany(ending, reason, { principal });
			return { code: CLOSE.tooMany, reason };
		}
		const connection = new Connection({ socket, tcp, ending, articleId, visitor, ask, limits, metrics });
		rooms.connections.add(connection);
		socket.on('close', () => rooms.connections.delete(connection));
		return connection;
	}
}

/** Who it is, as far as they may open the room. */
function visitorOf(identity: Identity | null, room: RoomAddress): Visitor | null {
	const actor = actorFor(identity, room.articleId);
	if (!identity || !actor || !mayOpenRoom(actor, room)) return null;
	const guest = guestFor(identity, room.articleId);
	return {
		actor,
		sessionId: identity.kind === 'member' ? identity.sessionId : null,
		linkId: guest?.linkId ?? null,
		expiresAt: guest?.expiresAt ?? null
	};
}

/** Upgrade → who is it → which room. `main.ts` and `vite dev` both call it. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { CLOSE, SCHEMA_VERSION } from '../src/lib/domain/close-codes.ts';
import { may, mayOpenLayer } from '../src/lib/domain/policy.ts';
import { parseRoom, type RoomAddress } from '../src/lib/domain/room.ts';
import { actorFor, checkOrigin, guestFor, identify, type HeaderReader } from '../src/lib/server/identity.ts';
import type { Runtime } from '../src/lib/server/runtime.ts';
import { Connection, type Visitor } from './connection.ts';
import type { Rooms } from './rooms.ts';

const PATH = '/sync/';
/** Bytes of one frame: more than an article of the largest size and its layer. */
const MAX_FRAME = 16 * 1024 * 1024;

/** Serves sync on the HTTP server; returns how to take no more. */
export function attach(
	server: Pick<Server, 'on' | 'off' | 'listenerCount'>,
	runtime: Runtime,
	rooms: Rooms
): () => void {
	const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME, perMessageDeflate: false });
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
			(accepted) => void welcome(accepted, request, runtime, rooms)
		);
	};
	server.on('upgrade', upgrade);
	return () => void server.off('upgrade', upgrade);
}

async function welcome(
	socket: WebSocket,
	request: IncomingMessage,
	runtime: Runtime,
	rooms: Rooms
): Promise<void> {
	// without a listener one oversized frame would end the process
	socket.on('error', (error) => runtime.log.debug({ error: error.message }, 'socket'));
	// frames that come while we look around are kept in order
	socket.pause();
	try {
		const { code, reason, connection } = await admit(socket, request, runtime, rooms);
		if (!connection) return socket.close(code, reason);
		socket.resume();
		const room = await rooms.open(decodeRoom(request));
		if (!room) return connection.close(CLOSE.noSuchRoom, 'no such room');
		connection.enter(room);
	} catch (error) {
		runtime.log.error({ err: error }, 'a room did not open');
		socket.close(CLOSE.tryLater, 'cannot open now');
	} finally {
		socket.resume();
	}
}

type Admission =
	{ code: number; reason: string; connection?: undefined } | { code: 0; reason: ''; connection: Connection };
const refuse = (code: number, reason: string): Admission => ({ code, reason });

async function admit(
	socket: WebSocket,
	request: IncomingMessage,
	runtime: Runtime,
	rooms: Rooms
): Promise<Admission> {
	const headers = readerOf(request);
	const { searchParams } = urlOf(request);
	if (
		!checkOrigin(
			headers,
			runtime.origin,
			headers.get('cookie') !== undefined && headers.get('authorization') === undefined
		)
	)
		return refuse(CLOSE.notAllowed, 'origin');
	const version = searchParams.get('v');
	if (version !== null && version !== SCHEMA_VERSION) return refuse(CLOSE.reload, 'reload the page');
	const address = parseRoom(decodeRoom(request));
	const identity = await identify(runtime, { headers, as: searchParams.get('as') });
	if (!identity) return refuse(CLOSE.signIn, 'sign in first');
	if (!address) return refuse(CLOSE.noSuchRoom, 'no such room');
	const ask = () => visitorOf(runtime, headers, searchParams, address);
	const visitor = await ask();
	if (!visitor) return refuse(CLOSE.noSuchRoom, 'no such room');
	if (socket.readyState !== socket.OPEN) return refuse(CLOSE.tryLater, 'gone');
	const connection = new Connection(socket, address.articleId, visitor, ask);
	rooms.connections.add(connection);
	socket.on('close', () => rooms.connections.delete(connection));
	return { code: 0, reason: '', connection };
}

/** Who the headers name now, when they may open the room. */
async function visitorOf(
	runtime: Runtime,
	headers: HeaderReader,
	searchParams: URLSearchParams,
	address: RoomAddress
): Promise<Visitor | null> {
	const identity = await identify(runtime, { headers, as: searchParams.get('as') });
	const actor = actorFor(identity, address.articleId);
	const opens =
		address.kind === 'text'
			? may(actor, 'read article', address.articleId)
			: mayOpenLayer(actor, address.articleId, address.layer);
	if (!identity || !actor || !opens) return null;
	const guest = guestFor(identity, address.articleId);
	return {
		actor,
		sessionId: identity.kind === 'member' ? identity.sessionId : null,
		linkId: guest?.linkId ?? null,
		expiresAt: guest?.expiresAt ?? null
	};
}

const urlOf = (request: IncomingMessage) => new URL(request.url ?? '/', 'http://localhost');

function decodeRoom(request: IncomingMessage): string {
	const name = urlOf(request).pathname.slice(PATH.length);
	try {
		return decodeURIComponent(name);
	} catch {
		return name;
	}
}

const readerOf = ({ headers }: IncomingMessage): HeaderReader => ({
	get: (name) => {
		const value = headers[name];
		return Array.isArray(value) ? value.join(', ') : value;
	}
});

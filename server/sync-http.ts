/**
 * `GET /api/v1/sync/<room>`: the stored snapshot of a room, compressed as it is stored and never decoded. Answered before the
 * pages, whose modules a process that has just started would have to load first. It holds only what is stored [S1].
 */
import { STATUS_CODES, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { mayOpenRoom } from '../src/lib/domain/policy.ts';
import { parseRoom } from '../src/lib/domain/room.ts';
import { actorFor, checkOrigin, identify } from '../src/lib/server/identity.ts';
import { loadSnapshot, snapshotNumber } from '../src/lib/server/room-log.ts';
import { readerOf, roomNameOf, urlOf } from './request.ts';
import type { Started } from './start.ts';

const PATH = '/api/v1/sync/';
/** As the pages say it of every answer (hooks.server.ts). */
const ALWAYS = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin' };

type Served = Pick<Started, 'runtime' | 'logPool'>;

/** Whether the request was for a snapshot, and is answered. */
export function answerSync(served: Served, request: IncomingMessage, response: ServerResponse): boolean {
	if (!request.url?.startsWith(PATH)) return false;
	answer(served, request, response).catch((error: NodeJS.ErrnoException) => {
		// whoever leaves in the middle is no failure of ours
		if (error.code === 'ERR_STREAM_PREMATURE_CLOSE') return;
		served.runtime.log.error({ err: error, path: request.url }, 'a snapshot was not sent');
		if (response.headersSent) response.destroy();
		else problem(response, 500, 'Something went wrong here. It has been written to the log.');
	});
	return true;
}

async function answer({ runtime, logPool }: Served, request: IncomingMessage, response: ServerResponse) {
	if (request.method !== 'GET' && request.method !== 'HEAD')
		return problem(response, 405, 'A snapshot can only be read.', { allow: 'GET, HEAD' });
	const headers = readerOf(request);
	if (!checkOrigin(headers, runtime.origin, false))
		return problem(response, 403, 'The Origin of this request is not the address of this newsroom.');
	const identity = await identify(runtime, { headers, as: urlOf(request).searchParams.get('as') });
	if (!identity)
		return problem(response, 401, 'Sign in first.', { 'www-authenticate': 'Bearer realm="Galley"' });

	const name = roomNameOf(request, PATH);
	const room = parseRoom(name);
	const opens = room && mayOpenRoom(actorFor(identity, room.articleId), room);
	const number = opens ? await snapshotNumber(logPool, name) : null;
	if (number === null) return problem(response, 404, 'There is no such room.');

	const about = {
		...ALWAYS,
		'cache-control': 'private, no-cache',
		vary: 'Cookie, Authorization, Accept-Encoding'
	};
	if (number === 0) return void response.writeHead(204, about).end();
	const known = (headers.get('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
	if (known.includes(`"${number}"`) || known.includes('*'))
		return void response.writeHead(304, { ...about, etag: `"${number}"` }).end();
	const zipped = acceptsGzip(headers.get('accept-encoding') ?? '');
	const found = {
		...about,
		...(zipped && { 'content-encoding': 'gzip' }),
		'content-type': 'application/octet-stream'
	};
	if (request.method === 'HEAD') return void response.writeHead(200, { ...found, etag: `"${number}"` }).end();

	// it may have been compacted further meanwhile
	const snapshot = await loadSnapshot(logPool, name);
	if (!snapshot) return problem(response, 404, 'There is no such room.');
	const { state, bytes } = snapshot;
	const etag = `"${snapshot.number}"`;
	response.writeHead(200, { ...found, etag, 'content-length': zipped ? state.length : bytes });
	if (zipped) return void response.end(state);
	const unzip = createGunzip();
	unzip.end(state);
	await pipeline(unzip, response);
}

/** RFC 9457, as the rest of the API. */
function problem(response: ServerResponse, status: number, detail: string, more: OutgoingHttpHeaders = {}) {
	response.writeHead(status, {
		...ALWAYS,
		...more,
		'content-type': 'application/problem+json',
		'cache-control': 'no-store'
	});
	const code = CODES[status];
	response.end(JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail, code }));
}

/** As the API names them (src/lib/server/errors.ts). */
const CODES: Record<number, string> = { 401: 'unknown person', 403: 'forbidden', 404: 'not found' };

/** Whether the client reads gzip: it says so, and not with a weight of nought. */
const acceptsGzip = (accepted: string): boolean =>
	accepted.split(',').some((one) => {
		const [coding, ...parameters] = one
			.toLowerCase()
			.split(';')
			.map((part) => part.trim());
		const refused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
		return (coding === 'gzip' || coding === '*') && !refused;
	});

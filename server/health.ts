/** `/healthz` (alive), `/readyz` (can serve) and `/metrics` (what is counted), answered before the pages. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Bus } from './bus.ts';
import type { Config } from './config.ts';
import type { Started } from './start.ts';

/** Whether the request was one of the three, and is answered. */
export function answerHealth(
	{ runtime, metrics, bus }: Pick<Started, 'runtime' | 'metrics' | 'bus'>,
	{ metricsToken }: Pick<Config, 'metricsToken'>,
	request: IncomingMessage,
	response: ServerResponse
): boolean {
	switch (request.url?.split('?')[0]) {
		case '/healthz':
			say(response, 200, 'ok');
			return true;
		case '/readyz':
			runtime.ready().then(
				(ready) => say(response, ready ? 200 : 503, ready ? wordsOf(bus) : 'not ready'),
				() => say(response, 503, 'the database does not answer')
			);
			return true;
		case '/metrics':
			metrics.busConnected = bus.connected ? 1 : 0;
			if (mayCount(request, metricsToken))
				// nobody pays for the measuring of a process that is not watched
				import('./prometheus.ts')
					.then(({ exposition }) => exposition(metrics))
					.then(
						({ type, text }) => say(response, 200, text, type),
						() => say(response, 500, 'not counted')
					);
			else say(response, 404, 'not found');
			return true;
		default:
			return false;
	}
}

/** Work goes on without Redis [C3]: no balancer is to take every process out for it. */
const wordsOf = (bus: Bus) =>
	bus.connected ? 'ready' : 'ready; Redis is away, and the database is asked instead';

/** With a token: whoever shows it. Without: this machine, unless it asks for somebody else. */
function mayCount({ socket, headers }: IncomingMessage, token: string | null): boolean {
	if (token !== null) return sameSecret(headers.authorization ?? '', `Bearer ${token}`);
	const isHere = /^(::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? '');
	return isHere && !FORWARDING.some((name) => name in headers);
}

const FORWARDING = ['x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via'];

const digest = (value: string) => createHash('sha256').update(value).digest();

/** In constant time, whatever the lengths. */
const sameSecret = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));

function say(
	response: ServerResponse,
	status: number,
	words: string,
	type = 'text/plain; charset=utf-8'
): void {
	response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
	response.end(words.endsWith('\n') ? words : `${words}\n`);
}

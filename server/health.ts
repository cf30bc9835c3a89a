/** `/healthz` (alive) and `/readyz` (can serve), answered before the pages. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Runtime } from '../src/lib/server/runtime.ts';

/** Whether the request was one of the two, and is answered. */
export function answerHealth(runtime: Runtime, request: IncomingMessage, response: ServerResponse): boolean {
	const path = request.url?.split('?')[0];
	if (path === '/healthz') {
		say(response, 200, 'ok');
		return true;
	}
	if (path !== '/readyz') return false;
	runtime.ready().then(
		(ready) => say(response, ready ? 200 : 503, ready ? 'ready' : 'not ready'),
		() => say(response, 503, 'the database does not answer')
	);
	return true;
}

function say(response: ServerResponse, status: number, words: string): void {
	response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
	response.end(`${words}\n`);
}

/** The process: one port for pages, API and sync. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { attach } from './attach.ts';
import { buildWhenNeeded } from './build.ts';
import { ConfigError, readConfig, type Config } from './config.ts';
import { answerHealth } from './health.ts';
import { addressReader } from './limits.ts';
import { start } from './start.ts';
import { answerSync } from './sync-http.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Bytes of a request's body; the API has its own, smaller limits. */
const BODY_LIMIT = '16M';
/** What the pages and the API hear of who asks: ours alone, a client's own is overwritten. */
const ADDRESS_HEADER = 'x-galley-address';
const REQUEST_PATIENCE_MS = 3000;
const EXIT_PATIENCE_MS = 9000;

async function main(): Promise<void> {
	const config = readConfig(process.env);
	buildWhenNeeded(ROOT);
	const started = await start(config);
	const { rooms, setupToken } = started;
	const pages = await loadPages(config);
	const addressOf = addressReader(config.trustProxy);
	const server = createServer((request, response) => {
		if (answerHealth(started, config, request, response) || answerSync(started, request, response)) return;
		request.headers['x-galley-protocol'] = 'http';
		request.headers[ADDRESS_HEADER] = addressOf(request);
		pages(request, response);
	});
	const detach = attach(server, { ...config, ...started });
	await new Promise<void>((listening, failed) => {
		server.once('error', failed);
		server.listen(config.port, config.host, listening);
	}).catch(async (error: Error) => {
		await started.stop();
		throw new Error(`PORT: cannot listen on ${config.port}: ${error.message}`);
	});

	const { port } = server.address() as AddressInfo;
	const origin = config.origin ?? `http://localhost:${port}`;
	console.log(`Galley: ${origin}`);
	if (setupToken) console.log(`setup: ${origin}/setup?token=${setupToken}`);

	let stopping = false;
	const stop = async () => {
		if (stopping) return;
		stopping = true;
		setTimeout(() => process.exit(1), EXIT_PATIENCE_MS).unref();
		detach();
		const closed = once(server, 'close');
		server.close();
		server.closeIdleConnections();
		await rooms.close();
		// requests under way are answered
		await Promise.race([closed, wait(REQUEST_PATIENCE_MS)]);
		await started.stop();
		process.exit(0);
	};
	process.on('SIGTERM', stop);
	process.on('SIGINT', stop);
}

/** The built pages, told how to find out their own address. */
async function loadPages(config: Config): Promise<RequestListener> {
	// without ORIGIN the adapter would take every request for https
	if (config.origin) process.env.ORIGIN = config.origin;
	else process.env.PROTOCOL_HEADER = 'x-galley-protocol';
	process.env.BODY_SIZE_LIMIT = BODY_LIMIT;
	process.env.ADDRESS_HEADER = ADDRESS_HEADER;
	const { handler } = await import(new URL('../build/handler.js', import.meta.url).href);
	return handler;
}

main().catch((error: Error) => {
	console.error(error instanceof ConfigError ? error.message : `Galley does not start: ${error.message}`);
	process.exit(1);
});

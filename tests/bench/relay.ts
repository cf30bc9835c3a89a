/**
 * The floor of the measures that go over the network: a server that sends each message on to the others of its room
 * and does nothing else. To whoever comes in it says that the room is empty. Its one page is empty too. Runs in a process
 * of its own, as Galley does.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { WebSocketServer, type WebSocket } from 'ws';

const FILE = fileURLToPath(import.meta.url);
const SYNC = 0;
const STEP1 = 0;
const STEP2 = 1;
/** step 2 with an update that holds nothing */
const EMPTY_ROOM = Uint8Array.of(SYNC, STEP2, 2, 0, 0);

export async function startRelay(): Promise<{ origin: string; pid: number; stop(): Promise<void> }> {
	const child = spawn(process.execPath, [FILE], { stdio: ['ignore', 'pipe', 'inherit'] });
	const [origin] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
	const ended = once(child, 'exit');
	const stop = async () => {
		child.kill();
		await ended;
	};
	return { origin, pid: child.pid!, stop };
}

async function relay(): Promise<void> {
	const rooms = new Map<string, Set<WebSocket>>();
	const server = createServer((_, response) =>
		response.setHeader('content-type', 'text/html').end('<!doctype html><title>Relay</title>')
	);
	new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket, { url = '' }) => {
		const here = rooms.get(url) ?? new Set();
		rooms.set(url, here.add(socket));
		socket.on('message', (message: Buffer) => {
			// what clients ask of a server, nobody is told
			if (message[0] === SYNC && (message[1] === STEP1 || message[1] === STEP2)) return;
			for (const other of here) if (other !== socket) other.send(message);
		});
		socket.on('close', () => here.delete(socket));
		socket.send(EMPTY_ROOM);
	});
	server.listen(Number(process.env.PORT ?? 0), '127.0.0.1');
	await once(server, 'listening');
	console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

if (process.argv[1] === FILE) await relay();

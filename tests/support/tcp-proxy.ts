/** A TCP proxy of ours, so that tests can cut off, hold up or spread what goes through it. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** A port of this machine, or the path of a socket. */
export type Target = number | string;

export interface TcpProxy extends AsyncDisposable {
	port: number;
	/** how many connections go through it now */
	readonly connections: number;
	/** ends every connection; new ones are ended at once */
	cut(): void;
	/** takes connections, old and new, but lets nothing through: to both sides the other has gone silent */
	freeze(): void;
	/** everything goes through again; what was held by `freeze` first */
	restore(): void;
	/** what comes from now on goes through so much later, in each direction */
	delay(ms: number): void;
}

/** `targets` says for each new connection where to try, in this order. */
export async function startTcpProxy(targets: () => Target[]): Promise<TcpProxy> {
	let state: 'open' | 'cut' | 'frozen' = 'open';
	let delayMs = 0;
	const pairs = new Set<[Socket, Socket]>();
	const sockets = new Set<Socket>();
	const hold = (pair: [Socket, Socket]) =>
		pair.forEach((socket) => (state === 'frozen' ? socket.pause() : socket.resume()));
	const server = createServer({ allowHalfOpen: true }, (inner) => {
		watch(inner);
		if (state === 'cut') return void inner.resetAndDestroy();
		inner.pause();
		void reach(targets()).then((outer) => {
			if (!outer || inner.destroyed) return void (inner.destroy(), outer?.destroy());
			watch(outer);
			const pair: [Socket, Socket] = [inner, outer];
			pairs.add(pair);
			pass(inner, outer);
			pass(outer, inner);
			hold(pair);
			inner.on('close', () => pairs.delete(pair));
		});
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');

	function watch(socket: Socket): void {
		sockets.add(socket);
		socket.setNoDelay();
		socket.on('error', () => {});
		socket.on('close', () => sockets.delete(socket));
	}

	function pass(from: Socket, to: Socket): void {
		let waiting = 0;
		let last = Promise.resolve();
		// in order, also when the delay becomes shorter
		const later = (act: () => void) => {
			if (delayMs === 0 && waiting === 0) return act();
			waiting++;
			const due = performance.now() + delayMs;
			last = last.then(async () => {
				await wait(Math.max(0, due - performance.now()));
				waiting--;
				act();
			});
		};
		from.on('data', (bytes) => later(() => to.writable && to.write(bytes)));
		from.on('end', () => later(() => to.end()));
		from.on('close', () => later(() => to.destroy()));
	}

	return {
		port: (server.address() as AddressInfo).port,
		get connections() {
			return pairs.size;
		},
		cut() {
			state = 'cut';
			for (const socket of sockets) socket.resetAndDestroy();
		},
		freeze() {
			state = 'frozen';
			pairs.forEach(hold);
		},
		restore() {
			state = 'open';
			pairs.forEach(hold);
		},
		delay(ms) {
			delayMs = ms;
		},
		[Symbol.asyncDispose]: async () => {
			for (const socket of sockets) socket.destroy();
			server.close();
			await once(server, 'close');
		}
	};
}

/** The first of them that takes the connection. */
async function reach(targets: Target[]): Promise<Socket | null> {
	for (const target of targets) {
		const options = {
			allowHalfOpen: true,
			...(typeof target === 'string' ? { path: target } : { port: target, host: '127.0.0.1' })
		};
		const socket = connect(options);
		socket.on('error', () => {});
		if (
			await Promise.race([
				once(socket, 'connect').then(() => true),
				once(socket, 'close').then(() => false)
			]).catch(() => false)
		)
			return socket;
	}
	return null;
}

/** The address of the same server through a proxy of its own: redis://…, or postgresql://… (on this machine, by port or `host=<folder>`). */
export async function proxyTo(address: string): Promise<TcpProxy & { url: string }> {
	const url = new URL(address);
	const folder = url.searchParams.get('host');
	const port = Number(url.port || (url.protocol === 'redis:' ? 6379 : 5432));
	const proxy = await startTcpProxy(() => [folder ? `${folder}/.s.PGSQL.${port}` : port]);
	url.searchParams.delete('host');
	url.hostname = '127.0.0.1';
	url.port = String(proxy.port);
	return Object.assign(proxy, { url: url.href });
}

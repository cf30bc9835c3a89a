/**
 * A WebSocket client on a bare socket, for load: no extensions, a mask of zeros (which RFC 6455 allows and which costs
 * nothing), no events. What it spends is not the server's.
 */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

const OPCODE = { continuation: 0, binary: 2, close: 8, ping: 9, pong: 10 };

export class LeanSocket {
	/** rejects when the upgrade is refused */
	readonly opened: Promise<void>;
	onMessage: (message: Buffer) => void = () => {};
	onClose: (code: number | null) => void = () => {};
	closed = false;
	bytesIn = 0;
	readonly #socket: Socket;
	#isOpen = false;
	#code: number | null = null;
	/** pieces of a frame that is not whole yet, and how many bytes it needs */
	#pieces: Buffer[] = [];
	#have = 0;
	#need = 0;

	constructor(address: string, headers: Record<string, string> = {}) {
		const { hostname, port, pathname, search, host } = new URL(address);
		this.#socket = connect({ host: hostname, port: Number(port), noDelay: true });
		const all = {
			Host: host,
			Upgrade: 'websocket',
			Connection: 'Upgrade',
			'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
			'Sec-WebSocket-Version': '13',
			...headers
		};
		const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
		this.#socket.once('connect', () =>
			this.#socket.write(`GET ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n`)
		);
		const { promise, resolve, reject } = Promise.withResolvers<void>();
		this.opened = promise;
		promise.catch(() => {});
		this.#socket.on('data', (data) => this.#read(data, resolve, reject));
		this.#socket.on('error', () => {});
		this.#socket.on('close', () => {
			reject(new Error(`The connection to ${address} was closed.`));
			this.closed = true;
			this.onClose(this.#code);
		});
	}

	send(payload: Uint8Array, opcode = OPCODE.binary): void {
		if (!this.closed) this.#socket.write(frameOf(payload, opcode));
	}

	close(): void {
		this.#socket.destroy();
	}

	#read(data: Buffer, opened: () => void, refused: (error: Error) => void): void {
		this.bytesIn += data.length;
		let rest = data;
		if (this.#pieces.length > 0) {
			this.#pieces.push(data);
			this.#have += data.length;
			if (this.#have < this.#need) return;
			rest = Buffer.concat(this.#pieces);
			this.#pieces = [];
		}
		if (!this.#isOpen) {
			const end = rest.indexOf('\r\n\r\n');
			if (end < 0) return this.#keep(rest, rest.length + 1);
			const status = rest.toString('latin1', 0, rest.indexOf('\r\n'));
			if (!status.includes(' 101 ')) {
				refused(new Error(`The upgrade was refused: ${status}`));
				return this.close();
			}
			this.#isOpen = true;
			opened();
			rest = rest.subarray(end + 4);
		}
		this.#readFrames(rest);
	}

	#readFrames(data: Buffer): void {
		let at = 0;
		while (data.length - at >= 2) {
			const first = data[at]!;
			let length = data[at + 1]! & 0x7f;
			let header = 2;
			if (length === 126) {
				if (data.length - at < 4) break;
				length = data.readUInt16BE(at + 2);
				header = 4;
			} else if (length === 127) {
				if (data.length - at < 10) break;
				length = Number(data.readBigUInt64BE(at + 2));
				header = 10;
			}
			if (data.length - at < header + length) return this.#keep(data.subarray(at), header + length);
			this.#take(first, data.subarray(at + header, at + header + length));
			at += header + length;
		}
		if (at < data.length) this.#keep(data.subarray(at), data.length - at + 1);
	}

	#take(first: number, payload: Buffer): void {
		const opcode = first & 0x0f;
		if (opcode === OPCODE.ping) this.send(payload, OPCODE.pong);
		else if (opcode === OPCODE.close) {
			this.#code = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
			this.#socket.end();
		} else if (opcode === OPCODE.continuation || !(first & 0x80))
			throw new Error('The load generator does not put fragments together.');
		else if (opcode !== OPCODE.pong) this.onMessage(payload);
	}

	#keep(data: Buffer, need: number): void {
		this.#pieces = [data];
		this.#have = data.length;
		this.#need = need;
	}
}

function frameOf(payload: Uint8Array, opcode: number): Buffer {
	const { length } = payload;
	const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
	const frame = Buffer.alloc(header + 4 + length);
	frame[0] = 0x80 | opcode;
	frame[1] = 0x80 | (header === 2 ? length : header === 4 ? 126 : 127);
	if (header === 4) frame.writeUInt16BE(length, 2);
	else if (header === 10) frame.writeBigUInt64BE(BigInt(length), 2);
	frame.set(payload, header + 4);
	return frame;
}

/** One WebSocket frame for many sockets: what a server sends is not masked, so the same bytes serve all. */

const FINAL_BINARY = 0x82;

/**
 * The payload as one whole binary frame.
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
export function frameOnce(payload: Uint8Array): Buffer {
	const { length } = payload;
	const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
	const frame = Buffer.allocUnsafeSlow(head + length);
	frame[0] = FINAL_BINARY;
	if (head === 2) frame[1] = length;
	else if (head === 4) {
		frame[1] = 126;
		frame.writeUInt16BE(length, 2);
	} else {
		frame[1] = 127;
		frame.writeBigUInt64BE(BigInt(length), 2);
	}
	frame.set(payload, head);
	return frame;
}

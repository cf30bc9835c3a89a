/** Bare sockets, for what no provider would send; and what an operator sees of them. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import type { Caller, Newsroom } from './newsroom.ts';

/** An open socket in the room. `from`: the address that a proxy says it comes from. */
export async function openBare(
	newsroom: { origin: string },
	{ headers }: Pick<Caller, 'headers'>,
	room: string,
	{ from }: { from?: string } = {}
): Promise<WebSocket> {
	const socket = new WebSocket(`${newsroom.origin.replace('http', 'ws')}/sync/${room}`, {
		headers: { ...headers, ...(from && { 'x-forwarded-for': from }) }
	});
	socket.on('error', () => {});
	await once(socket, 'open');
	return socket;
}

/** The code and reason with which the server ends it. */
export const closeOf = (socket: WebSocket): Promise<{ code: number; reason: string }> =>
	new Promise((done) => socket.once('close', (code, reason) => done({ code, reason: String(reason) })));

/** Resolves with the next frame of the socket. */
export const frameOf = async (socket: WebSocket): Promise<Buffer> =>
	((await once(socket, 'message')) as [Buffer])[0];

/** The update as a client sends it. */
export function updateFrame(update: Uint8Array): Uint8Array {
	const encoder = encoding.createEncoder();
	encoding.writeVarUint(encoder, 0);
	encoding.writeVarUint(encoder, 2);
	encoding.writeVarUint8Array(encoder, update);
	return encoding.toUint8Array(encoder);
}

/** One value of /metrics; 0 where it has not been counted yet. */
export async function metric(newsroom: { origin: string }, series: string): Promise<number> {
	const text = await (await fetch(`${newsroom.origin}/metrics`)).text();
	const line = text.split('\n').find((one) => one.startsWith(`${series} `));
	return Number(line?.split(' ')[1] ?? 0);
}

/** The lines of the log so far that say this. */
export const logged = ({ process }: Pick<Newsroom, 'process'>, message: string): Record<string, unknown>[] =>
	process
		.output()
		.split('\n')
		.filter((line) => line.startsWith('{') && line.endsWith('}'))
		.map((line) => JSON.parse(line))
		.filter(({ msg }) => msg === message);

/** MiB of memory that the process holds. */
export function memoryOf({ process }: Pick<Newsroom, 'process'>): number {
	const status = readFileSync(`/proc/${process.child.pid}/status`, 'utf8');
	return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) / 1024;
}

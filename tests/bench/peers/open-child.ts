/** Opens a room, or applies a state, once in this process alone, and says how long it took and what came in. */
import { subscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import * as Y from 'yjs';
import { openState } from '../../../src/lib/live/opening.ts';
import { annotationsOf } from '../../../src/lib/ydoc/layer.ts';
import { join } from '../../support/sockets.ts';
import { enter, type Door } from './lean-client.ts';
import { readTask } from './system.ts';

export type OpenTask =
	| { how: 'apply'; file: string }
	/** as Galley's pages do: what is stored by HTTP, the rest by a stock provider */
	| { how: 'our client'; door: Door }
	/** as far as the first answer to sync: any server, and no less than its own client must do */
	| { how: 'sync'; door: Door; annotations: number };

export interface Opened {
	ms: number;
	annotations: number;
	/** all that came in: HTTP, sockets, their headers */
	bytes: number;
}

const sockets: Socket[] = [];
subscribe('net.client.socket', (message) => sockets.push((message as { socket: Socket }).socket));

const task = readTask<OpenTask>();
const doc = new Y.Doc();
const update = task.how === 'apply' ? readFileSync(task.file) : null;
const begun = performance.now();
if (update) Y.applyUpdate(doc, update);
else if (task.how === 'our client') await openAsPagesDo(task.door);
else if (task.how === 'sync') {
	await enter(task.door, { doc }).synced;
	// one that says so before it has loaded sends the rest later
	while (annotationsOf(doc).size < task.annotations) await new Promise(setImmediate);
}
const opened: Opened = {
	ms: performance.now() - begun,
	annotations: annotationsOf(doc).size,
	bytes: sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0)
};
console.log(JSON.stringify(opened));
process.exit(0);

async function openAsPagesDo({ port, room, headers }: Door): Promise<void> {
	const origin = `http://127.0.0.1:${port}`;
	const asMember: typeof fetch = (input, init) =>
		fetch(input, { ...init, headers: { ...init?.headers, ...headers } });
	await openState(doc, { origin, room, guest: null, fetch: asMember, cache: null });
	await join({ origin }, { headers }, room, { doc }).synced;
}

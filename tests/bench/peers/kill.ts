/** Measure 7: killed with SIGKILL a moment after somebody has written, its database too: what others saw must be there again. */
import { setTimeout as wait } from 'node:timers/promises';
import * as Y from 'yjs';
import { annotationsOf } from '../../../src/lib/ydoc/layer.ts';
import { annotationBy, put } from '../../support/annotations.ts';
import { enter, subscribeSaved, type Door } from './lean-client.ts';
import { GALLEY, type Peer } from './peers.ts';
import { startServer, type RunningServer } from './server.ts';

const FOUND_MS = 1500;

export interface Killed {
	trials: number;
	/** trials in which somebody else saw the annotation, or its writer was told that it is saved */
	shown: number;
	/** and after the restart it was not there */
	lost: number;
}

export async function measureKills(peer: Peer, trials: number, afterMs: number): Promise<Killed> {
	await using server = await startServer(peer);
	const killed: Killed = { trials, shown: 0, lost: 0 };
	const doors = await server.makeRooms(trials);
	for (const door of doors) {
		const { id, shown } = await writeAndKill(server, door, afterMs);
		if (!shown) continue;
		killed.shown++;
		if (!(await isThere(door, id))) killed.lost++;
	}
	return killed;
}

async function writeAndKill(server: RunningServer, door: Door, afterMs: number) {
	const [mine, theirs] = [new Y.Doc(), new Y.Doc()];
	const writer = enter(door, { doc: mine });
	const reader = enter(door, { doc: theirs });
	await Promise.all([writer.synced, reader.synced]);
	let saved = false;
	writer.onSaved = (stateVector) => {
		saved ||= Y.decodeStateVector(stateVector).has(mine.clientID);
	};
	if (server.peer === GALLEY) subscribeSaved(writer);
	mine.on('update', (update, origin) => {
		if (origin !== writer) writer.update(update);
	});
	const id = put(mine, annotationBy(server.principal));
	await wait(afterMs);
	const gone = [writer, reader].map(
		({ socket }) => new Promise<void>((done) => (socket.closed ? done() : (socket.onClose = () => done())))
	);
	await server.restart('SIGKILL');
	// what it had sent before it died has arrived by now
	await Promise.all(gone);
	return { id, shown: saved || annotationsOf(theirs).has(id) };
}

/** Whether somebody new gets the annotation; one that says `synced` before it has loaded is given a moment. */
async function isThere(door: Door, id: string): Promise<boolean> {
	const doc = new Y.Doc();
	const { synced, socket } = enter(door, { doc });
	await synced;
	const until = performance.now() + FOUND_MS;
	while (!annotationsOf(doc).has(id) && performance.now() < until) await wait(20);
	socket.close();
	return annotationsOf(doc).has(id);
}

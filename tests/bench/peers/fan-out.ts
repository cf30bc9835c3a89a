/** Measures 1 to 4: how updates reach everybody else of their room. */
import type { LoadResult, LoadTask } from './load.ts';
import type { Peer } from './peers.ts';
import { startServer } from './server.ts';
import { runLoad } from './system.ts';

interface Shape {
	rooms: number;
	/** in each room */
	writers: number;
	readers: number;
	intervalMs: number;
	seconds: number;
}

export const SHAPES = {
	fanOut: { rooms: 1, writers: 1, readers: 200, intervalMs: 50, seconds: 20 },
	saturation: { rooms: 1, writers: 1, readers: 200, intervalMs: 5, seconds: 8 },
	writers: { rooms: 1, writers: 50, readers: 200, intervalMs: 100, seconds: 10 },
	rooms: { rooms: 500, writers: 1, readers: 1, intervalMs: 1000, seconds: 20 }
} satisfies Record<string, Shape>;

const WARM_UP_SECONDS = 3;

/** One run on a fresh server. */
export async function measureLoad(peer: Peer, shape: Shape, quick: boolean): Promise<LoadResult> {
	await using server = await startServer(peer);
	const doors = await server.makeRooms(shape.rooms);
	const task: LoadTask = {
		doors,
		principal: server.principal,
		writers: shape.writers,
		readers: shape.readers,
		intervalMs: shape.intervalMs,
		warmUpSeconds: quick ? 1 : WARM_UP_SECONDS,
		seconds: quick ? 3 : shape.seconds,
		server: { pid: server.pid, folder: server.folder }
	};
	// awaited here: the server ends with this block
	return await runLoad<LoadResult>('load.ts', task);
}

/** A newsroom on several Galley processes: one database, one Redis (each process reaches it through a proxy of its own), a balancer. */
import { inject } from 'vitest';
import { openLog, type LogPool } from '../../src/lib/server/room-log.ts';
import { createDatabase } from './database.ts';
import { settle, type Caller, type People } from './newsroom.ts';
import { startGalley, type GalleyProcess } from './process.ts';
import { join, type Joined } from './sockets.ts';
import { proxyTo, startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

export interface Cluster extends People, AsyncDisposable {
	/** the balancer: each connection goes to the next process that lives */
	origin: string;
	processes: GalleyProcess[];
	/** what stands between each process and Redis */
	redis: TcpProxy[];
	/** the log, past the processes */
	log: LogPool;
	databaseUrl: string;
	/** joins a room as a stock provider: at one process, or (null) by the balancer */
	join(at: number | null, caller: Caller, room: string, options?: Parameters<typeof join>[3]): Joined;
	kill(at: number, signal?: NodeJS.Signals): Promise<void>;
	/** another process in the place of the one that was killed */
	restart(at: number): Promise<void>;
}

export async function startCluster(
	size: number,
	env: Record<string, string> = {},
	{ redisServer: server = inject('redisServer'), databaseServer = inject('databaseServer') } = {}
): Promise<Cluster> {
	if (!server) throw new Error('There is no Redis: leave this test out.');
	const database = await createDatabase(databaseServer);
	const places = Array.from({ length: size }, (_, at) => at);
	const redis = await Promise.all(places.map(() => proxyTo(server)));
	const start = (at: number) =>
		startGalley({ DATABASE_URL: database.url, REDIS_URL: redis[at]!.url, ...env });
	const processes = await Promise.all(places.map(start));
	let next = 0;
	const balancer = await startTcpProxy(() => {
		next++;
		return places.map((at) => Number(new URL(processes[(at + next) % size]!.origin).port));
	});
	const origin = `http://localhost:${balancer.port}`;
	const log = openLog({ connectionString: database.url });
	return {
		...(await settle(() => origin, processes[0]!.setupToken)),
		origin,
		processes,
		redis,
		log,
		databaseUrl: database.url,
		join: (at, caller, room, options) => {
			const where = at === null ? origin : processes[at]!.origin;
			return join({ origin: where }, caller.at(where), room, options);
		},
		kill: async (at, signal = 'SIGKILL') => void (await processes[at]!.stop(signal)),
		restart: async (at) => {
			processes[at] = await start(at);
		},
		[Symbol.asyncDispose]: async () => {
			await Promise.all(processes.map((process) => process.stop()));
			await Promise.all([balancer, ...redis].map((proxy) => proxy[Symbol.asyncDispose]()));
			await log.end();
			await database.drop();
		}
	};
}

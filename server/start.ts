/** Config → database → migrate → runtime: what `main.ts`, `vite dev` and the tests start alike. */
import { createAuth } from '../src/lib/server/auth.ts';
import { openDatabase } from '../src/lib/server/database.ts';
import { migrate } from '../src/lib/server/migrate.ts';
import { openLog, type LogPool } from '../src/lib/server/room-log.ts';
import { setRuntime, type Runtime } from '../src/lib/server/runtime.ts';
import { installation } from '../src/lib/server/setup.ts';
import { MemoryHub, type Bus } from './bus.ts';
import { claim } from './claim.ts';
import type { Config } from './config.ts';
import { createLogger } from './logger.ts';
import { Metrics } from './metrics.ts';
import { startPostgres } from './postgres.ts';
import { redisBus } from './redis-bus.ts';
import { Rooms } from './rooms.ts';

export interface Started {
	runtime: Runtime;
	rooms: Rooms;
	/** what the process counts, for /metrics */
	metrics: Metrics;
	/** the connections of the log */
	logPool: LogPool;
	/** to the other processes */
	bus: Bus;
	/** of an installation without a newsroom; null afterwards */
	setupToken: string | null;
	/** stores what is under way, ends connections, stops the embedded database */
	stop(): Promise<void>;
}

/** @throws with one sentence when the database does not come up or belongs to another process */
export async function start(config: Config): Promise<Started> {
	const postgres = config.databaseUrl ? null : await startPostgres(config.dataDir);
	const connection = postgres?.connection ?? { connectionString: config.databaseUrl! };
	// one that is another's stays as it is
	const claimed = await claim(connection, config.redisUrl !== null);
	try {
		const db = openDatabase(connection);
		const { secret, setupToken } = await claimed.alone(async () => {
			await migrate(db, connection);
			return installation(db);
		});
		const log = createLogger(config.logLevel);
		const metrics = new Metrics();
		const logPool = openLog(connection);
		const bus = config.redisUrl ? redisBus(config.redisUrl, claimed.database, log) : new MemoryHub().join();
		const rooms = new Rooms({
			db,
			pool: logPool,
			connection,
			bus,
			limits: config.limits,
			metrics,
			logger: log
		});
		const runtime: Runtime = {
			db,
			auth: createAuth(db, secret, config.origin),
			rooms,
			log,
			origin: config.origin,
			ready: async () => (await db.$queryRaw<unknown[]>`SELECT 1`).length === 1
		};
		setRuntime(runtime);
		return {
			runtime,
			rooms,
			metrics,
			logPool,
			bus,
			setupToken,
			stop: async () => {
				await rooms.close();
				await bus.close();
				await logPool.end();
				await db.$disconnect();
				await claimed.release();
				await postgres?.stop();
			}
		};
	} catch (error) {
		await claimed.release();
		await postgres?.stop();
		throw error;
	}
}

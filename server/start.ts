/** Config → database → migrate → runtime: what `main.ts`, `vite dev` and the tests start alike. */
import { pino } from 'pino';
import { createAuth } from '../src/lib/server/auth.ts';
import { openDatabase, openSession, type Connection } from '../src/lib/server/database.ts';
import { migrate } from '../src/lib/server/migrate.ts';
import { openLog, type LogPool } from '../src/lib/server/room-log.ts';
import { setRuntime, type Runtime } from '../src/lib/server/runtime.ts';
import { installation } from '../src/lib/server/setup.ts';
import { MemoryHub } from './bus.ts';
import type { Config } from './config.ts';
import { Metrics } from './metrics.ts';
import { startPostgres } from './postgres.ts';
import { Rooms } from './rooms.ts';

export interface Started {
	runtime: Runtime;
	rooms: Rooms;
	/** what the process counts, for /metrics */
	metrics: Metrics;
	/** the connections of the log */
	logPool: LogPool;
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
	const release = await claim(connection);
	try {
		const db = openDatabase(connection);
		await migrate(db, connection);
		const { secret, setupToken } = await installation(db);
		// people read what stands on stdout; the log is for machines
		const log = pino({ level: config.logLevel }, pino.destination(2));
		const metrics = new Metrics();
		const logPool = openLog(connection);
		const rooms = new Rooms({
			db,
			pool: logPool,
			connection,
			bus: new MemoryHub().join(),
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
			setupToken,
			stop: async () => {
				await rooms.close();
				await logPool.end();
				await db.$disconnect();
				await release();
				await postgres?.stop();
			}
		};
	} catch (error) {
		await release();
		await postgres?.stop();
		throw error;
	}
}

const CLAIM = 0x6a11e4;
const CLAIM_TRIES = 20;

/** One process serves a database: a second one is told so. The claim ends with the process, however it ends. */
async function claim(connection: Connection): Promise<() => Promise<void>> {
	const session = await openSession(connection);
	for (let tries = 0; tries < CLAIM_TRIES; tries++) {
		const { rows } = await session.underlyingDriver().query(`SELECT pg_try_advisory_lock(${CLAIM}) AS mine`);
		if (rows[0].mine) return () => session.dispose();
		// the connection of a process that was just killed takes a moment to be noticed
		await new Promise((done) => setTimeout(done, 250));
	}
	await session.dispose();
	throw new Error(
		'Another Galley process uses this database: stop it, or give this one a DATA_DIR or DATABASE_URL of its own.'
	);
}

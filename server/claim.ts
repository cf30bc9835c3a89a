/** Who serves a database: one process alone, or several that know of each other over Redis. */
import { openSession, type Connection } from '../src/lib/server/database.ts';

const CLAIM = 0x6a11e4;
const FIRST_STEPS = 0x6a11e5;
const TRIES = 20;

export interface Claim {
	/** tells this database from every other */
	database: string;
	/** does what only one process may do at a time, such as migrating */
	alone<T>(work: () => Promise<T>): Promise<T>;
	release(): Promise<void>;
}

/**
 * The claim ends with the process, however it ends. `isOneOfSeveral`: others may have it too, if they say the same.
 * @throws with one sentence when processes that do not know of this one serve the database
 */
export async function claim(connection: Connection, isOneOfSeveral: boolean): Promise<Claim> {
	const session = await openSession(connection);
	const query = async (text: string) => (await session.underlyingDriver().query(text)).rows[0];
	const lock = isOneOfSeveral ? 'pg_try_advisory_lock_shared' : 'pg_try_advisory_lock';
	for (let tries = 0; !(await query(`SELECT ${lock}(${CLAIM}) AS mine`)).mine; tries++) {
		if (tries === TRIES) {
			await session.dispose();
			throw new Error(
				isOneOfSeveral
					? 'A Galley process without REDIS_URL uses this database: stop it, or start it with the same REDIS_URL.'
					: 'Another Galley process uses this database: stop it, give both the same REDIS_URL, or give this one a DATA_DIR or DATABASE_URL of its own.'
			);
		}
		// the connection of a process that was just killed takes a moment to be noticed
		await new Promise((done) => setTimeout(done, 250));
	}
	const { database } = await query(`
		SELECT system_identifier || '-' || oid AS database FROM pg_control_system(), pg_database
		WHERE datname = current_database()`);
	return {
		database,
		alone: async (work) => {
			await query(`SELECT pg_advisory_lock(${FIRST_STEPS})`);
			try {
				return await work();
			} finally {
				await query(`SELECT pg_advisory_unlock(${FIRST_STEPS})`);
			}
		},
		release: () => session.dispose()
	};
}

/** `npm run galley -- doctor | backup <file> | restore <file>`: what an operator does with the database, by the settings of the server. */
import { resolve } from 'node:path';
import { backup, restore } from '../src/lib/server/backup.ts';
import { openDatabase, type Connection } from '../src/lib/server/database.ts';
import { examine } from '../src/lib/server/doctor.ts';
import { migrate } from '../src/lib/server/migrate.ts';
import { ConfigError, readConfig, type Config } from './config.ts';
import { hasPostgres, isInUse, startPostgres } from './postgres.ts';

const USAGE = `Usage: npm run galley -- <command>
  doctor           looks the database over: every log, every finished set; ends with 1 when something is wrong
  backup <file>    writes everything that is stored to a new file, while Galley runs or not
  restore <file>   fills an empty database with what a backup holds
The database is that of DATABASE_URL, or the one in DATA_DIR (./data).`;

const GOOD = 0;
const BAD = 1;
const MISUSED = 2;

async function main([command, name, ...rest]: string[]): Promise<number> {
	const wantsFile = command === 'backup' || command === 'restore';
	if (rest.length > 0 || (wantsFile ? !name : command !== 'doctor' || name)) {
		console.error(USAGE);
		return MISUSED;
	}
	// npm runs scripts in the package's folder: a file is named from where the person stands
	const file = resolve(process.env.INIT_CWD ?? '', name ?? '');
	const config = readConfig(process.env);
	switch (command) {
		case 'backup':
			return withDatabase(config, async (connection) => {
				const { tables } = await backup(connection, file, new Date());
				console.log(
					`${file}: ${tables.reduce((sum, { rows }) => sum + rows, 0)} rows of ${tables.length} tables`
				);
				return GOOD;
			});
		case 'restore':
			return withNewDatabase(config, async (connection) => {
				const { made, tables } = await restore(connection, file);
				const db = openDatabase(connection);
				await migrate(db, connection).finally(() => db.$disconnect());
				const rows = tables.reduce((sum, { rows }) => sum + rows, 0);
				console.log(`What was stored at ${made} is here again: ${rows} rows of ${tables.length} tables.`);
				return look(connection);
			});
		default:
			return withDatabase(config, look);
	}
}

async function look(connection: Connection): Promise<number> {
	const { rooms, sets, faults } = await examine(connection, (fault) => console.log(fault));
	const found = faults === 0 ? 'no faults' : faults === 1 ? '1 fault' : `${faults} faults`;
	console.log(`${rooms} rooms, ${sets} finished sets: ${found}`);
	return faults === 0 ? GOOD : BAD;
}

async function withDatabase(
	config: Config,
	work: (connection: Connection) => Promise<number>
): Promise<number> {
	if (!config.databaseUrl && !hasPostgres(config.dataDir))
		throw new Error(`There is no database in ${resolve(config.dataDir)}: set DATA_DIR or DATABASE_URL.`);
	return withNewDatabase(config, work);
}

/** The embedded database is started where it does not run, and stopped afterwards where nobody else uses it. */
async function withNewDatabase(
	config: Config,
	work: (connection: Connection) => Promise<number>
): Promise<number> {
	if (config.databaseUrl) return work({ connectionString: config.databaseUrl });
	const postgres = await startPostgres(config.dataDir);
	try {
		return await work(postgres.connection);
	} finally {
		if (!postgres.wasRunning && !(await isInUse(postgres.connection))) await postgres.stop();
	}
}

main(process.argv.slice(2)).then(
	// the schema engine's connection would keep the process for a while
	(code) => process.exit(code),
	(error: Error) => {
		// a server that is not there is an error without a message
		console.error(error.message || `The database does not answer: ${(error as { code?: string }).code}`);
		process.exit(error instanceof ConfigError ? MISUSED : BAD);
	}
);

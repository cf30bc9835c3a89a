/** The database client. Always PostgreSQL: embedded, or a server of one's own. */
import { PrismaPg } from '@prisma/adapter-pg';
import { Prisma, PrismaClient } from './prisma-client/client.ts';

export type Database = PrismaClient;
export type Transaction = Prisma.TransactionClient;
export { Prisma };

/** Where the database is: `host` may be a socket folder. */
export type Connection =
	{ connectionString: string } | { host: string; port: number; user: string; database: string };

const POOL = 10;

export const openDatabase = (connection: Connection): Database =>
	new PrismaClient({
		adapter: new PrismaPg({ ...connection, max: POOL }),
		// else the messages of errors quote what was to be written
		errorFormat: 'minimal'
	});

/**
 * What the schema engine opens its own connections with. The adapter would cut scripts at every semicolon, those in
 * the body of a trigger too; PostgreSQL takes them whole.
 */
export class WholeScripts extends PrismaPg {
	readonly #opened: Awaited<ReturnType<PrismaPg['connect']>>[] = [];

	constructor(connection: Connection) {
		super({ ...connection, max: 1 });
	}
	override async connect() {
		const adapter = await super.connect();
		adapter.executeScript = async (script) => void (await adapter.underlyingDriver().query(script));
		this.#opened.push(adapter);
		return adapter;
	}
	/** The engine leaves them open. */
	async close(): Promise<void> {
		await Promise.all(this.#opened.map((adapter) => adapter.dispose()));
	}
}

/** One connection outside the client, kept until `dispose()`. */
export const openSession = (connection: Connection) =>
	new PrismaPg({ ...connection, max: 1, idleTimeoutMillis: 0 }).connect();

/** Whether the error is PostgreSQL's "this row is there already". */
export function isUniqueViolation(error: unknown): boolean {
	if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
	if (error.code === 'P2002') return true;
	return error.code === 'P2010' && JSON.stringify(error.meta ?? {}).includes('23505');
}

/** No connection (the system's codes, or Prisma's), or PostgreSQL is going down or coming up. */
const AWAY = /^(E[A-Z]+|P100[128]|P1017|57P0[123])$/;

const AWAY_WORDS = /Connection terminated|accepting connections|`57P0[123]`/;

/** Whether the error is that the database does not answer just now; sessions are asked for by a library that wraps it. */
export const isAway = (error: unknown): boolean =>
	error instanceof Error &&
	(AWAY.test(String((error as { code?: unknown }).code)) ||
		AWAY_WORDS.test(error.message) ||
		isAway(error.cause));

/** The database client. Always PostgreSQL: embedded, or a server of one's own. */
import { PrismaPg } from '@prisma/adapter-pg';
import { Prisma, PrismaClient } from './prisma-client/client.ts';

export type Database = PrismaClient;
export type Transaction = Prisma.TransactionClient;
export { Prisma };

/** Where the database is: `host` may be a socket folder. */
export type Connection =
	| { connectionString: string }
	| { host: string; port: number; user: string; password?: string; database: string };

const POOL = 10;

export const openDatabase = (connection: Connection): Database =>
	new PrismaClient({ adapter: new PrismaPg({ ...connection, max: POOL }) });

export const adapterFactory = (connection: Connection) => new PrismaPg({ ...connection, max: 1 });

/** Whether the error is PostgreSQL's "this row is there already". */
export function isUniqueViolation(error: unknown): boolean {
	if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
	if (error.code === 'P2002') return true;
	return error.code === 'P2010' && JSON.stringify(error.meta ?? {}).includes('23505');
}

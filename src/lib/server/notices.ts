/**
 * Notices: what every process is to look at again, because rights, an article or labels have changed [G14]. The database writes
 * them itself, in the transaction of the change (prisma/migrations, give_notice): nothing that changes rights can forget it.
 */
import type { LogPool } from './room-log.ts';
import type { Whom } from './runtime.ts';

export type About =
	| ({ kind: 'access' } & Whom)
	| { kind: 'article'; articleId: string }
	| { kind: 'labels'; newsroomId: string };

// A transaction shows what it wrote when it commits: a number may be seen after higher ones, but not so much later.
const UNSETTLED = `interval '30 seconds'`;

/** Reads each notice once. */
export class NoticeReader {
	readonly #pool: Pick<LogPool, 'query'>;
	/** all notices up to this number have been read */
	#after = '0';
	/** those that have been read after it */
	#seen = new Set<string>();

	constructor(pool: Pick<LogPool, 'query'>) {
		this.#pool = pool;
	}

	/**
	 * What is new, in the order of its numbers; the first time, what is some seconds old at most: nobody has asked before.
	 * @throws when the database does not answer; what is new stays new then
	 */
	async read(): Promise<About[]> {
		const { rows } = await this.#pool.query<{ id: string; about: About; settled: boolean }>({
			name: 'notices',
			text: `
				SELECT "id"::text, "about", "at" < now() - ${UNSETTLED} AS settled FROM "Notice"
				WHERE "id" > $1::bigint AND ($1::bigint > 0 OR "at" > now() - ${UNSETTLED})
				ORDER BY "Notice"."id"`,
			values: [this.#after]
		});
		const fresh = rows.filter(({ id }) => !this.#seen.has(id));
		const unsettled = rows.findIndex(({ settled }) => !settled);
		const settled = unsettled < 0 ? rows.length : unsettled;
		this.#after = rows[settled - 1]?.id ?? this.#after;
		this.#seen = new Set(rows.slice(settled).map(({ id }) => id));
		return fresh.map(({ about }) => about);
	}
}

/** From one major version of the embedded database to the next, with the real programs of both. */
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as path } from 'node:path';
import { expect, test } from 'vitest';
import { startPostgres, type Binaries } from '../../server/postgres.ts';
import { PASSWORD, TEXT } from '../support/newsroom.ts';
import { runCommand, startGalley } from '../support/process.ts';

const OLD = 'postgres-17-linux-x64';
const old = await import(OLD).then(
	(binaries: Binaries) => binaries,
	() => null
);
if (!old)
	console.log(`Left out: the upgrade from PostgreSQL 17 (the optional package ${OLD} is not installed).`);

test.skipIf(!old)(
	'a database of PostgreSQL 17 is refused with what to do; doing so brings everything under 18',
	async () => {
		const folder = await mkdtemp(path(tmpdir(), 'galley-upgrade-'));
		const data = path(folder, 'data');
		const backup = path(folder, 'galley.backup');
		try {
			// as a Galley that came with 17 has left it
			const postgres = await startPostgres(data, old!);
			if (!('host' in postgres.connection)) throw new Error('It is reached over a socket.');
			const { host, user, database } = postgres.connection;
			const env = {
				DATABASE_URL: `postgresql://${user}@localhost/${database}?host=${encodeURIComponent(host)}`
			};
			const before = await startGalley(env);
			const call = async <T>(origin: string, route: string, body?: unknown, headers = {}) => {
				const response = await fetch(`${origin}/api/v1${route}`, {
					method: body ? 'POST' : 'GET',
					headers: { 'content-type': 'application/json', ...headers },
					...(body !== undefined && { body: JSON.stringify(body) })
				});
				return { text: await response.clone().text(), body: (await response.json().catch(() => null)) as T };
			};
			const { body: owner } = await call<{ apiToken: string }>(before.origin, '/setup', {
				newsroom: 'N',
				name: 'O',
				email: 'o@example.org',
				password: PASSWORD,
				token: before.setupToken
			});
			const headers = { authorization: `Bearer ${owner.apiToken}` };
			const article = (
				await call<{ id: string }>(before.origin, '/articles', { title: 'T', text: TEXT }, headers)
			).body.id;
			await call(
				before.origin,
				`/articles/${article}/annotations`,
				{
					type: 'Annotation',
					bodyValue: 'Who says so?',
					target: { source: 'x', selector: { type: 'TextQuoteSelector', exact: 'nine piers' } }
				},
				headers
			);
			const set = await call<{ id: string }>(
				before.origin,
				`/articles/${article}/finish`,
				{ override: 'On air' },
				headers
			);
			expect(await before.stop()).toBe(0);
			expect((await runCommand(['backup', backup], env)).code).toBe(0);
			await postgres.stop();

			const refusal = new RegExp(
				`^Galley does not start: ${data}/postgres is a database of PostgreSQL 17, and this Galley brings PostgreSQL 18: ` +
					'.*npm run galley -- backup.*npm run galley -- restore',
				'm'
			);
			await expect(startGalley({ DATA_DIR: data })).rejects.toThrow(refusal);
			expect((await runCommand(['doctor'], { DATA_DIR: data })).output).toMatch(
				/is a database of PostgreSQL 17/
			);

			// as it says
			await rename(path(data, 'postgres'), path(folder, 'postgres-17'));
			const restored = await runCommand(['restore', backup], { DATA_DIR: data });
			expect(restored).toMatchObject({ code: 0, output: expect.stringMatching(/^2 rooms, 1 .*no faults$/m) });
			const after = await startGalley({ DATA_DIR: data });
			expect((await call(after.origin, `/articles/${article}/text`, undefined, headers)).text).toBe(TEXT);
			expect((await call(after.origin, `/sets/${set.body.id}`, undefined, headers)).text).toBe(set.text);
			expect(await after.stop()).toBe(0);
			expect(existsSync(path(folder, 'postgres-17', 'PG_VERSION'))).toBe(true);
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
	}
);

/** A whole newsroom in one line: a Galley process on a database of its own, its people, their articles and sockets. */
import { openDatabase, type Database } from '../../src/lib/server/database.ts';
import type { Access, Role } from '../../src/lib/domain/policy.ts';
import { openLog, type LogPool } from '../../src/lib/server/room-log.ts';
import { createMigratedDatabase } from './database.ts';
import { startGalley, type GalleyProcess } from './process.ts';

/** Somebody with a token or a cookie, and the HTTP API as they see it. */
export interface Caller {
	name: string;
	principal: string;
	headers: Record<string, string>;
	call<T = Record<string, unknown>>(
		method: string,
		path: string,
		body?: unknown,
		headers?: Record<string, string>
	): Promise<Answer<T>>;
	/** the same, asking at another address of the newsroom */
	at(origin: string): Caller;
}
export interface Answer<T> {
	status: number;
	headers: Headers;
	body: T;
	text: string;
}

/** The people of a newsroom and what they make. */
export interface People {
	owner: Caller;
	/** a new member of the newsroom, known by a bearer token */
	person(role: Role, name?: string): Promise<Caller & { email: string; password: string }>;
	/** the same person, signed in with a cookie */
	signedIn(person: { email: string; password: string; name: string; principal: string }): Promise<Caller>;
	/** somebody outside, come in by a new review link */
	guest(articleId: string, access: Access, name?: string): Promise<Caller & { linkId: string }>;
	nobody: Caller;
	/** a new article; its id */
	article(text?: string, title?: string): Promise<string>;
}

export interface Newsroom extends People, AsyncDisposable {
	origin: string;
	db: Database;
	/** the log, past the process */
	log: LogPool;
	databaseUrl: string;
	process: GalleyProcess;
	/** kills the process and starts another on the same database */
	restart(signal?: NodeJS.Signals): Promise<void>;
}

export const PASSWORD = 'correct horse battery';
export const TEXT = [
	'The bridge over the Ilm stays closed until Friday.',
	'“We will not open it before the last bolt is checked,” the mayor said.',
	'Engineers found cracks in two of the nine piers on Monday.'
].join('\n');

export async function startNewsroom(env: Record<string, string> = {}): Promise<Newsroom> {
	const database = await createMigratedDatabase();
	let galley = await startGalley({ DATABASE_URL: database.url, ...env });
	const db = openDatabase({ connectionString: database.url });
	const log = openLog({ connectionString: database.url });
	const origin = () => galley.origin;
	const people = await settle(origin, galley.setupToken);
	return {
		get origin() {
			return galley.origin;
		},
		get process() {
			return galley;
		},
		...people,
		db,
		log,
		databaseUrl: database.url,
		restart: async (signal = 'SIGKILL') => {
			const port = new URL(galley.origin).port;
			await galley.stop(signal);
			galley = await startGalley({ DATABASE_URL: database.url, ...env, PORT: port });
		},
		[Symbol.asyncDispose]: async () => {
			await galley.stop();
			await db.$disconnect();
			await log.end();
			await database.drop();
		}
	};
}

/** Sets the newsroom up and knows its people; `origin` is where they find it at the moment. */
export async function settle(
	origin: () => string,
	setupToken: string | null,
	name = 'Olga Owner'
): Promise<People> {
	const email = 'olga@example.org';
	const setup = await caller(origin, 'nobody', 'nobody', {}).call<{ userId: string; apiToken: string }>(
		'POST',
		'/setup',
		{
			token: setupToken,
			newsroom: 'The Ilm Courier',
			name,
			email,
			password: PASSWORD
		}
	);
	if (setup.status !== 201) throw new Error(`The newsroom was not set up: ${setup.text}`);
	const owner = member(origin, name, setup.body);
	let people = 0;
	return {
		owner,
		nobody: caller(origin, 'nobody', 'nobody', {}),
		person: async (role, name = `${role} ${++people}`) => {
			const account = { name, email: `${role}-${++people}@example.org`, role, password: PASSWORD };
			const { body } = await owner.call<{ userId: string; apiToken: string }>('POST', '/people', account);
			return Object.assign(member(origin, name, body), { email: account.email, password: PASSWORD });
		},
		signedIn: async ({ email, password, name, principal }) => {
			const { headers } = await caller(origin, name, principal, { origin: origin() }).call(
				'POST',
				'/session',
				{ email, password }
			);
			return caller(origin, name, principal, { cookie: cookiesOf(headers), origin: origin() });
		},
		guest: async (articleId, access, name = `Guest ${++people}`) => {
			const link = await owner.call<{ id: string; url: string }>('POST', `/articles/${articleId}/links`, {
				access
			});
			const token = link.body.url.split('/').at(-1);
			const { headers, body } = await caller(origin, name, '', { origin: origin() }).call<{
				principal: string;
			}>('POST', '/review', { token, name });
			return Object.assign(
				caller(origin, name, body.principal, { cookie: cookiesOf(headers), origin: origin() }),
				{ linkId: link.body.id }
			);
		},
		article: async (text = TEXT, title = 'Bridge stays closed') => {
			const { body } = await owner.call<{ id: string }>('POST', '/articles', { text, title });
			return body.id;
		}
	};
}

const member = (
	origin: () => string,
	name: string,
	{ userId, apiToken }: { userId: string; apiToken: string }
) => caller(origin, name, `user:${userId}`, { authorization: `Bearer ${apiToken}` });

function caller(
	origin: () => string,
	name: string,
	principal: string,
	known: Record<string, string>
): Caller {
	return {
		name,
		principal,
		headers: known,
		at: (elsewhere) =>
			caller(() => elsewhere, name, principal, known.origin ? { ...known, origin: elsewhere } : known),
		call: async (method, path, body, more = {}) => {
			const json = body === undefined ? {} : { 'content-type': 'application/json' };
			const response = await fetch(`${origin()}/api/v1${path}`, {
				method,
				headers: { ...json, ...known, ...more } as Record<string, string>,
				body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
				redirect: 'manual'
			});
			const text = await response.text();
			const isJson = /json/.test(response.headers.get('content-type') ?? '');
			return {
				status: response.status,
				headers: response.headers,
				body: isJson && text ? JSON.parse(text) : undefined,
				text
			};
		}
	};
}

const cookiesOf = (headers: Headers) =>
	headers
		.getSetCookie()
		.map((cookie) => cookie.split(';')[0])
		.join('; ');

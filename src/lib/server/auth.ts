/** Accounts, sessions and API keys: better-auth over our database. Only its server API is used; nothing of it is mounted. */
import { randomUUID } from 'node:crypto';
import { apiKey } from '@better-auth/api-key';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import { betterAuth } from 'better-auth/minimal';
import { invalid, unknownPerson } from './errors.ts';
import type { Database } from './database.ts';

/** Lengths in characters; the upper one keeps hashing cheap. */
export const PASSWORD = { min: 10, max: 128 };

const DAY = 24 * 60 * 60;

/** `origin` is scheme://host[:port], or null when it is whatever the request says (then cookies are not Secure). */
export function createAuth(db: Database, secret: string, origin: string | null) {
	return betterAuth({
		appName: 'Galley',
		baseURL: origin ?? 'http://localhost',
		secret,
		database: prismaAdapter(db, { provider: 'postgresql' }),
		emailAndPassword: {
			enabled: true,
			disableSignUp: true,
			minPasswordLength: PASSWORD.min,
			maxPasswordLength: PASSWORD.max
		},
		user: {
			additionalFields: {
				role: { type: 'string', required: true, input: false },
				newsroomId: { type: 'string', required: true, input: false }
			}
		},
		session: { expiresIn: 30 * DAY, updateAge: DAY },
		advanced: {
			cookiePrefix: 'galley',
			useSecureCookies: origin?.startsWith('https:') ?? false,
			database: { generateId: () => randomUUID() }
		},
		// the API counts tries itself; this one would count by address alone
		rateLimit: { enabled: false },
		telemetry: { enabled: false },
		logger: { level: 'error' },
		plugins: [apiKey({ defaultPrefix: 'galley_', rateLimit: { enabled: false } })]
	});
}

export type Auth = ReturnType<typeof createAuth>;

/** A new API token of the user; it is shown once and kept as a hash. */
export async function createToken(auth: Auth, userId: string): Promise<string> {
	const { key } = await auth.api.createApiKey({ body: { userId, name: 'API' } });
	return key;
}

/**
 * Begins a session. Answers the cookies to set.
 * @throws {AppError} unknown person: no such e-mail, or another password; the answer does not say which
 */
export async function signIn(auth: Auth, email: string, password: string): Promise<string[]> {
	try {
		const { headers } = await auth.api.signInEmail({ body: { email, password }, returnHeaders: true });
		return headers.getSetCookie();
	} catch (error) {
		if (statusOf(error) >= 500) throw error;
		throw wrongCredentials();
	}
}

const wrongCredentials = () => {
	const error = unknownPerson();
	error.message = 'This e-mail and password do not belong together.';
	return error;
};

/** Ends the session of the cookie. Answers the cookies to set. */
export async function signOut(auth: Auth, cookie: string): Promise<string[]> {
	const { headers } = await auth.api.signOut({ headers: new Headers({ cookie }), returnHeaders: true });
	return headers.getSetCookie();
}

/** Prolongs the session of the cookie when it is a day old. Answers the cookies to set. */
export async function prolongSession(auth: Auth, cookie: string): Promise<string[]> {
	const { headers } = await auth.api.getSession({ headers: new Headers({ cookie }), returnHeaders: true });
	return headers.getSetCookie();
}

/** @throws {AppError} invalid: the length is not allowed */
export function checkPassword(password: string): void {
	if (password.length < PASSWORD.min || password.length > PASSWORD.max)
		throw invalid('password', `A password has ${PASSWORD.min} to ${PASSWORD.max} characters.`);
}

const statusOf = (error: unknown): number => (error as { statusCode?: number }).statusCode ?? 500;

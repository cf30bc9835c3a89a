import { expect, test } from 'vitest';
import { createAuth } from '../../../src/lib/server/auth.ts';
import { openDatabase } from '../../../src/lib/server/database.ts';
import { bearerOf, checkOrigin } from '../../../src/lib/server/identity.ts';

const OURS = 'https://galley.example.org';
const HERE = 'http://localhost:3000';

test.each([
	['no origin, no cookie', {}, OURS, false, true],
	['no origin with a cookie', {}, OURS, true, false],
	['ours', { origin: OURS }, OURS, true, true],
	['another host', { origin: 'https://evil.example.org' }, OURS, false, false],
	['another scheme', { origin: 'http://galley.example.org' }, OURS, true, false],
	['an opaque origin', { origin: 'null' }, OURS, true, false],
	['not configured: the host that was asked', { origin: HERE, host: 'localhost:3000' }, null, true, true],
	['not configured: another port', { origin: HERE, host: 'localhost:3001' }, null, true, false],
	['not configured: an opaque origin', { origin: 'null', host: 'null' }, null, true, false]
])('the Origin of a request: %s', (_, headers: Record<string, string>, allowed, hasCookie, expected) => {
	expect(checkOrigin({ get: (name) => headers[name] }, allowed, hasCookie)).toBe(expected);
});

test.each([
	['Bearer abc', 'abc'],
	['bearer  abc', 'abc'],
	['Basic abc', null],
	['', null]
])('the token of "%s"', (authorization, token) => {
	expect(bearerOf({ get: () => authorization })).toBe(token);
});

test.each([
	[OURS, true],
	[HERE, false],
	[null, false]
])('the session cookie under %s is Secure: %s', async (origin, secure) => {
	const db = openDatabase({ connectionString: 'postgresql://nobody@localhost/none' });
	const { authCookies } = await createAuth(db, 'a secret of this test alone, long enough', origin).$context;
	const { httpOnly, sameSite, ...attributes } = authCookies.sessionToken.attributes;
	expect({ httpOnly, sameSite, secure: attributes.secure }).toEqual({
		httpOnly: true,
		sameSite: 'lax',
		secure
	});
	expect(authCookies.sessionToken.name).toContain('galley.session_token');
});

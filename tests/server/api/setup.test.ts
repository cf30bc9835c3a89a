import { expect, test } from 'vitest';
import { createDatabase } from '../../support/database.ts';
import { startGalley } from '../../support/process.ts';

const owner = {
	newsroom: 'The Ilm Courier',
	name: 'Olga',
	email: 'Olga@example.org',
	password: 'ten letters'
};

test('an installation is claimed once, with the token that the start printed', async () => {
	const database = await createDatabase();
	const galley = await startGalley({ DATABASE_URL: database.url });
	const post = (body: object) =>
		fetch(`${galley.origin}/api/v1/setup`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body)
		});
	const needed = async () => (await (await fetch(`${galley.origin}/api/v1/setup`)).json()) as object;
	expect(await needed()).toEqual({ needed: true });

	const wrong = await post({ ...owner, token: 'guessed' });
	expect(wrong.status).toBe(403);
	expect(await wrong.json()).toMatchObject({ field: 'token' });
	const short = await post({ ...owner, token: galley.setupToken, password: 'nine char' });
	expect(short.status).toBe(422);
	expect(await short.json()).toMatchObject({ field: 'password' });
	const nameless = await post({ ...owner, token: galley.setupToken, newsroom: '  ' });
	expect(await nameless.json()).toMatchObject({ status: 422, field: 'newsroom' });

	// several at the same moment make one newsroom
	const answers = await Promise.all([1, 2, 3].map(() => post({ ...owner, token: galley.setupToken })));
	expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
	const made = answers.find(({ status }) => status === 201)!;
	expect(await made.json()).toEqual({
		newsroomId: expect.any(String),
		userId: expect.any(String),
		apiToken: expect.any(String)
	});
	expect(made.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax$/);
	expect(await needed()).toEqual({ needed: false });
	const again = await post({ ...owner, token: galley.setupToken });
	expect(again.status).toBe(409);

	await galley.stop();
	const next = await startGalley({ DATABASE_URL: database.url });
	expect(next.setupToken).toBeNull();
	await next.stop();
	await database.drop();
});

test('the token cannot be guessed by trying', async () => {
	const database = await createDatabase();
	const galley = await startGalley({ DATABASE_URL: database.url });
	const post = (token: string) =>
		fetch(`${galley.origin}/api/v1/setup`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ ...owner, token })
		});
	for (let tries = 0; tries < 10; tries++) expect((await post(`guess ${tries}`)).status).toBe(403);
	const refused = await post(galley.setupToken!);
	expect(refused.status).toBe(429);
	expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
	await galley.stop();
	await database.drop();
});

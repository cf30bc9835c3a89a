import { afterAll, beforeAll, expect, test } from 'vitest';
import { annotationBy, put } from '../../support/annotations.ts';
import { PASSWORD, startNewsroom, type Newsroom } from '../../support/newsroom.ts';
import { join, watchSaved } from '../../support/sockets.ts';

let newsroom: Newsroom;
beforeAll(async () => {
	newsroom = await startNewsroom();
});
afterAll(() => newsroom[Symbol.asyncDispose]());

const olga = { email: 'OLGA@example.org', password: PASSWORD };

test('a session begins with e-mail and password, says who one is, and ends', async () => {
	const { nobody, owner, origin } = newsroom;
	const begun = await nobody.call('POST', '/session', olga);
	expect(begun.status).toBe(200);
	const self = { principal: owner.principal, name: 'Olga Owner', email: 'olga@example.org', role: 'owner' };
	expect(begun.body).toMatchObject({ ...self, newsroom: { name: 'The Ilm Courier' } });
	const [cookie] = begun.headers.getSetCookie();
	expect(cookie).toMatch(/; HttpOnly; SameSite=Lax$/);
	expect(cookie).not.toMatch(/Secure/);
	const known = { cookie: cookie!.split(';')[0]!, origin };
	expect((await nobody.call('GET', '/session', undefined, known)).body).toEqual(begun.body);
	expect((await owner.call('GET', '/session')).body).toEqual(begun.body);

	expect((await nobody.call('DELETE', '/session', undefined, known)).status).toBe(204);
	expect((await nobody.call('GET', '/session', undefined, known)).status).toBe(401);
	expect((await owner.call('GET', '/session')).status).toBe(200);
});

test('signing out ends the open sockets of the session', async () => {
	const person = await newsroom.person('editor');
	const signedIn = await newsroom.signedIn(person);
	const id = await newsroom.article();
	using joined = join(newsroom, signedIn, `${id}/text`);
	await joined.synced;
	const { status } = await signedIn.call('DELETE', '/session');
	expect(status).toBe(204);
	expect((await joined.closed).code).toBe(4401);
});

test('a wrong password and an unknown e-mail get the same answer', async () => {
	const { nobody } = newsroom;
	const wrong = await nobody.call('POST', '/session', { ...olga, password: 'not the password' });
	const unknown = await nobody.call('POST', '/session', { ...olga, email: 'nobody@example.org' });
	expect(wrong.status).toBe(401);
	expect(unknown.body).toEqual(wrong.body);
});

test('passwords cannot be guessed by trying; a success is not counted', async () => {
	const { nobody } = newsroom;
	const person = await newsroom.person('viewer');
	const attempt = (password: string) => nobody.call('POST', '/session', { email: person.email, password });
	for (let tries = 0; tries < 12; tries++) expect((await attempt(PASSWORD)).status).toBe(200);
	for (let tries = 0; tries < 10; tries++) expect((await attempt('guess')).status).toBe(401);
	const refused = await attempt(PASSWORD);
	expect(refused.status).toBe(429);
	expect(refused.headers.get('content-type')).toBe('application/problem+json');
	expect((await nobody.call('POST', '/session', olga)).status).toBe(200);
});

test('a token that is none is nobody, whatever the cookie says', async () => {
	const person = await newsroom.signedIn(await newsroom.person('editor'));
	const answer = await person.call('GET', '/session', undefined, { authorization: 'Bearer galley_guessed' });
	expect(answer.status).toBe(401);
});

test('the owner adds people, who sign in and have a token', async () => {
	const { owner, nobody } = newsroom;
	const ed = { name: 'Ed', email: 'Ed@Example.org', role: 'editor', password: PASSWORD };
	const added = await owner.call<{ userId: string; apiToken: string }>('POST', '/people', ed);
	expect(added.status).toBe(201);
	const self = { principal: `user:${added.body.userId}`, email: 'ed@example.org', role: 'editor' };
	const byToken = { authorization: `Bearer ${added.body.apiToken}` };
	expect((await nobody.call('GET', '/session', undefined, byToken)).body).toMatchObject(self);
	expect((await nobody.call('POST', '/session', ed)).body).toMatchObject(self);

	const again = await owner.call('POST', '/people', { ...ed, email: 'ED@example.org' });
	expect(again.status).toBe(409);
	expect(again.body).toMatchObject({ field: 'email' });
});

test.each([
	['email', { email: 'ed' }],
	['role', { role: 'chief' }],
	['password', { password: 'nine char' }],
	['name', { name: ' ' }],
	['name', { name: 'line\nbreak' }]
])('a person whose %s is wrong is refused by name', async (field, wrong) => {
	const person = { name: 'Eve', email: 'eve@example.org', role: 'viewer', password: PASSWORD, ...wrong };
	const answer = await newsroom.owner.call('POST', '/people', person);
	expect(answer.status).toBe(422);
	expect(answer.body).toMatchObject({ field, status: 422 });
});

test('[G14] a role is changed by the owner, and what is open follows', async () => {
	const { owner } = newsroom;
	const person = await newsroom.person('annotator');
	const path = `/people/${person.principal.replace('user:', '')}`;
	const id = await newsroom.article();
	using layer = join(newsroom, person, `${id}/layers/shared`);
	await layer.synced;
	// told to who has subscribed to `saved`
	watchSaved(layer.provider);
	const told = new Promise<void>((done) => (layer.provider.messageHandlers[101] = () => done()));
	const changed = await owner.call('PATCH', path, { role: 'viewer' });
	await told;
	expect(changed.body).toMatchObject({ principal: person.principal, role: 'viewer' });
	put(layer.doc, annotationBy(person.principal));
	expect(await layer.closed).toMatchObject({ code: 4403, reason: expect.stringMatching(/^G2 /) });

	const last = await owner.call('PATCH', `/people/${owner.principal.replace('user:', '')}`, {
		role: 'editor'
	});
	expect(last).toMatchObject({ status: 409, body: { field: 'role' } });
	expect((await owner.call('PATCH', '/people/nobody', { role: 'editor' })).status).toBe(404);
	expect(await owner.call('PATCH', path, { role: 'chief' })).toMatchObject({
		status: 422,
		body: { field: 'role' }
	});
});

test('people are listed in pages, newest first', async () => {
	interface Page {
		items: { name: string; principal: string; userId: string; role: string }[];
		next: string | null;
	}
	await newsroom.person('annotator', 'Last One');
	const all = await newsroom.owner.call<Page>('GET', '/people');
	expect(all.body.items[0]).toMatchObject({ name: 'Last One', role: 'annotator' });
	const names: string[] = [];
	for (let next: string | null = ''; next !== null;) {
		const { body }: { body: Page } = await newsroom.owner.call<Page>(
			'GET',
			`/people?limit=1${next && `&cursor=${next}`}`
		);
		expect(body.items).toHaveLength(1);
		names.push(body.items[0]!.name);
		next = body.next;
	}
	expect(names).toEqual(all.body.items.map(({ name }) => name));
	const nonsense = await newsroom.owner.call('GET', '/people?cursor=nonsense');
	expect(nonsense.body).toMatchObject({ status: 422, field: 'cursor' });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startNewsroom, type Caller, type Newsroom } from '../../support/newsroom.ts';
import { join } from '../../support/sockets.ts';

interface Made {
	id: string;
	url: string;
}
interface Link {
	id: string;
	openings: { name: string; principal: string }[];
	[key: string]: unknown;
}
interface Page {
	items: Link[];
	next: string | null;
}

let newsroom: Newsroom;
beforeAll(async () => {
	newsroom = await startNewsroom();
});
afterAll(() => newsroom[Symbol.asyncDispose]());

const make = async (articleId: string, link: object) => {
	const { body } = await newsroom.owner.call<Made>('POST', `/articles/${articleId}/links`, link);
	return { ...body, token: body.url.split('/r/')[1]! };
};
const review = (body: object) => newsroom.nobody.call<{ principal: string }>('POST', '/review', body);
const cookieOf = (headers: Headers) => ({ cookie: headers.getSetCookie()[0]!.split(';')[0]! });

test('a link is made, opened under a name, listed with who opened it, and revoked', async () => {
	const id = await newsroom.article();
	const given = { access: 'comment', label: 'For the minister’s office' };
	const made = await newsroom.owner.call<Made>('POST', `/articles/${id}/links`, given);
	expect(made.status).toBe(201);
	expect(made.body.url).toMatch(new RegExp(`^${newsroom.origin}/r/[\\w-]{32}$`));
	expect(made.headers.get('location')).toBe(`/api/v1/links/${made.body.id}`);
	const token = made.body.url.split('/r/')[1];
	const shown = {
		newsroom: 'The Ilm Courier',
		title: 'Bridge stays closed',
		access: 'comment',
		articleId: id
	};
	const before = await newsroom.nobody.call('GET', `/review/${token}`);
	expect(before.body).toEqual({ ...shown, passwordNeeded: false, guest: null });

	const opened = await review({ token, name: ' Gus ' });
	expect(opened.status).toBe(201);
	expect(opened.body).toEqual({
		articleId: id,
		access: 'comment',
		principal: expect.stringMatching(/^guest:/)
	});
	const [cookie] = opened.headers.getSetCookie();
	expect(cookie).toMatch(new RegExp(`^galley_guest_${made.body.id}=[\\w-]{43}; .*HttpOnly; SameSite=Lax$`));
	const known = cookieOf(opened.headers);
	const guest = { principal: opened.body.principal, name: 'Gus' };
	const after = await newsroom.nobody.call('GET', `/review/${token}`, undefined, known);
	expect(after.body).toEqual({ ...shown, passwordNeeded: false, guest });
	const session = await newsroom.nobody.call('GET', '/session', undefined, known);
	expect(session.body).toEqual({ ...guest, newsroom: { id: expect.any(String), name: 'The Ilm Courier' } });
	const stored = await newsroom.db.guest.findFirstOrThrow({ where: { linkId: made.body.id } });
	expect(known.cookie).not.toContain(stored.tokenHash);

	const list = () => newsroom.owner.call<Page>('GET', `/articles/${id}/links`);
	expect((await list()).body.items).toEqual([
		{
			id: made.body.id,
			url: made.body.url,
			...given,
			layers: ['shared'],
			expiresAt: null,
			hasPassword: false,
			created: expect.any(String),
			createdBy: { principal: newsroom.owner.principal, name: 'Olga Owner' },
			revokedAt: null,
			openings: [{ ...guest, created: expect.any(String) }]
		}
	]);

	expect((await newsroom.owner.call('DELETE', `/links/${made.body.id}`)).status).toBe(204);
	expect((await newsroom.nobody.call('GET', `/articles/${id}`, undefined, known)).status).toBe(401);
	expect(await newsroom.nobody.call('GET', `/review/${token}`)).toMatchObject({
		status: 404,
		body: { detail: 'This review link was withdrawn.', ended: 'revoked' }
	});
	expect((await review({ token, name: 'Late' })).status).toBe(404);
	const revoked = (await list()).body.items[0]!;
	expect(revoked.revokedAt).toEqual(expect.any(String));
	expect((await newsroom.owner.call('DELETE', `/links/${made.body.id}`)).status).toBe(204);
	expect((await list()).body.items[0]).toEqual(revoked);
});

test('revoking ends the guest’s open sockets [G14]', async () => {
	const id = await newsroom.article();
	const guest = await newsroom.guest(id, 'annotate');
	using room = join(newsroom, guest, `${id}/layers/shared`);
	await room.synced;
	await newsroom.owner.call('DELETE', `/links/${guest.linkId}`);
	expect((await room.closed).code).toBeGreaterThanOrEqual(4401);
});

test('a link with an end is over when it has come', async () => {
	const id = await newsroom.article();
	const link = await make(id, { access: 'view', expiresAt: '2999-01-01T00:00:00+01:00' });
	const opened = await review({ token: link.token, name: 'Gus' });
	const known = cookieOf(opened.headers);
	const read = () => newsroom.nobody.call('GET', `/articles/${id}`, undefined, known);
	expect((await read()).status).toBe(200);
	const { body } = await newsroom.owner.call<Page>('GET', `/articles/${id}/links`);
	expect(body.items[0]!.expiresAt).toBe('2998-12-31T23:00:00.000Z');
	await newsroom.db.reviewLink.update({
		where: { id: link.id },
		data: { expiresAt: new Date(Date.now() - 1) }
	});
	expect((await read()).status).toBe(401);
	expect(await review({ token: link.token, name: 'Gus' })).toMatchObject({
		status: 404,
		body: { detail: 'This review link has ended.', ended: 'expired' }
	});
});

test('a link with a password asks for it, and it cannot be guessed by trying', async () => {
	const link = await make(await newsroom.article(), { access: 'view', password: 'pier nine' });
	expect((await newsroom.nobody.call('GET', `/review/${link.token}`)).body).toMatchObject({
		passwordNeeded: true
	});
	const open = (password?: string) => review({ token: link.token, name: 'Gus', password });
	const without = await open();
	expect(without.status).toBe(403);
	expect(without.body).toMatchObject({ field: 'password' });
	expect((await open('pier nine')).status).toBe(201);
	for (let tries = 0; tries < 9; tries++) expect((await open('guess')).status).toBe(403);
	expect((await open('pier nine')).status).toBe(429);
});

test('who has two links to an article may do what the wider one allows', async () => {
	const id = await newsroom.article();
	const cookies: string[] = [];
	for (const access of ['annotate', 'view']) {
		const { token } = await make(id, { access });
		cookies.push(cookieOf((await review({ token, name: access })).headers).cookie);
	}
	const known = { cookie: cookies.join('; ') };
	const { body } = await newsroom.nobody.call('GET', `/articles/${id}`, undefined, known);
	expect(body).toMatchObject({ access: 'annotate' });
});

test('an owner’s tab and a guest’s tab stand side by side in one browser', async () => {
	const id = await newsroom.article();
	const person = await newsroom.signedIn(await newsroom.person('editor'));
	const guest = await newsroom.guest(id, 'view');
	const both: Pick<Caller, 'call'> = newsroom.nobody;
	const known = { cookie: `${person.headers.cookie}; ${guest.headers.cookie}` };
	const as = async (query: string) =>
		(await both.call<{ principal: string }>('GET', `/session${query}`, undefined, known)).body.principal;
	expect(await as('')).toBe(person.principal);
	expect(await as('?as=guest')).toBe(guest.principal);
	expect((await both.call('GET', '/articles?as=guest', undefined, known)).status).toBe(403);
});

test.each([
	['access', { access: 'edit' }],
	['access', {}],
	['expiresAt', { access: 'view', expiresAt: 'tomorrow' }],
	['expiresAt', { access: 'view', expiresAt: '2020-01-01T00:00:00Z' }],
	['layers', { access: 'view', layers: ['legal'] }],
	['password', { access: 'view', password: '' }]
])('a link whose %s is wrong is refused by name', async (field, link) => {
	const answer = await newsroom.owner.call('POST', `/articles/${await newsroom.article()}/links`, link);
	expect(answer.status).toBe(422);
	expect(answer.body).toMatchObject({ field });
});

test('a guest needs a name', async () => {
	const { token } = await make(await newsroom.article(), { access: 'view' });
	for (const name of [undefined, ' ', 'x'.repeat(101)])
		expect((await review({ token, name })).body).toMatchObject({ status: 422, field: 'name' });
});

test('links are listed in pages, newest first', async () => {
	const id = await newsroom.article();
	const ids = [(await make(id, { access: 'view' })).id, (await make(id, { access: 'comment' })).id].reverse();
	const first = await newsroom.owner.call<Page>('GET', `/articles/${id}/links?limit=1`);
	const second = await newsroom.owner.call<Page>(
		'GET',
		`/articles/${id}/links?limit=1&cursor=${first.body.next}`
	);
	expect([...first.body.items, ...second.body.items].map((link) => link.id)).toEqual(ids);
	expect(second.body.next).toBeNull();
});

/** What holds for every call: who is let in, what errors look like, and the document that describes them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startNewsroom, type Caller, type Newsroom } from '../../support/newsroom.ts';
import { join } from '../../support/sockets.ts';

interface Operation {
	security?: unknown[];
	responses: Record<string, { content?: Record<string, unknown> }>;
	requestBody?: { content: Record<string, unknown> };
}
interface Document {
	openapi: string;
	paths: Record<string, Record<string, Operation>>;
	components: { schemas: Record<string, unknown> };
}

let newsroom: Newsroom;
let document: Document;
beforeAll(async () => {
	newsroom = await startNewsroom();
	document = (await newsroom.nobody.call<Document>('GET', '/openapi.json')).body;
});
afterAll(() => newsroom[Symbol.asyncDispose]());

const OPEN = ['GET /setup', 'POST /setup', 'POST /session', 'GET /review/{token}', 'POST /review'];
const operations = () =>
	Object.entries(document.paths).flatMap(([path, methods]) =>
		Object.entries(methods).map(([method, operation]) => ({
			name: `${method.toUpperCase()} ${path.replace('/api/v1', '')}`,
			operation
		}))
	);

test('the API describes itself in OpenAPI 3.1', () => {
	expect(document.openapi).toBe('3.1.0');
	const names = operations().map(({ name }) => name);
	expect(names.sort()).toEqual(
		[
			...OPEN,
			...[
				'GET /session',
				'DELETE /session',
				'GET /people',
				'POST /people',
				'PATCH /people/{userId}',
				'GET /labels',
				'PUT /labels',
				'POST /samples'
			],
			...[
				'GET /articles',
				'POST /articles',
				'GET /articles/{id}',
				'PATCH /articles/{id}',
				'GET /articles/{id}/text',
				'GET /articles/{id}/people'
			],
			...[
				'GET /articles/{id}/annotations/{annotationId}/history',
				'GET /articles/{id}/unread',
				'POST /articles/{id}/read',
				'POST /articles/{id}/unread',
				'PUT /articles/{id}/reading',
				'GET /articles/{id}/readers'
			],
			...['GET /articles/{id}/annotations', 'POST /articles/{id}/annotations'],
			...['GET', 'PUT', 'DELETE'].map((method) => `${method} /articles/{id}/annotations/{annotationId}`),
			...[
				'POST /articles/{id}/finish',
				'POST /articles/{id}/reopen',
				'GET /articles/{id}/sets',
				'GET /sets/{id}'
			],
			...['GET /articles/{id}/export/{format}', 'GET /sets/{id}/export/{format}'],
			...['GET /sync/{id}/text', 'GET /sync/{id}/layers/{layer}'],
			...['POST /articles/{id}/links', 'GET /articles/{id}/links', 'DELETE /links/{id}']
		].sort()
	);
	for (const { operation } of operations()) {
		expect(operation.responses.default!.content).toHaveProperty(['application/problem+json']);
		if (operation.requestBody)
			expect(Object.keys(operation.requestBody.content)).toEqual(['application/json', 'application/ld+json']);
	}
	const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
	for (const [, name] of references) expect(document.components.schemas).toHaveProperty([name!]);
});

test('the default is no: every call but the few open ones answers nobody with 401, whatever they send', async () => {
	for (const { name, operation } of operations()) {
		const [method, path] = name.split(' ') as [string, string];
		const address = path.replaceAll(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000');
		const { status } = await newsroom.nobody.call(method, address, method === 'GET' ? undefined : '{');
		if (OPEN.includes(name)) expect(operation.security, name).toEqual([]);
		else expect(status, name).toBe(401);
	}
});

describe('errors are problem+json', () => {
	const expectProblem = async (
		answer: Promise<{ status: number; headers: Headers; body: unknown }>,
		status: number
	) => {
		const { headers, body, ...rest } = await answer;
		expect(rest.status).toBe(status);
		expect(headers.get('content-type')).toBe('application/problem+json');
		expect(headers.get('cache-control')).toBe('no-store');
		expect(body).toMatchObject({
			type: 'about:blank',
			title: expect.any(String),
			status,
			detail: expect.any(String)
		});
		return body;
	};
	const owner = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
		newsroom.owner.call(method, path, body, headers);

	test('an unknown path, or method', async () => {
		await expectProblem(owner('GET', '/nothing'), 404);
		await expectProblem(newsroom.nobody.call('GET', '/nothing'), 404);
		await expectProblem(newsroom.nobody.call('GET', ''), 404);
		await expectProblem(owner('PUT', '/articles'), 404);
	});
	test('a body that is not JSON', async () => {
		expect(await expectProblem(owner('POST', '/articles', '{"text":'), 400)).toMatchObject({ field: 'body' });
		expect(await expectProblem(owner('POST', '/articles', '[]'), 422)).toMatchObject({ field: 'body' });
	});
	test('another kind of body', async () => {
		for (const type of ['text/plain', 'application/xml', 'multipart/form-data; boundary=x']) {
			const headers = { 'content-type': type, origin: newsroom.origin };
			const body = await expectProblem(owner('POST', '/articles', 'text', headers), 415);
			expect(body).toMatchObject({ field: 'Content-Type' });
		}
		const ld = await owner('POST', '/articles', { text: 'One' }, { 'content-type': 'application/ld+json' });
		expect(ld.status).toBe(201);
	});
	test('the field that is wrong, and every other one', async () => {
		const body = await expectProblem(owner('POST', '/articles', { title: 1, text: 2 }), 422);
		expect(body).toMatchObject({ field: 'title', errors: [{ field: 'title' }, { field: 'text' }] });
	});
	test('a body that is too large, wherever it goes', async () => {
		const large = { password: 'x'.repeat(2 * 1024 * 1024) };
		expect(await expectProblem(newsroom.nobody.call('POST', '/session', large), 413)).toMatchObject({
			field: 'body'
		});
		await expectProblem(owner('POST', '/people', large), 413);
		await expectProblem(newsroom.nobody.call('POST', '/articles', large), 413);
		await expectProblem(owner('POST', '/articles', { text: 'x'.repeat(15 * 1024 * 1024) }), 413);
	});
	test('nobody', async () => {
		const answer = await newsroom.nobody.call('GET', '/articles');
		expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
		await expectProblem(newsroom.nobody.call('GET', '/articles'), 401);
	});
	test('a guest among articles', async () => {
		const guest = await newsroom.guest(await newsroom.article(), 'view');
		await expectProblem(guest.call('GET', '/articles'), 403);
	});
});

test('nothing is kept by a cache', async () => {
	const { headers } = await newsroom.owner.call('GET', '/articles');
	expect(headers.get('cache-control')).toBe('no-store');
});

describe('Origin', () => {
	let person: Caller;
	let guest: Caller;
	let id: string;
	beforeAll(async () => {
		id = await newsroom.article();
		person = await newsroom.signedIn(await newsroom.person('editor'));
		guest = await newsroom.guest(id, 'annotate');
	});
	const note = { type: 'Annotation', bodyValue: 'Note', target: 'urn:x:article' };
	const write = async (who: Caller, headers: Record<string, string>) => {
		const known = Object.fromEntries(Object.entries(who.headers).filter(([name]) => name !== 'origin'));
		const more = { ...known, ...headers };
		return (await newsroom.nobody.call('POST', `/articles/${id}/annotations`, note, more)).status;
	};

	test('is required with a cookie on every change', async () => {
		for (const who of [person, guest]) {
			expect(await write(who, {})).toBe(403);
			expect(await write(who, { origin: newsroom.origin })).toBe(201);
		}
	});
	test('is not required to read', async () => {
		const { cookie } = person.headers;
		expect(
			(await newsroom.nobody.call('GET', `/articles/${id}`, undefined, { cookie: cookie! })).status
		).toBe(200);
	});
	test('is not required with a bearer', async () => {
		expect(await write(newsroom.owner, {})).toBe(201);
		expect(await write(newsroom.owner, { cookie: 'theme=dark' })).toBe(201);
	});
	test('is checked wherever it is present', async () => {
		for (const origin of ['https://evil.example.org', 'null', `${newsroom.origin}.evil.example.org`]) {
			for (const who of [person, guest, newsroom.owner]) expect(await write(who, { origin })).toBe(403);
			expect((await newsroom.owner.call('GET', '/articles', undefined, { origin })).status).toBe(403);
			expect((await newsroom.nobody.call('POST', '/session', {}, { origin })).status).toBe(403);
		}
	});
	test('of a socket too', async () => {
		const { cookie } = person.headers;
		const others: Record<string, string>[] = [
			{ cookie: cookie! },
			{ cookie: cookie!, origin: 'https://evil.example.org' }
		];
		for (const headers of others) {
			using room = join(newsroom, { headers }, `${id}/text`);
			expect((await room.closed).code).toBe(4403);
		}
	});
});

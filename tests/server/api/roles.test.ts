/** The table of roles (DESIGN.md, "Roles") over HTTP: every call, by everybody. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FIRST_LABELS } from '../../../src/lib/domain/labels.ts';
import { PASSWORD, startNewsroom, type Caller, type Newsroom } from '../../support/newsroom.ts';

const WHO = [
	'owner',
	'editor',
	'annotator',
	'viewer',
	'annotate',
	'comment',
	'view',
	'elsewhere',
	'nobody'
] as const;
type Who = (typeof WHO)[number];

let newsroom: Newsroom;
let id: string;
let setId: string;
const known = {} as Record<Who, Caller>;

beforeAll(async () => {
	newsroom = await startNewsroom();
	id = await newsroom.article();
	const finished = await newsroom.owner.call<{ id: string }>('POST', `/articles/${id}/finish`);
	setId = finished.body.id;
	await newsroom.owner.call('POST', `/articles/${id}/reopen`);
	known.owner = newsroom.owner;
	for (const role of ['editor', 'annotator', 'viewer'] as const) known[role] = await newsroom.person(role);
	for (const access of ['annotate', 'comment', 'view'] as const)
		known[access] = await newsroom.guest(id, access);
	known.elsewhere = await newsroom.guest(await newsroom.article(), 'annotate');
	known.nobody = newsroom.nobody;
});
afterAll(() => newsroom[Symbol.asyncDispose]());

const comment = (exact?: string) => ({
	type: 'Annotation',
	bodyValue: 'Who says so?',
	target: exact ? { source: 'x', selector: { type: 'TextQuoteSelector', exact } } : 'urn:x:article'
});
const post = async (who: Who, body: object) =>
	(await known[who].call<{ id: string }>('POST', `/articles/${id}/annotations`, body)).body;
const pathOf = ({ id }: { id: string }) => new URL(id).pathname.replace('/api/v1', '');

/** Statuses in the order of WHO; one that is not given is 404 elsewhere and 401 for nobody. */
function expectEach(statuses: number[], ask: (caller: Caller, who: Who) => Promise<{ status: number }>) {
	const expected = [...statuses, 404, 401].slice(0, WHO.length);
	test.each(WHO.map((who, index) => [who, expected[index]!] as const))('%s: %i', async (who, status) => {
		expect((await ask(known[who], who)).status).toBe(status);
	});
}

const OWNER = [200, 403, 403, 403, 403, 403, 403, 403, 401];
const EDITORS = (yes: number) => [yes, yes, 403, 403, 403, 403, 403];
const READERS = [200, 200, 200, 200, 200, 200, 200];

describe('GET /articles', () =>
	expectEach([200, 200, 200, 200, 403, 403, 403, 403, 401], (who) => who.call('GET', '/articles')));
describe('GET /labels', () =>
	expectEach([200, 200, 200, 200, 403, 403, 403, 403, 401], (who) => who.call('GET', '/labels')));
describe('PUT /labels', () =>
	expectEach(OWNER, (who) => who.call('PUT', '/labels', { items: FIRST_LABELS })));
describe('GET /people', () => expectEach(OWNER, (who) => who.call('GET', '/people')));
describe('GET /session', () => expectEach([...READERS, 200, 401], (who) => who.call('GET', '/session')));
describe('GET of an article', () => expectEach(READERS, (who) => who.call('GET', `/articles/${id}`)));
describe('GET of its text', () => expectEach(READERS, (who) => who.call('GET', `/articles/${id}/text`)));
describe('GET of its people', () => expectEach(READERS, (who) => who.call('GET', `/articles/${id}/people`)));
describe('GET of an annotation’s history', () =>
	expectEach(READERS, async (who) => who.call('GET', `${pathOf(await post('owner', comment()))}/history`)));
describe('GET of what is unread', () =>
	expectEach(READERS, (who) => who.call('GET', `/articles/${id}/unread`)));
describe('POST of what is read', () =>
	expectEach(
		READERS.map(() => 204),
		(who) => who.call('POST', `/articles/${id}/read`, { all: true })
	));
describe('POST of what is unread again', () =>
	expectEach(
		READERS.map(() => 204),
		(who) => who.call('POST', `/articles/${id}/unread`, { threads: [] })
	));
describe('PUT of how far one has read', () =>
	expectEach(
		READERS.map(() => 204),
		(who) => who.call('PUT', `/articles/${id}/reading`, { to: 0.5 })
	));
describe('GET of its readers', () =>
	expectEach([200, 200, 200, 200, 403, 403, 403], (who) => who.call('GET', `/articles/${id}/readers`)));
describe('GET of its annotations', () =>
	expectEach(READERS, (who) => who.call('GET', `/articles/${id}/annotations`)));
describe('GET of its sets', () => expectEach(READERS, (who) => who.call('GET', `/articles/${id}/sets`)));
describe('GET of its export', () =>
	expectEach(READERS, (who) => who.call('GET', `/articles/${id}/export/csv`)));
describe('GET of a set', () => expectEach(READERS, (who) => who.call('GET', `/sets/${setId}`)));
describe('GET of a set’s export', () =>
	expectEach(READERS, (who) => who.call('GET', `/sets/${setId}/export/md`)));
describe('GET of its links', () =>
	expectEach(EDITORS(200), (who) => who.call('GET', `/articles/${id}/links`)));

describe('POST /people', () =>
	expectEach([201, ...OWNER.slice(1)], (caller, who) =>
		caller.call('POST', '/people', {
			name: who,
			email: `by-${who}@example.org`,
			role: 'viewer',
			password: PASSWORD
		})
	));
describe('PATCH of a person', () =>
	expectEach(OWNER, async (who) => {
		const person = await newsroom.person('viewer');
		return who.call('PATCH', `/people/${person.principal.replace('user:', '')}`, { role: 'viewer' });
	}));
describe('POST /articles', () =>
	expectEach([201, 201, 201, 403, 403, 403, 403, 403, 401], (who) =>
		who.call('POST', '/articles', { text: 'One' })
	));
describe('POST /samples', () =>
	expectEach([201, 201, 201, 403, 403, 403, 403, 403, 401], (who) => who.call('POST', '/samples')));
describe('PATCH of an article', () =>
	expectEach(EDITORS(200), (who) => who.call('PATCH', `/articles/${id}`, { title: 'Bridge' })));
describe('POST of a link', () =>
	expectEach(EDITORS(201), (who) => who.call('POST', `/articles/${id}/links`, { access: 'view' })));
describe('DELETE of a link', () =>
	expectEach(EDITORS(204), async (who) => {
		const link = await newsroom.owner.call<{ id: string }>('POST', `/articles/${id}/links`, {
			access: 'view'
		});
		return who.call('DELETE', `/links/${link.body.id}`);
	}));

describe('marking a passage', () =>
	expectEach([201, 201, 201, 403, 201, 403, 403], (who) =>
		who.call('POST', `/articles/${id}/annotations`, comment('nine piers'))
	));
describe('replying', () =>
	expectEach([201, 201, 201, 403, 201, 201, 403], async (who) => {
		const root = await post('owner', comment());
		return who.call('POST', `/articles/${id}/annotations`, {
			type: 'Annotation',
			bodyValue: 'Me',
			target: root.id
		});
	}));

describe('changing one’s own words', () =>
	expectEach([200, 200, 200, 403, 200, 200, 403, 404, 401], async (caller, who) => {
		// who may not write has nothing of their own
		const root = await post('owner', comment());
		const reply = await post(who, { type: 'Annotation', bodyValue: 'Mine', target: root.id });
		const own = reply.id?.startsWith('http') ? reply : root;
		return caller.call('PUT', pathOf(own), { ...own, body: 'Other words' });
	}));
describe('changing others’ words [G5]', () =>
	expectEach([403, 403, 403, 403, 403, 403, 403], async (caller, who) => {
		const root = await post(who === 'owner' ? 'editor' : 'owner', comment());
		return caller.call('PUT', pathOf(root), { ...root, body: 'Not their words' });
	}));
describe('deleting one’s own', () =>
	expectEach([204, 204, 204, 403, 204, 204, 403], async (caller, who) => {
		const root = await post('owner', comment());
		const reply = await post(who, { type: 'Annotation', bodyValue: 'Mine', target: root.id });
		return caller.call('DELETE', pathOf(reply.id?.startsWith('http') ? reply : root));
	}));
describe('deleting others’ [G6]', () =>
	expectEach([204, 204, 403, 403, 403, 403, 403], async (caller, who) => {
		const root = await post(who === 'owner' ? 'editor' : 'owner', comment());
		return caller.call('DELETE', pathOf(root));
	}));
describe('resolving others’ threads [G7]', () =>
	expectEach([200, 200, 200, 403, 403, 403, 403], async (caller, who) => {
		const root = await post(who === 'owner' ? 'editor' : 'owner', comment());
		return caller.call('PUT', pathOf(root), { ...root, 'galley:status': 'resolved' });
	}));
test('a guest who annotates resolves their own thread [G7]', async () => {
	const root = await post('annotate', comment());
	const { status } = await known.annotate.call('PUT', pathOf(root), { ...root, 'galley:status': 'resolved' });
	expect(status).toBe(200);
});

describe('finishing and reopening', () => {
	describe('finish', () => expectEach(EDITORS(409), (who) => who.call('POST', `/articles/${id}/finish`, {})));
	describe('reopen', () => expectEach(EDITORS(409), (who) => who.call('POST', `/articles/${id}/reopen`)));
});

test('what one may not open is not there, and neither is what does not exist', async () => {
	const missing = '00000000-0000-4000-8000-000000000000';
	const hidden = await known.elsewhere.call('GET', `/articles/${id}`);
	const absent = await known.elsewhere.call('GET', `/articles/${missing}`);
	expect(hidden.body).toEqual(absent.body);
	for (const path of [
		`/articles/${missing}`,
		'/articles/x',
		`/sets/${missing}`,
		'/sets/x',
		`/articles/${missing}/text`
	])
		expect((await newsroom.owner.call('GET', path)).status).toBe(404);
	for (const path of [`/links/${missing}`, '/links/x'])
		expect((await newsroom.owner.call('DELETE', path)).status).toBe(404);
});

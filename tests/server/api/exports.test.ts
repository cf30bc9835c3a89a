import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startNewsroom, type Newsroom } from '../../support/newsroom.ts';

let newsroom: Newsroom;
let id: string;
let setId: string;
beforeAll(async () => {
	newsroom = await startNewsroom();
	const text = 'The 🌉 bridge is closed.\nThe bridge stays closed.';
	id = await newsroom.article(text, 'Bridge “closed”: müde');
	const selector = { type: 'TextQuoteSelector', exact: '🌉 bridge' };
	const body = { type: 'TextualBody', value: '=HYPERLINK("http://x.example.org")' };
	const target = { source: 'x', selector };
	const root = await newsroom.owner.call<{ id: string }>('POST', `/articles/${id}/annotations`, {
		type: 'Annotation',
		body,
		target
	});
	const reply = { type: 'Annotation', bodyValue: 'The mayor', target: root.body.id };
	await newsroom.owner.call('POST', `/articles/${id}/annotations`, reply);
	const set = await newsroom.owner.call<{ id: string }>('POST', `/articles/${id}/finish`, {
		override: 'late'
	});
	setId = set.body.id;
});
afterAll(() => newsroom[Symbol.asyncDispose]());

const today = new Date().toISOString().slice(0, 10);
const MEDIA = {
	jsonld: 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
	csv: 'text/csv; charset=utf-8',
	md: 'text/markdown; charset=utf-8'
};

test.each(Object.entries(MEDIA))(
	'%s is a file whose name says article, set and date',
	async (format, mediaType) => {
		for (const [path, set] of [
			[`/articles/${id}`, 'live'],
			[`/sets/${setId}`, 'set-1']
		]) {
			const { status, headers } = await newsroom.owner.call('GET', `${path}/export/${format}`);
			expect(status).toBe(200);
			expect(headers.get('content-type')).toBe(mediaType);
			const name = `bridge-closed-mude-${set}-${today}.${format}`;
			expect(headers.get('content-disposition')).toBe(
				`attachment; filename="${name}"; filename*=UTF-8''${name}`
			);
		}
	}
);

test('an unknown format is not there', async () => {
	for (const path of [`/articles/${id}`, `/sets/${setId}`])
		expect((await newsroom.owner.call('GET', `${path}/export/exe`)).status).toBe(404);
});

test('the spreadsheet has a row for each annotation and reply, and executes nothing', async () => {
	for (const path of [`/articles/${id}`, `/sets/${setId}`]) {
		const { text } = await newsroom.owner.call('GET', `${path}/export/csv`);
		const rows = text.trim().split('\r\n');
		expect(rows).toHaveLength(3);
		expect(text).toContain("'=HYPERLINK");
		expect(text).toContain('Olga Owner');
	}
});

test('Markdown shows quote, words and who', async () => {
	const { text } = await newsroom.owner.call('GET', `/sets/${setId}/export/md`);
	for (const words of ['🌉 bridge', 'The mayor', 'Olga Owner']) expect(text).toContain(words);
});

test('JSON-LD is a collection with its page, and offsets count code points', async () => {
	for (const path of [`/articles/${id}`, `/sets/${setId}`]) {
		const { body } = await newsroom.owner.call<{ first: { items: { target: { selector: object[] } }[] } }>(
			'GET',
			`${path}/export/jsonld`
		);
		expect(body).toMatchObject({
			'@context': 'http://www.w3.org/ns/anno.jsonld',
			type: 'AnnotationCollection',
			total: 2
		});
		const [root] = body.first.items;
		expect(root!.target.selector[1]).toEqual({ type: 'TextPositionSelector', start: 4, end: 12 });
	}
});

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const CHECKER = join(ROOT, '../shared/w3c/run.mjs');
describe.runIf(existsSync(CHECKER))('against the W3C model', () => {
	test('annotations, pages and collections are valid', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'galley-w3c-'));
		const { body: page } = await newsroom.owner.call<{ items: { id: string }[] }>(
			'GET',
			`/articles/${id}/annotations`
		);
		const files = {
			...Object.fromEntries(page.items.map((item, index) => [`annotation-${index}`, JSON.stringify(item)])),
			page: JSON.stringify(page),
			live: (await newsroom.owner.call('GET', `/articles/${id}/export/jsonld`)).text,
			set: (await newsroom.owner.call('GET', `/sets/${setId}/export/jsonld`)).text
		};
		const paths = Object.entries(files).map(([name, text]) => {
			const path = join(folder, `${name}.json`);
			writeFileSync(path, text);
			return path;
		});
		const output = execFileSync(process.execPath, [CHECKER, ...paths], {
			encoding: 'utf8',
			env: { ...process.env, AJV_FROM: ROOT }
		});
		expect(output).toContain(`${paths.length} as expected, 0 not`);
		rmSync(folder, { recursive: true });
	});
});

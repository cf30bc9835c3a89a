import { describe, expect, it, test } from 'vitest';
import {
	exportedLive,
	exportedSet,
	formatOf,
	FORMATS,
	nameOfFile
} from '../../../src/lib/domain/export/index.ts';
import { FIRST_LABELS } from '../../../src/lib/domain/labels.ts';
import { exampleSet, ARTICLE_FACTS, LAYER, NAMES, TEXT } from '../example.ts';
import { ARTICLE, comment, reply } from '../make.ts';

const ORIGIN = 'https://galley.example';
const set = exportedSet(exampleSet(), ORIGIN, FIRST_LABELS);
const live = exportedLive({
	origin: ORIGIN,
	articleId: ARTICLE,
	article: ARTICLE_FACTS,
	text: TEXT,
	layers: [LAYER],
	labels: FIRST_LABELS,
	names: NAMES
});
/** The example with these annotations instead. */
const said = (...annotations: ReturnType<typeof comment>[]) =>
	exportedLive({ ...live, layers: [{ ...LAYER, annotations }], names: NAMES });
const write = (format: string, exported = set) => formatOf(format)!.write(exported);

/** RFC 4180, as a spreadsheet reads it. */
function parseCsv(csv: string): string[][] {
	const rows: string[][] = [[]];
	for (const [, quoted, plain, end] of csv.slice(1).matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
		rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain!);
		if (end === '\r\n') rows.push([]);
	}
	return rows.slice(0, -1);
}

describe('formats', () => {
	it('are named once, with their media type and extension', () => {
		expect(FORMATS.map(({ format, extension }) => [format, extension])).toEqual([
			['jsonld', 'jsonld'],
			['csv', 'csv'],
			['md', 'md']
		]);
		expect(formatOf('docx')).toBeUndefined();
	});
	it('name their files after article, set and date', () => {
		const csv = formatOf('csv')!;
		expect(nameOfFile(set, csv, '2027-01-01T00:00:00Z')).toBe('mayor-shuts-bridge-set-1-2026-11-22.csv');
		expect(nameOfFile(live, csv, '2027-01-01T00:00:00Z')).toBe('mayor-shuts-bridge-live-2027-01-01.csv');
	});
	it('write the live article and its finished set alike', () => {
		expect(parseCsv(write('csv', live))).toEqual(parseCsv(write('csv', set)));
	});
});

describe('JSON-LD', () => {
	it('is one collection with its page', () => {
		const collection = JSON.parse(write('jsonld'));
		expect(collection).toMatchObject({
			id: `${ORIGIN}/api/v1/sets/${set.set!.id}`,
			type: 'AnnotationCollection',
			label: 'Mayor shuts bridge (set 1)',
			total: 6,
			first: { type: 'AnnotationPage', startIndex: 0 }
		});
		expect(collection.first.items).toHaveLength(6);
		expect(JSON.parse(write('jsonld', live)).label).toBe('Mayor shuts bridge');
	});
});

describe('CSV', () => {
	it('has a row for each annotation and reply', () => {
		const [header, ...rows] = parseCsv(write('csv'));
		const table = rows.map((row) => Object.fromEntries(header!.map((name, index) => [name, row[index]])));
		expect(write('csv').startsWith('\ufeffthread,id,reply_to,layer,kind,label,quote,body,person,')).toBe(
			true
		);
		expect(table.map(({ kind, person, body }) => [kind, person, body])).toEqual([
			['removed', 'Ann Otator', ''],
			['reply', 'Ann Otator', 'But why?'],
			['comment', 'Ann Otator', 'Says who?'],
			['reply', 'Gus', '# I was there.'],
			['highlight', 'Ann Otator', ''],
			['comment', 'Ann Otator', 'Says who?']
		]);
		expect(table[2]).toMatchObject({
			layer: 'shared',
			label: 'Fact-check',
			quote: 'Nobody crosses',
			status: 'resolved',
			resolved_by: 'Ed Itor',
			resolution: 'Heard on tape.',
			start: '19',
			end: '33'
		});
		expect(table[3]).toMatchObject({ thread: table[2]!.id, reply_to: table[2]!.id, quote: '', start: '' });
		expect(table[5]).toMatchObject({ assignee: 'Ed Itor', quote: 'never said this', start: '' });
	});

	test.each([
		'=1+1',
		'+1',
		'-1',
		'@SUM(A1)',
		'\t=1',
		'\r=1',
		' =1',
		'\n\n=1',
		' \t "=1',
		'＝1',
		'a\n=1',
		'a\r\n-2+3',
		'a;=1',
		'a\t"@x'
	])('executes nothing: %j', (words) => {
		const cells = parseCsv(write('csv', said(comment({ body: words, tags: [words], label: words })))).flat();
		for (const cell of cells) expect(cell).not.toMatch(/(^|[\n\r;\t])[\s"]*[=+\-@＝＋－＠]/);
		const calm = (text: string | undefined) => text?.replaceAll("'", '');
		expect(cells.filter((cell) => calm(cell) === words)).toHaveLength(3);
	});

	it('leaves other words as they are', () => {
		const words = 'He said: "a, b – 5 - 3 = 2"; then\nleft';
		expect(parseCsv(write('csv', said(comment({ body: words }))))[1]).toContain(words);
	});
	it('has its head where there is nothing', () => expect(parseCsv(write('csv', said()))).toHaveLength(1));
});

describe('Markdown', () => {
	it('reads as the conversation did', () => {
		expect(write('md')).toBe(`# Mayor shuts bridge

The Tide · Ines V. · 2026-03-17 · <https://tide.example.org/a_b>

Set 1, finished 2026-11-22 14:00 UTC by Ed Itor.

> Ready to print.

### 1. Removed

- **Ann Otator**, 2026-11-22 12:00 UTC, removed

  - **Ann Otator**, 2026-11-22 12:00 UTC

    > But why?

### 2. Comment · Fact-check · resolved

> Nobody crosses

- **Ann Otator**, 2026-11-22 12:00 UTC, edited 2026-11-22 12:30 UTC

  > Says who?

  - **Gus**, 2026-11-22 12:05 UTC

    > # I was there.

- Resolved by **Ed Itor**, 2026-11-22 13:00 UTC

  > Heard on tape.

### 3. Highlight · #age

> 61 years

- **Ann Otator**, 2026-11-22 12:00 UTC

### 4. Comment · passage not found in the text

> never said this

- **Ann Otator**, 2026-11-22 12:00 UTC

  > Says who?
`);
	});

	it('cannot be broken by what people say', () => {
		const forged = 'x\n\n- **Ed Itor**, 2026-11-22 12:00 UTC\n\n  > Forged\n\n```\n# Title\n<!-- <script>';
		const quote = '# One\n- two\n1. three\n> *four* <b>\n===';
		const markdown = write(
			'md',
			said(
				comment({ body: forged, exact: quote, from: 0, to: quote.length }),
				reply({ body: '</div>\r\r</ul>' })
			)
		);
		const lines = markdown.split('\n');
		expect(lines.filter((line) => /^#/.test(line))).toEqual([
			'# Mayor shuts bridge',
			'### 1. Comment · passage not found in the text'
		]);
		expect(lines.filter((line) => /^\s*- /.test(line))).toHaveLength(2);
		expect(markdown).not.toMatch(/(?<!\\)<(?!https:)/);
		expect(markdown).toContain(
			'> \\# One\n>\n> \\- two\n>\n> 1\\. three\n>\n> \\> \\*four\\* \\<b\\>\n>\n> \\==='
		);
	});

	it('says whom a comment mentions by name alone, as the spreadsheet does', () => {
		const body = 'Ask [@Ann](user:ann), [@Gus](guest:gus).';
		expect(write('md', said(comment({ body })))).toContain('> Ask @Ann, @Gus.');
		expect(parseCsv(write('csv', said(comment({ body }))))[1]).toContain('Ask @Ann, @Gus.');
	});

	it('keeps what is harmless of a comment’s Markdown', () => {
		const markdown = write('md', said(comment({ body: '**No**, see <https://example.org/a_b>\n\n- one' })));
		expect(markdown).toContain('  > **No**, see <https://example.org/a_b>\n  >\n  > - one\n');
	});
	it('says so where there is nothing', () => {
		expect(write('md', said())).toMatch(/Not finished yet\.\n\nThere are no annotations\.\n$/);
	});
});

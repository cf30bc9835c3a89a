/** Who may import whom (README, "The picture"): the import lines are read and held against the table. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Our folders, innermost first, and what each may import of the others. */
const FOLDERS: Record<string, string[]> = {
	'src/lib/domain': [],
	'src/lib/ydoc': ['src/lib/domain'],
	'src/lib/editor': ['src/lib/domain', 'src/lib/ydoc'],
	'src/lib/live': ['src/lib/domain', 'src/lib/ydoc'],
	'src/lib/components': ['src/lib/domain', 'src/lib/live', 'src/lib/editor'],
	'src/lib/server': ['src/lib/domain', 'src/lib/ydoc'],
	server: ['src/lib/domain', 'src/lib/ydoc', 'src/lib/server'],
	'src/routes': [
		'src/lib/domain',
		'src/lib/ydoc',
		'src/lib/editor',
		'src/lib/live',
		'src/lib/components',
		'src/lib/server'
	],
	prisma: ['src/lib/server', 'server']
};

/** Packages that belong to certain folders only. */
const PACKAGES: [RegExp, string[]][] = [
	[/^yjs$/, ['src/lib/ydoc', 'src/lib/live', 'server']],
	[/^y-websocket$/, ['src/lib/live']],
	[/^lib0/, ['server', 'src/lib/live']],
	[/^y-indexeddb$|^y-protocols/, []],
	[/^@tiptap\/y-tiptap$/, ['src/lib/ydoc', 'src/lib/editor']],
	[/^@tiptap\//, ['src/lib/editor']],
	[/^@prisma\/|prisma-client|^pg$|^pg-copy-streams$/, ['src/lib/server']],
	[/^ws$|^redis$|^prom-client$|^proxy-addr$/, ['server']],
	[/^svelte/, ['src/lib/live', 'src/lib/components', 'src/lib/editor', 'src/routes']],
	[/^\$app|^\$env/, ['src/lib/components', 'src/lib/live', 'src/routes']],
	[/^\$lib/, []],
	[/^node:/, ['src/lib/server', 'server', 'prisma', 'src/routes/api']],
	[/^hono|^@hono\//, ['src/routes/api']]
];

const files = globSync(['src/**/*.{ts,svelte}', 'server/**/*.ts', 'prisma/**/*.ts'], { cwd: ROOT }).filter(
	(file) => !file.includes('prisma-client')
);
const folderOf = (file: string) => Object.keys(FOLDERS).find((folder) => file.startsWith(`${folder}/`));

function importsOf(file: string): string[] {
	const source = readFileSync(join(ROOT, file), 'utf8');
	return [
		...source.matchAll(
			/(?:^|\n|;)\s*(?:import|export)\b[^'"`;]*?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g
		)
	].map((found) => (found[1] ?? found[2])!);
}

/** What an import line says against the table, or null. */
function fault(file: string, target: string): string | null {
	const folder = folderOf(file);
	if (!folder) return null;
	const path = target.startsWith('#lib/')
		? target.replace('#lib/', 'src/lib/')
		: target.startsWith('.')
			? normalize(join(dirname(file), target))
			: null;
	if (path === null) {
		const rule = PACKAGES.find(([pattern]) => pattern.test(target));
		return rule && !rule[1].some((allowed) => file.startsWith(`${allowed}/`))
			? `${file} imports ${target}`
			: null;
	}
	const into = folderOf(path);
	if (!into || into === folder || FOLDERS[folder]!.includes(into))
		return serverOnly(file, into) ? null : `${file} imports ${path}`;
	return `${file} imports ${path}`;
}

/** Pages reach the services only from files that never go to a browser. */
const serverOnly = (file: string, into: string | undefined) =>
	!file.startsWith('src/routes/') ||
	into !== 'src/lib/server' ||
	/\.server\.ts$|\+server\.ts$|^src\/routes\/api\//.test(file);

test('the import lines keep to the table', () => {
	const faults = files.flatMap((file) => importsOf(file).map((target) => fault(file, target)));
	expect(faults.filter((one) => one !== null)).toEqual([]);
});

test('the table is read at all: a forbidden line would be seen', () => {
	expect(files.length).toBeGreaterThan(50);
	expect(importsOf('src/lib/domain/policy.ts')).toContain('./annotation.ts');
	expect(fault('src/lib/domain/policy.ts', '../ydoc/layer.ts')).toBeTruthy();
	expect(fault('src/lib/domain/policy.ts', 'yjs')).toBeTruthy();
	expect(fault('src/lib/components/Button.svelte', '#lib/server/auth.ts')).toBeTruthy();
	expect(fault('src/routes/articles/+page.ts', '#lib/server/auth.ts')).toBeTruthy();
	expect(fault('src/lib/server/auth.ts', '../../../server/room.ts')).toBeTruthy();
});

/** Builds the pages when their sources are not those of the last build. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = ['src', 'static', 'package-lock.json', 'svelte.config.js', 'vite.config.ts'];
const GENERATED = 'prisma-client';

/** @throws when the build fails; what was wrong stands on stderr */
export function buildWhenNeeded(root: string): void {
	const stamp = join(root, 'build', 'sources.sha256');
	const hash = hashOf(root);
	if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
	console.log('Building the pages (a minute at the first start) …');
	// in a process of its own: what a build needs in memory is not kept
	const vite = join(root, 'node_modules/vite/bin/vite.js');
	execFileSync(process.execPath, [vite, 'build', '--logLevel', 'error'], {
		cwd: root,
		// under a test runner Svelte would build its slow development mode, and `npm start` would find it ready
		env: { ...process.env, NODE_ENV: 'production' },
		stdio: ['ignore', 'ignore', 'inherit']
	});
	writeFileSync(stamp, hash);
}

function hashOf(root: string): string {
	const hash = createHash('sha256');
	for (const file of SOURCES.flatMap((path) => filesUnder(root, path)).sort()) {
		hash.update(`${file}\0`);
		hash.update(readFileSync(join(root, file)));
	}
	return hash.digest('hex');
}

function filesUnder(root: string, path: string): string[] {
	if (path.endsWith(GENERATED)) return [];
	if (!existsSync(join(root, path))) return [];
	try {
		return readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry) =>
			entry.isDirectory() ? filesUnder(root, join(path, entry.name)) : [join(path, entry.name)]
		);
	} catch {
		return [path];
	}
}

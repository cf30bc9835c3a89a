/**
 * Writes the Prisma client. The schema engine that `prisma generate` would download is never run by it, and
 * its host is often out of reach; any executable in its place lets the command pass.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

// the generator reads tsconfig.json, which extends one that `svelte-kit sync` writes later
const extended = `${root}.svelte-kit/tsconfig.json`;
if (!existsSync(extended)) {
	mkdirSync(`${root}.svelte-kit`, { recursive: true });
	writeFileSync(extended, '{}');
}

execFileSync(
	process.execPath,
	[`${root}node_modules/prisma/build/index.js`, 'generate', '--no-hints', '--schema', 'prisma/schema.prisma'],
	{
		cwd: root,
		stdio: ['ignore', 'ignore', 'inherit'],
		env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1' }
	}
);

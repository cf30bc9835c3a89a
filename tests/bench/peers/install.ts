/** The other servers, installed by npm into a cache folder when they are first needed: they are no dependencies of ours. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Peer } from './peers.ts';

const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'galley-bench');
const PLATFORM_NODE = `node-${process.platform}-${process.arch}`;

export interface Installed {
	/** of its packages */
	folder: string;
	/** what runs it */
	node: string;
}

/**
 * Native parts are built with the headers that come with the npm package of Node.
 * @throws with one sentence when npm cannot install it
 */
export function installPeer({ name, packages, node = process.versions.node }: Peer): Installed {
	if (!packages) return { folder: '', node: process.execPath };
	const runtime = { dependencies: { [PLATFORM_NODE]: node } };
	const nodedir = join(npmInstall(`Node ${node}`, runtime), 'node_modules', PLATFORM_NODE);
	const folder = npmInstall(name, packages, {
		npm_config_nodedir: nodedir,
		PATH: `${nodedir}/bin:${process.env.PATH}`
	});
	return { folder, node: join(nodedir, 'bin/node') };
}

/** Another choice of versions has another folder. */
function folderOf(name: string, packages: Peer['packages'], node: string): string {
	const hash = createHash('sha256')
		.update(JSON.stringify([packages, node]))
		.digest('hex');
	const plain = name.replaceAll(/^\W+|[^\w.]+/g, (_odd, at) => (at === 0 ? '' : '-'));
	return join(CACHE, `${plain}-${hash.slice(0, 8)}`);
}

/** The folder that they are in. */
function npmInstall(name: string, packages: Peer['packages'], env: Record<string, string> = {}): string {
	const folder = folderOf(name, packages, env.npm_config_nodedir ?? '');
	const done = join(folder, 'installed');
	if (existsSync(done)) return folder;
	console.log(`  npm installs ${name} into ${folder}`);
	mkdirSync(folder, { recursive: true });
	writeFileSync(
		join(folder, 'package.json'),
		JSON.stringify({ private: true, type: 'module', ...packages }, null, '\t')
	);
	const log = join(folder, 'npm.log');
	try {
		const output = execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-progress'], {
			cwd: folder,
			env: { ...process.env, ...env },
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'pipe'],
			timeout: 600_000
		});
		writeFileSync(log, output);
		writeFileSync(done, '');
		return folder;
	} catch (error) {
		writeFileSync(log, (error as { stderr?: string }).stderr ?? (error as Error).message);
		const why = /npm (?:error|ERR!) (.*)/.exec(readFileSync(log, 'utf8'))?.[1] ?? 'npm failed';
		throw new Error(`${name} cannot be installed (${why}; see ${log}).`, { cause: error });
	}
}

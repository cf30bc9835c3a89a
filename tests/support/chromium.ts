/**
 * A real Chromium for the run: that of the machine, else the one that is whole inside @sparticuz/chromium, so that
 * neither a download nor root is needed. Unpacked once, before the tests that run side by side.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
	interface ProvidedContext {
		chromium: { executablePath: string; libraries: string | null };
	}
}

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export default async function setup(project: TestProject) {
	project.provide('chromium', await findChromium());
}

export async function findChromium(): Promise<{ executablePath: string; libraries: string | null }> {
	const installed = INSTALLED.find((path) => existsSync(path));
	if (installed) return { executablePath: installed, libraries: null };
	const { default: packed, inflate } = await import('@sparticuz/chromium');
	const executablePath = await packed.executablePath();
	if (!/not found/.test(execFileSync('ldd', [executablePath], { encoding: 'utf8' })))
		return { executablePath, libraries: null };
	// what the system lacks (libnss3, say) is in the package too
	const folder = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '..', 'bin');
	return { executablePath, libraries: join(await inflate(join(folder, 'al2023.tar.br')), 'lib') };
}

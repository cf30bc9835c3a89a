/** People at their browsers: each has a context of their own, as on machines of their own. */
import { chromium, type Browser, type BrowserContextOptions, type Page } from '@playwright/test';
import { inject } from 'vitest';

const QUIET = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync'
];

export function openBrowser({ executablePath, libraries } = inject('chromium')): Promise<Browser> {
	const env = { ...process.env, ...(libraries && { LD_LIBRARY_PATH: libraries }) } as Record<string, string>;
	return chromium.launch({ executablePath, args: QUIET, env });
}

/** A page of somebody new to this browser. Errors of the page fail the test that looks at `errors`. */
export async function newPerson(
	browser: Browser,
	options: BrowserContextOptions = {}
): Promise<Page & { errors: string[] }> {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
	const page = await context.newPage();
	const errors: string[] = [];
	page.on('pageerror', (error) => errors.push(error.message));
	return Object.assign(page, { errors });
}

/** The owner gives people their roles. */
import { expect, type Browser } from '@playwright/test';
import { afterAll, beforeAll, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { signIn } from '../support/desk.ts';
import { PASSWORD, startNewsroom, type Newsroom } from '../support/newsroom.ts';

const OLGA = { email: 'olga@example.org', password: PASSWORD };

let newsroom: Newsroom;
let browser: Browser;
beforeAll(async () => {
	[newsroom, browser] = await Promise.all([startNewsroom(), openBrowser()]);
});
afterAll(async () => {
	await browser?.close();
	await newsroom?.[Symbol.asyncDispose]();
});

test('a role is changed and taken back; the last owner stays one, the last but one may go', async () => {
	const ann = await newsroom.person('annotator', 'Ann Annotator');
	const roleOf = async (userId: string) =>
		(await newsroom.db.user.findUniqueOrThrow({ where: { id: userId } })).role;
	const annId = ann.principal.slice('user:'.length);
	const page = await signIn(browser, newsroom.origin, OLGA, '/people');
	const hers = page.getByLabel('Role of Ann Annotator');
	await hers.selectOption('Viewer');
	await expect(page.getByText('Ann Annotator: Viewer now.')).toBeVisible();
	expect(await roleOf(annId)).toBe('viewer');
	await page.getByRole('button', { name: 'Undo' }).click();
	await expect(page.getByText('Ann Annotator: Annotator now.')).toBeVisible();
	await expect(hers).toHaveValue('annotator');
	expect(await roleOf(annId)).toBe('annotator');

	const mine = page.getByLabel('Role of Olga Owner');
	await mine.selectOption('Editor');
	const dialog = page.getByRole('dialog', { name: 'Give up being an owner?' });
	await dialog.getByRole('button', { name: 'Give it up' }).click();
	await expect(dialog.getByRole('alert')).toContainText('A newsroom needs an owner');
	await dialog.getByRole('button', { name: 'Stay owner' }).click();
	await expect(mine).toHaveValue('owner');

	await hers.selectOption('Owner');
	await expect(page.getByText('Ann Annotator: Owner now.')).toBeVisible();
	await mine.selectOption('Editor');
	await dialog.getByRole('button', { name: 'Give it up' }).click();
	await page.waitForURL('**/articles');
	await expect(page.getByRole('link', { name: 'People' })).toHaveCount(0);
	expect(page.errors).toEqual([]);
	await page.context().close();
});

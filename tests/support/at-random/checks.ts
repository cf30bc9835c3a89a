/** What has to be so whatever somebody did: how the page stands, and that everybody has the same. */
import { expect, type Page } from '@playwright/test';
import type { Caller } from '../newsroom.ts';
import type { Somebody } from './somebody.ts';

/** What is wrong with the page as it stands now. Of what still moves the last word is said when it has come to rest. */
export const wrongNow = ({ page, byKey }: Somebody): Promise<string[]> =>
	page.evaluate((byKey) => {
		const wrong: string[] = [];
		const items = [...document.querySelectorAll<HTMLElement>('ol[aria-label="Comments"] > li')];
		const boxes = items
			.map((item) => ({ id: item.dataset.card, box: item.getBoundingClientRect() }))
			.sort((a, b) => a.box.top - b.box.top);
		for (const [i, { id, box }] of boxes.entries()) {
			const before = boxes[i - 1];
			if (before && box.top < before.box.bottom - 0.5)
				wrong.push(`card ${id} stands ${before.box.bottom - box.top} px over ${before.id}`);
		}
		const active = items.find((item) => item.querySelector('[aria-current="true"]'));
		const marks = document.querySelectorAll(`[data-annotation="${active?.dataset.card}"]`);
		if (active && marks[0]) {
			const off = active.getBoundingClientRect().top - marks[0].getClientRects()[0]!.top;
			// not above the margin
			const highest = active.style.transform === 'translateY(0px)' && off > 0;
			if (Math.abs(off) > 6 && !highest) wrong.push(`the open card is ${off} px off its passage`);
		}
		const pressed = document.querySelector(
			'[aria-label="Filter comments"] .states [aria-pressed="true"] .count'
		);
		const isOpen = document.querySelector('article.card[aria-current="true"]') !== null;
		const drafts = items.filter(({ dataset }) => dataset.card === 'draft').length;
		if (pressed && items.length > 0) {
			const shown = Number(items[0]!.getAttribute('aria-setsize')) - drafts;
			const count = Number(pressed.textContent.replace(/\D/g, ''));
			// the open one is shown, whatever the filter says of it
			if (shown !== count && !(isOpen && shown === count + 1))
				wrong.push(`the filter counts ${count}, and ${shown} are shown`);
		}
		if (byKey && (document.activeElement === document.body || document.activeElement === null))
			wrong.push('the focus is nowhere');
		return wrong;
	}, byKey);

/** A thread as a page shows it, or as the HTTP API tells it. */
interface Told {
	id: string;
	words: string[];
	resolved: boolean;
	replies: string[];
}
const WORD = /zz\d+q/g;
const wordsIn = (text: string) => (text.match(WORD) ?? []).toSorted();

export async function shownBy(page: Page): Promise<Told[]> {
	const shown = await page.locator('article.card').evaluateAll((all) =>
		all.map((card) => ({
			id: card.id.replace('annotation-', ''),
			text: [...card.querySelectorAll('.body')].map(({ textContent }) => textContent).join(' '),
			resolved: card.classList.contains('resolved'),
			replies: [...card.querySelectorAll('.reply')].map(({ id }) => id.replace('annotation-', ''))
		}))
	);
	return shown
		.map(({ text, ...told }) => ({ ...told, words: wordsIn(text) }))
		.toSorted((a, b) => a.id.localeCompare(b.id));
}

interface Item {
	id: string;
	motivation: string;
	target: unknown;
	body?: unknown;
}
/** The last part of an IRI: the annotation's own id. */
const idOf = (iri: string) => /[0-9a-f-]{36}(?=[^/]*$)/.exec(iri)![0];

export async function toldByApi(by: Caller, articleId: string): Promise<Told[]> {
	const { body } = await by.call<{ items: Item[] }>('GET', `/articles/${articleId}/annotations?limit=1000`);
	const isReply = ({ motivation }: Item) => motivation === 'replying';
	const repliesTo = (id: string) =>
		body.items.filter((one) => isReply(one) && JSON.stringify(one.target).includes(id));
	return body.items
		.filter((one) => !isReply(one))
		.map((root) => {
			const id = idOf(root.id);
			const replies = repliesTo(id);
			return {
				id,
				resolved: JSON.stringify(root).includes('"resolved"'),
				words: wordsIn([root, ...replies].map(({ body }) => JSON.stringify(body ?? '')).join(' ')),
				replies: replies.map((reply) => idOf(reply.id))
			};
		})
		.toSorted((a, b) => a.id.localeCompare(b.id));
}

/** What this browser keeps, or shows as not saved, of what was written. */
export const keptBy = ({ page }: Somebody): Promise<string> =>
	page.evaluate(() => {
		const drafts = [sessionStorage, localStorage].flatMap((store) =>
			Object.entries(store).flatMap(([key, value]) => (/draft/.test(key) ? [String(value)] : []))
		);
		return [...drafts, document.querySelector('#not-saved')?.textContent ?? ''].join(' ');
	});

/** What is unread is the same on the page, in its title and to the server. */
export async function unreadBy({ page }: Somebody, articleId: string): Promise<string[]> {
	const shown = await page
		.locator('article.card.unread')
		.evaluateAll((all) => all.map(({ id }) => id.replace('annotation-', '')).sort());
	const title = Number(/^\((\d+)\)/.exec(await page.title())?.[1] ?? 0);
	const answer = await page.request.get(new URL(`/api/v1/articles/${articleId}/unread`, page.url()).href);
	const { threads } = (await answer.json()) as { threads: { id: string }[] };
	const told = threads.map(({ id }) => id).sort();
	const same = title === shown.length && JSON.stringify(shown) === JSON.stringify(told);
	return same ? [] : [`unread: ${shown} on the page, ${title} in the title, ${told} to the server`];
}

/** Waits until nothing is wrong with it; what stays wrong is thrown. */
export async function comesTo({ name }: Somebody, wrong: () => Promise<string[]>): Promise<void> {
	const often = { timeout: 8000, intervals: [50, 100, 200, 400], message: name };
	await expect.poll(async () => (await wrong()).join('\n'), often).toBe('');
}

/** A newsroom at work on the sample story, on a database of its own, with real Chromium before it. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { Browser } from '@playwright/test';
import * as Y from 'yjs';
import { applyChanges } from '../../src/lib/ydoc/layer.ts';
import type { Change } from '../../src/lib/domain/change.ts';
import { describe } from '../../src/lib/domain/selector.ts';
import { buildWhenNeeded } from '../../server/build.ts';
import { fileURLToPath } from 'node:url';
import { annotationBy, replyBy } from '../support/annotations.ts';
import { openBrowser } from '../support/browser.ts';
import { findChromium } from '../support/chromium.ts';
import { PASSWORD, settle, type Caller, type People } from '../support/newsroom.ts';
import { startGalley, type GalleyProcess } from '../support/process.ts';
import { join, until } from '../support/sockets.ts';
import { before, CONVERSATION, type Said, type Who } from './conversation.ts';

type Somebody = Caller & { email: string; password: string };

export interface Scene extends AsyncDisposable {
	galley: GalleyProcess;
	origin: string;
	browser: Browser;
	newsroom: People;
	people: Record<Who, Somebody>;
	/** the three articles of the sample story; the first is the one that is talked about */
	articles: string[];
	restart(): Promise<void>;
}

export async function prepareScene(): Promise<Scene> {
	await buildWhenNeeded(fileURLToPath(new URL('../..', import.meta.url)));
	const folder = await mkdtemp(joinPath(tmpdir(), 'galley-screenshots-'));
	let galley = await startGalley({ DATA_DIR: folder });
	const newsroom = await settle(() => galley.origin, galley.setupToken, 'Olga Behrens');
	const owner = Object.assign(newsroom.owner, { email: 'olga@example.org', password: PASSWORD });
	const people = {
		olga: owner,
		ann: await newsroom.person('editor', 'Ann Ruiz'),
		ben: await newsroom.person('annotator', 'Ben Okoro')
	};
	const { body } = await owner.call<{ items: { id: string }[] }>('POST', '/samples');
	const articles = body.items.map(({ id }) => id);
	const text = (await owner.call('GET', `/articles/${articles[0]}/text`)).text;
	await converse({ origin: galley.origin }, people, articles[0]!, text);
	const browser = await openBrowser(await findChromium());
	return {
		get galley() {
			return galley;
		},
		get origin() {
			return galley.origin;
		},
		browser,
		newsroom,
		people,
		articles,
		restart: async () => {
			const { port } = new URL(galley.origin);
			await galley.stop();
			galley = await startGalley({ DATA_DIR: folder, PORT: port });
		},
		[Symbol.asyncDispose]: async () => {
			await browser.close();
			await galley.stop();
			await rm(folder, { recursive: true, force: true, maxRetries: 5 });
		}
	};
}

/** Everybody says what they have to say, each on a socket of their own, one after the other. */
async function converse(
	at: { origin: string },
	people: Record<Who, Somebody>,
	articleId: string,
	text: string
): Promise<void> {
	const now = new Date();
	const layer = `${articleId}/layers/shared`;
	const sockets = {
		olga: join(at, people.olga, layer),
		ann: join(at, people.ann, layer),
		ben: join(at, people.ben, layer)
	};
	await Promise.all(Object.values(sockets).map(({ synced }) => synced));
	/** Resolves when somebody else has it: then it is stored. */
	const act = async (who: Who, changes: Change[]) => {
		const { doc } = sockets[who];
		const other = sockets[who === 'olga' ? 'ann' : 'olga'].doc;
		applyChanges(doc, changes);
		const clock = Y.getState(doc.store, doc.clientID);
		await until(other, () => Y.getState(other.store, doc.clientID) >= clock);
	};
	for (const said of CONVERSATION) {
		const root = randomUUID();
		await act(said.by, [addRoot(said, root, people, text, now)]);
		for (const { by, body, ago } of said.replies ?? []) {
			const words = { body: worded(body, people), created: before(now, ago) };
			const reply = replyBy(people[by].principal, root, words);
			await act(by, [{ kind: 'add', annotation: reply.id, after: reply }]);
		}
		for (const [emoji, who] of said.reactions ?? [])
			await act(who, [
				{ kind: 'react', annotation: root, principal: people[who].principal, emoji, after: true }
			]);
		if (!said.resolved) continue;
		const { by, reason, ago } = said.resolved;
		const resolution = { by: people[by].principal, at: before(now, ago), reason };
		await act(by, [
			{ kind: 'set', annotation: root, key: 'status', after: 'resolved' },
			{ kind: 'set', annotation: root, key: 'resolution', after: resolution }
		]);
	}
	for (const socket of Object.values(sockets)) socket[Symbol.dispose]();
}

function addRoot(
	{ by, quote, motivation, label, body, ago, tags, assignee }: Said,
	id: string,
	people: Record<Who, Somebody>,
	text: string,
	now: Date
): Change {
	const from = quote === undefined ? -1 : text.indexOf(quote);
	if (quote !== undefined && from < 0) throw new Error(`The story does not say ${quote}`);
	const { exact, prefix, suffix, to } = quote ? describe(text, from, from + quote.length) : {};
	const after = annotationBy(people[by].principal, {
		...{ id, label, tags, exact, prefix, suffix, to, from: quote ? from : undefined },
		...{ motivation: motivation ?? 'commenting', body: body && worded(body, people) },
		created: before(now, ago),
		assignee: assignee && (people[assignee].principal as `user:${string}`)
	});
	return { kind: 'add', annotation: id, after };
}

const worded = (body: string, people: Record<Who, Somebody>) =>
	body.replace(/\{(\w+)\}/g, (_, who: Who) => `[@${people[who].name}](${people[who].principal})`);

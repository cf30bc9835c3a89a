/** Finishing an article makes a numbered, frozen set of what was said; reopening lets the work go on. */
import { randomUUID } from 'node:crypto';
import {
	describeLayer,
	describeSet,
	principalsOf,
	type FinishedSet,
	type LiveLayer
} from '../domain/finished-set.ts';
import { may, type Actor } from '../domain/policy.ts';
import { SHARED } from '../domain/room.ts';
import { buildThreads, isOpen } from '../domain/thread.ts';
import { requireArticle } from './access.ts';
import { getArticle, type ArticleItem } from './articles.ts';
import type { Transaction } from './database.ts';
import { AppError, finished, forbidden, invalid } from './errors.ts';
import { sha256 } from './hash.ts';
import { namesOf, principalsIn } from './names.ts';
import type { Runtime } from './runtime.ts';
import { insertSet } from './set-rows.ts';

export interface Finish {
	note?: string | null;
	/** `["shared"]` unless said */
	layers?: string[];
	/** an owner's reason to finish with open threads */
	override?: string | null;
}

const LONGEST = { maxWait: 10_000, timeout: 60_000 };

/**
 * Closes the article to changes and writes what stands there as a new set.
 * @throws {AppError} not found · forbidden · invalid: a layer that does not exist · finished: it is already ·
 *   conflict: threads are open and no owner overrides it; `openThreads` lists them
 */
export async function finish(
	{ db, rooms }: Pick<Runtime, 'db' | 'rooms'>,
	actor: Actor,
	articleId: string,
	{ note = null, layers = [SHARED], override = null }: Finish,
	now: Date
): Promise<FinishedSet> {
	await requireArticle(db, actor, articleId);
	mayFinish(actor, articleId);
	if (override !== null && !(actor.kind === 'member' && actor.role === 'owner'))
		throw forbidden('Only an owner finishes an article with open threads.');
	if (layers.length !== 1 || layers[0] !== SHARED)
		throw invalid('layers', 'This article has the layer "shared" only.');
	const set = await db.$transaction(async (tx) => {
		// first of all: from here on the database takes no more changes, so what is read below is all there is
		const closed = await tx.article.updateMany({
			where: { id: articleId, status: 'open' },
			data: { status: 'finished' }
		});
		if (closed.count === 0) throw finished();
		const { text, live } = await rooms.readStored(articleId, SHARED);
		const openThreads = await openThreadsOf(tx, live);
		if (openThreads.length > 0 && override === null)
			throw new AppError('conflict', 'There are open threads.', {
				details: { openThreads, missingSignOffs: [] }
			});
		const described = await describe(tx, actor, articleId, { text, live, note, override, now });
		await insertSet(tx, described);
		return described;
	}, LONGEST);
	await rooms.articleChanged(articleId);
	return set;
}

/** What a finish is refused for. */
interface OpenThread {
	id: string;
	layer: string;
	creator: string;
	name: string;
	exact?: string;
	body?: string;
}

async function openThreadsOf(tx: Transaction, { layer, annotations }: LiveLayer): Promise<OpenThread[]> {
	const roots = buildThreads(annotations)
		.filter(isOpen)
		.map(({ root }) => root);
	const names = await namesOf(
		tx,
		roots.map(({ creator }) => creator)
	);
	return roots.map(({ id, creator, exact, body }) => ({
		id,
		layer,
		creator,
		name: names[creator] ?? creator,
		exact,
		body
	}));
}

async function describe(
	tx: Transaction,
	actor: Actor,
	articleId: string,
	{
		text,
		live,
		...facts
	}: { text: string; live: LiveLayer; note: string | null; override: string | null; now: Date }
): Promise<FinishedSet> {
	const article = await tx.article.findUniqueOrThrow({ where: { id: articleId } });
	const last = await tx.finishedSet.aggregate({ where: { articleId }, _max: { number: true } });
	const { title, outlet, url, byline, publishedAt, language, version } = article;
	return describeSet(
		{
			id: randomUUID(),
			articleId,
			number: (last._max.number ?? 0) + 1,
			note: facts.note,
			override: facts.override,
			finishedAt: facts.now.toISOString(),
			finishedBy: actor.principal,
			article: { title, source: { outlet, url, byline, publishedAt }, language, version },
			text,
			layers: [live],
			names: await namesOf(tx, [actor.principal, ...principalsIn(live)])
		},
		sha256
	);
}

/** Opens a finished article to changes again. @throws {AppError} not found · forbidden · conflict: it is open */
export async function reopen(
	{ db, rooms }: Pick<Runtime, 'db' | 'rooms'>,
	actor: Actor,
	articleId: string
): Promise<ArticleItem> {
	await requireArticle(db, actor, articleId);
	mayFinish(actor, articleId);
	const opened = await db.article.updateMany({
		where: { id: articleId, status: 'finished' },
		data: { status: 'open' }
	});
	if (opened.count === 0) throw new AppError('conflict', 'The article is open.');
	await rooms.articleChanged(articleId);
	return getArticle(db, actor, articleId);
}

function mayFinish(actor: Actor, articleId: string): void {
	if (!may(actor, 'finish article', articleId)) throw forbidden('Only editors finish and reopen articles.');
}

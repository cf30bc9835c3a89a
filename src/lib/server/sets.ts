/** Finishing an article makes a numbered, frozen set of what was said; reopening lets the work go on. */
import { randomUUID } from 'node:crypto';
import { sealSet, type FinishedSet, type SealedSet } from '../domain/finished-set.ts';
import { may, type Actor } from '../domain/policy.ts';
import { SHARED } from '../domain/room.ts';
import { requireArticle } from './access.ts';
import { getArticle, type ArticleWhole } from './articles.ts';
import type { Transaction } from './database.ts';
import { AppError, finished, forbidden, invalid } from './errors.ts';
import { sha256 } from './hash.ts';
import { namesOf } from './names.ts';
import type { DescribedLayer, Runtime } from './runtime.ts';
import { getSet, insertSet } from './set-rows.ts';

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
	const id = await db.$transaction(async (tx) => {
		// first of all: from here on the database takes no more changes, so what is read below is all there is
		const closed = await tx.article.updateMany({
			where: { id: articleId, status: 'open' },
			data: { status: 'finished' }
		});
		if (closed.count === 0) throw finished();
		const described = await rooms.describeStored(articleId, SHARED);
		const openThreads = await openThreadsOf(tx, described);
		if (openThreads.length > 0 && override === null)
			throw new AppError('conflict', 'There are open threads.', {
				details: { openThreads, missingSignOffs: [] }
			});
		const set = await seal(tx, actor, articleId, { described, note, override, now });
		await insertSet(tx, set, described);
		return set.id;
	}, LONGEST);
	await rooms.articleChanged(articleId);
	return getSet(db, actor, id);
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

async function openThreadsOf(tx: Transaction, { layer, openThreads }: DescribedLayer): Promise<OpenThread[]> {
	const names = await namesOf(
		tx,
		openThreads.map(({ creator }) => creator)
	);
	return openThreads.map(({ id, creator, exact, body }) => ({
		id,
		layer,
		creator,
		name: names[creator] ?? creator,
		exact,
		body
	}));
}

async function seal(
	tx: Transaction,
	actor: Actor,
	articleId: string,
	{
		described,
		now,
		...facts
	}: { described: DescribedLayer; note: string | null; override: string | null; now: Date }
): Promise<SealedSet> {
	const { text, layer, hash, principals } = described;
	const article = await tx.article.findUniqueOrThrow({ where: { id: articleId } });
	const last = await tx.finishedSet.aggregate({ where: { articleId }, _max: { number: true } });
	const { title, outlet, url, byline, publishedAt, language, version } = article;
	return sealSet(
		{
			id: randomUUID(),
			articleId,
			number: (last._max.number ?? 0) + 1,
			...facts,
			finishedAt: now.toISOString(),
			finishedBy: actor.principal,
			article: { title, source: { outlet, url, byline, publishedAt }, language, version },
			text,
			layers: [{ layer, hash }],
			principals,
			names: await namesOf(tx, [actor.principal, ...principals])
		},
		sha256
	);
}

/** Opens a finished article to changes again. @throws {AppError} not found · forbidden · conflict: it is open */
export async function reopen(
	{ db, rooms }: Pick<Runtime, 'db' | 'rooms'>,
	actor: Actor,
	articleId: string
): Promise<ArticleWhole> {
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

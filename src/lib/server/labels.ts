/** The labels of a newsroom: the list, and the list anew. */
import { findLabel, FIRST_LABELS, newLabelId, sameName, type Label } from '../domain/labels.ts';
import { canonicalJson } from '../domain/finished-set.ts';
import { may, type Actor } from '../domain/policy.ts';
import type { Database, Transaction } from './database.ts';
import { forbidden, invalid, stale } from './errors.ts';
import { sha256 } from './hash.ts';

/** A label as it is wanted; without an id it is a new one. */
export interface WantedLabel extends Omit<Label, 'id'> {
	id?: string;
}

export interface LabelList {
	items: Label[];
	/** strong, in its quotation marks */
	etag: string;
}

/** Gives a new newsroom its first labels. */
export const insertFirstLabels = (tx: Transaction, newsroomId: string) =>
	tx.label.createMany({ data: FIRST_LABELS.map((label, position) => ({ newsroomId, position, ...label })) });

const SHOWN = { id: true, name: true, color: true, key: true, description: true } as const;

/** What the newsroom's annotations may be labelled with, in its order. */
export async function labelsOf(db: Database | Transaction, newsroomId: string): Promise<Label[]> {
	const where = { newsroomId, removedAt: null };
	const rows = await db.label.findMany({ where, select: SHOWN, orderBy: { position: 'asc' } });
	return rows as Label[];
}

/** What annotations may be labelled with, and apart from it what was taken away and some of them may still have. */
export async function labelsKnown(
	db: Database | Transaction,
	newsroomId: string
): Promise<{ labels: Label[]; pastLabels: Label[] }> {
	const rows = await db.label.findMany({
		where: { newsroomId },
		select: { ...SHOWN, removedAt: true },
		orderBy: { position: 'asc' }
	});
	const which = (past: boolean) =>
		rows.flatMap(({ removedAt, ...label }) => ((removedAt !== null) === past ? (label as Label) : []));
	return { labels: which(false), pastLabels: which(true) };
}

/** Those that were taken away too, so that what had them still says their names. */
export async function labelsEver(db: Database | Transaction, newsroomId: string): Promise<Label[]> {
	const rows = await db.label.findMany({
		where: { newsroomId },
		select: SHOWN,
		orderBy: { position: 'asc' }
	});
	return rows as Label[];
}

const withEtag = (items: Label[]): LabelList => ({ items, etag: `"${sha256(canonicalJson(items))}"` });

/** @throws {AppError} forbidden: a guest */
export async function listLabels(db: Database, actor: Actor, newsroomId: string): Promise<LabelList> {
	if (!may(actor, 'list labels')) throw forbidden('A review link opens its article alone.');
	return withEtag(await labelsOf(db, newsroomId));
}

/**
 * Replaces the whole list; one that is not in it any more is taken away, and annotations keep its id.
 * `ifMatch`: only if the list is still the one with this ETag.
 * @throws {AppError} forbidden · stale · invalid: an id that is unknown or meant another label, a name or key twice
 */
export async function replaceLabels(
	db: Database,
	actor: Actor,
	newsroomId: string,
	{ items, ifMatch }: { items: WantedLabel[]; ifMatch?: string },
	now: Date
): Promise<LabelList> {
	if (!may(actor, 'manage labels')) throw forbidden('Only the owner changes the labels.');
	refuseTwice(items);
	return db.$transaction(async (tx) => {
		// two owners at the same moment go one after the other
		await tx.$queryRaw`SELECT 1 FROM "Newsroom" WHERE "id" = ${newsroomId}::uuid FOR UPDATE`;
		const current = withEtag(await labelsOf(tx, newsroomId));
		const expected = ifMatch?.split(',').map((tag) => tag.trim());
		if (expected && !expected.includes('*') && !expected.includes(current.etag)) throw stale('list');
		const labels = identify(items, current.items, await labelsEver(tx, newsroomId));
		const kept = { notIn: labels.map(({ id }) => id) };
		await tx.label.updateMany({ where: { newsroomId, removedAt: null, id: kept }, data: { removedAt: now } });
		for (const [position, { id, ...said }] of labels.entries())
			await tx.label.upsert({
				where: { newsroomId_id: { newsroomId, id } },
				create: { newsroomId, id, position, ...said },
				update: { position, ...said, removedAt: null }
			});
		return withEtag(labels);
	});
}

/** Gives each its id. One that was taken away comes back by its name, never under another one. */
function identify(items: WantedLabel[], current: Label[], ever: Label[]): Label[] {
	const removed = ever.filter(({ id }) => !findLabel(current, id));
	const taken = new Set(ever.map(({ id }) => id));
	const given = new Set<string>();
	return items.map(({ id: wanted, ...said }, index) => {
		const known = findLabel(ever, wanted);
		if (wanted !== undefined && !known) throw invalid(`items.${index}.id`, 'There is no such label.');
		if (known && removed.includes(known) && !sameName(known.name, said.name))
			throw invalid(
				`items.${index}.id`,
				`This was the label “${known.name}”: leave the id out for a new one.`
			);
		const back = removed.find(({ id, name }) => sameName(name, said.name) && !given.has(id));
		const id = known?.id ?? back?.id ?? newLabelId(said.name, (id) => taken.has(id));
		if (given.has(id)) throw invalid(`items.${index}.id`, 'This label is in the list twice.');
		given.add(id);
		taken.add(id);
		return { id, ...said };
	});
}

/** @throws {AppError} invalid: two with one name, or one key */
function refuseTwice(items: WantedLabel[]): void {
	for (const [index, { name, key }] of items.entries()) {
		const before = items.slice(0, index);
		if (before.some((other) => sameName(other.name, name)))
			throw invalid(`items.${index}.name`, `Two labels are called “${name}”.`);
		if (key !== null && before.some((other) => other.key === key))
			throw invalid(`items.${index}.key`, `Two labels have the key ${key}.`);
	}
}

/** What principals are called. */
import { isUuid } from '../domain/annotation.ts';
import type { LiveLayer } from '../domain/finished-set.ts';
import type { Database, Transaction } from './database.ts';

/** principal → name, of those that are known here. */
export async function namesOf(
	db: Database | Transaction,
	principals: string[]
): Promise<Record<string, string>> {
	const idsOf = (kind: string) => [
		...new Set(principals.filter((who) => who.startsWith(kind)).map((who) => who.slice(kind.length)))
	];
	const select = { id: true, name: true };
	const users = await db.user.findMany({ where: { id: { in: idsOf('user:') } }, select });
	const guests = await db.guest.findMany({ where: { id: { in: idsOf('guest:').filter(isUuid) } }, select });
	return Object.fromEntries([
		...users.map(({ id, name }) => [`user:${id}`, name]),
		...guests.map(({ id, name }) => [`guest:${id}`, name])
	]);
}

/** Everybody whom a live layer names. */
export function principalsIn({
	annotations,
	reactions
}: Pick<LiveLayer, 'annotations' | 'reactions'>): string[] {
	const named = annotations.flatMap(({ creator, assignee, resolution, deleted }) => [
		creator,
		assignee,
		resolution?.by,
		deleted?.by
	]);
	const reacted = Object.values(reactions).flatMap((byEmoji) => Object.values(byEmoji).flat());
	return [...named, ...reacted].filter((who) => who !== undefined);
}

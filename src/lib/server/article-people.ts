/** Who can see a layer of an article: whom one may mention there, and assign. */
import { mayOpenLayer, type Access, type Actor, type Role } from '../domain/policy.ts';
import { layerRoom } from '../domain/room.ts';
import { requireArticle, requireLayer } from './access.ts';
import type { Database } from './database.ts';

export interface ReaderOfLayer {
	principal: string;
	name: string;
	role: Role | 'guest';
}

/**
 * The members who may open the layer, and the guests of links that still open it, by name. A guest is told of
 * themself and of those who have written there, whose names the layer tells anyhow.
 * @throws {AppError} not found
 */
export async function listReadersOfLayer(
	db: Database,
	actor: Actor,
	articleId: string,
	layer: string,
	now: Date
): Promise<ReaderOfLayer[]> {
	const { newsroomId } = await requireArticle(db, actor, articleId);
	requireLayer(actor, articleId, layer);
	const all = [...(await members(db, newsroomId)), ...(await guests(db, articleId, now))].filter((other) =>
		mayOpenLayer(other, articleId, layer)
	);
	const known = actor.kind === 'guest' ? await writersIn(db, layerRoom(articleId, layer)) : null;
	return all
		.filter(({ principal }) => !known || principal === actor.principal || known.has(principal))
		.map((other) => ({
			principal: other.principal,
			name: other.name,
			role: other.kind === 'member' ? other.role : ('guest' as const)
		}))
		.sort((a, b) => a.name.localeCompare(b.name) || (a.principal < b.principal ? -1 : 1));
}

async function members(db: Database, newsroomId: string): Promise<Actor[]> {
	const rows = await db.user.findMany({
		where: { newsroomId },
		select: { id: true, name: true, role: true }
	});
	return rows.map(({ id, name, role }) => ({
		kind: 'member',
		principal: `user:${id}`,
		name,
		role: role as Role
	}));
}

async function guests(db: Database, articleId: string, now: Date): Promise<Actor[]> {
	const rows = await db.guest.findMany({
		where: { link: { articleId, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] } },
		select: { id: true, name: true, link: { select: { access: true, layers: true } } }
	});
	return rows.map(({ id, name, link }) => ({
		kind: 'guest',
		principal: `guest:${id}`,
		name,
		access: link.access as Access,
		articleId,
		layers: link.layers
	}));
}

async function writersIn(db: Database, room: string): Promise<Set<string>> {
	const rows = await db.roomClient.findMany({
		where: { room },
		select: { principal: true },
		distinct: 'principal'
	});
	return new Set(rows.map(({ principal }) => principal));
}

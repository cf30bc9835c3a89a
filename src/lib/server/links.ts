/** Review links: somebody outside the newsroom opens one article with one access. */
import { randomBytes, randomUUID } from 'node:crypto';
import { hashPassword, verifyPassword } from 'better-auth/crypto';
import { isUuid } from '../domain/annotation.ts';
import { may, type Access, type Actor } from '../domain/policy.ts';
import { SHARED } from '../domain/room.ts';
import { requireArticle } from './access.ts';
import type { Database } from './database.ts';
import { AppError, forbidden, invalid, notFound } from './errors.ts';
import { guestCookie, guestsByCookie, hashOfToken } from './identity.ts';
import { afterCursor, pageOf, type Page, type PageRequest } from './paging.ts';
import type { Runtime } from './runtime.ts';

export interface NewLink {
	access: Access;
	label?: string | null;
	/** ISO 8601 */
	expiresAt?: string | null;
	password?: string | null;
	layers?: string[];
}

export const linkUrl = (origin: string, token: string) => `${origin}/r/${token}`;

/** @throws {AppError} not found · forbidden · invalid: expiresAt is past, or a layer does not exist */
export async function createLink(
	db: Database,
	actor: Actor,
	articleId: string,
	{ access, label, expiresAt, password, layers = [SHARED] }: NewLink,
	now: Date
): Promise<{ id: string; token: string }> {
	await requireArticle(db, actor, articleId);
	makesLinks(actor, articleId);
	if (layers.length === 0 || layers.some((layer) => layer !== SHARED))
		throw invalid('layers', 'This article has the layer "shared" only.');
	const until = expiresAt ? new Date(expiresAt) : null;
	if (until && until <= now) throw invalid('expiresAt', 'A link ends in the future.');
	return db.reviewLink.create({
		data: {
			articleId,
			token: randomBytes(24).toString('base64url'),
			access,
			label,
			layers: [SHARED],
			expiresAt: until,
			passwordHash: password ? await hashPassword(password) : null,
			created: now,
			createdById: actor.principal.slice('user:'.length)
		},
		select: { id: true, token: true }
	});
}

export interface LinkItem {
	id: string;
	url: string;
	access: string;
	label: string | null;
	layers: string[];
	expiresAt: string | null;
	hasPassword: boolean;
	created: string;
	createdBy: { principal: string; name: string };
	revokedAt: string | null;
	openings: { principal: string; name: string; created: string }[];
}

/** The links of the article, newest first, each with who opened it. @throws {AppError} not found · forbidden */
export async function listLinks(
	db: Database,
	actor: Actor,
	articleId: string,
	page: PageRequest,
	origin: string
): Promise<Page<LinkItem>> {
	await requireArticle(db, actor, articleId);
	makesLinks(actor, articleId);
	const rows = await db.reviewLink.findMany({
		where: { articleId, ...afterCursor(page, 'created') },
		include: { createdBy: true, guests: { orderBy: { created: 'asc' } } },
		orderBy: [{ created: 'desc' }, { id: 'desc' }],
		take: page.limit + 1
	});
	return pageOf(
		rows,
		page,
		({ created, id }) => [created, id],
		(row) => ({
			id: row.id,
			url: linkUrl(origin, row.token),
			access: row.access,
			label: row.label,
			layers: row.layers,
			expiresAt: row.expiresAt?.toISOString() ?? null,
			hasPassword: row.passwordHash !== null,
			created: row.created.toISOString(),
			createdBy: { principal: `user:${row.createdById}`, name: row.createdBy.name },
			revokedAt: row.revokedAt?.toISOString() ?? null,
			openings: row.guests.map(({ id, name, created }) => ({
				principal: `guest:${id}`,
				name,
				created: created.toISOString()
			}))
		})
	);
}

/** The article of a link. @throws {AppError} not found */
export async function articleOfLink(db: Database, linkId: string): Promise<string> {
	const link = isUuid(linkId) ? await db.reviewLink.findUnique({ where: { id: linkId } }) : null;
	if (!link) throw notFound('link');
	return link.articleId;
}

/** Ends a link and the connections of its guests; ending it again changes nothing. @throws {AppError} not found · forbidden */
export async function revokeLink(
	{ db, rooms }: Pick<Runtime, 'db' | 'rooms'>,
	actor: Actor,
	linkId: string,
	now: Date
): Promise<void> {
	const articleId = await articleOfLink(db, linkId);
	if (!may(actor, 'read article', articleId)) throw notFound('link');
	makesLinks(actor, articleId);
	await db.reviewLink.updateMany({ where: { id: linkId, revokedAt: null }, data: { revokedAt: now } });
	await rooms.recheck({ linkId });
}

/** What a link's page shows; `guest` is whom one of the cookies names, if anybody. @throws {AppError} not found: unknown, revoked or expired */
export async function showLink(db: Database, token: string, cookie: string, now: Date) {
	const link = await validLink(db, token, now);
	const identity = await guestsByCookie(db, cookie, now);
	const guest = identity?.guests.find(({ linkId }) => linkId === link.id)?.actor;
	return {
		newsroom: link.article.newsroom.name,
		title: link.article.title,
		access: link.access,
		passwordNeeded: link.passwordHash !== null,
		articleId: link.articleId,
		guest: guest ? { principal: guest.principal, name: guest.name } : null
	};
}

export interface Review {
	token: string;
	name: string;
	password?: string;
}

/**
 * Lets somebody in who has the link. Answers the guest and the cookie that says so.
 * @throws {AppError} not found: unknown, revoked or expired · forbidden: the password
 */
export async function review(db: Database, { token, name, password }: Review, now: Date) {
	const link = await validLink(db, token, now);
	if (
		link.passwordHash !== null &&
		!(await verifyPassword({ hash: link.passwordHash, password: password ?? '' }))
	)
		throw new AppError(
			'forbidden',
			password ? 'This is not the password of the link.' : 'The link asks for its password.',
			{ field: 'password' }
		);
	const id = randomUUID();
	const secret = randomBytes(32).toString('base64url');
	await db.guest.create({
		data: { id, linkId: link.id, name, tokenHash: hashOfToken(secret), created: now }
	});
	return {
		articleId: link.articleId,
		access: link.access,
		principal: `guest:${id}`,
		cookie: { name: guestCookie(link.id), value: secret }
	};
}

const ended = (how: 'revoked' | 'expired', message: string) =>
	new AppError('not found', message, { details: { ended: how } });

async function validLink(db: Database, token: string, now: Date) {
	const link = await db.reviewLink.findUnique({
		where: { token },
		include: { article: { include: { newsroom: true } } }
	});
	if (!link) throw notFound('link');
	// whoever has the address had the link: they may know why it opens nothing
	if (link.revokedAt) throw ended('revoked', 'This review link was withdrawn.');
	if (link.expiresAt && link.expiresAt <= now) throw ended('expired', 'This review link has ended.');
	return link;
}

function makesLinks(actor: Actor, articleId: string): void {
	if (!may(actor, 'make links', articleId)) throw forbidden('Only editors make and see review links.');
}

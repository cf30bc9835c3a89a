/** Who is asking: a bearer token; else the session cookie; else the cookies of review links. API and sync both ask here. */
import { createHash } from 'node:crypto';
import { defaultKeyHasher } from '@better-auth/api-key';
import { ACCESSES, ROLES, type Access, type Actor, type Role } from '../domain/policy.ts';
import type { Database } from './database.ts';
import type { Runtime } from './runtime.ts';

export type Member = Extract<Actor, { kind: 'member' }>;
export type GuestActor = Extract<Actor, { kind: 'guest' }>;

export interface KnownGuest {
	actor: GuestActor;
	linkId: string;
	newsroomId: string;
	expiresAt: Date | null;
}

export type Identity =
	| {
			kind: 'member';
			actor: Member;
			userId: string;
			email: string;
			newsroomId: string;
			/** null: a bearer token */
			sessionId: string | null;
	  }
	| Guests;

/** newest first, at least one */
export interface Guests {
	kind: 'guests';
	guests: KnownGuest[];
}

/** Headers of the platform, or anything that reads like them. */
export interface HeaderReader {
	get(name: string): string | null | undefined;
}

export const GUEST_COOKIE = 'galley_guest_';
export const guestCookie = (linkId: string) => `${GUEST_COOKIE}${linkId}`;
export const hashOfToken = (token: string) => createHash('sha256').update(token).digest('hex');

const MOST_GUESTS = 50;

/**
 * Reads who is asking; writes nothing, so that a request costs one or two reads.
 * `as` is what the request asks for: `guest` leaves the session cookie out of account, `guest:<id>` other guests too.
 */
export async function identify(
	{ db, auth }: Pick<Runtime, 'db' | 'auth'>,
	{ headers, as, now = new Date() }: { headers: HeaderReader; as?: string | null; now?: Date }
): Promise<Identity | null> {
	const token = bearerOf(headers);
	if (token !== null) return memberByToken(db, token, now);
	const cookie = headers.get('cookie') ?? '';
	if (cookie === '') return null;
	const asGuest = as === 'guest' || as?.startsWith('guest:');
	if (!asGuest && cookie.includes('galley.session_token=')) {
		const found = await auth.api.getSession({
			headers: new Headers({ cookie }),
			query: { disableRefresh: true }
		});
		if (found) return member({ ...found.user, sessionId: found.session.id });
	}
	const known = await guestsByCookie(db, cookie, now);
	return asGuest && as !== 'guest' ? onlyGuest(known, as!) : known;
}

/** One browser may have come in by several links: each page says whose it is. */
function onlyGuest(known: Guests | null, principal: string): Guests | null {
	const guest = known?.guests.find(({ actor }) => actor.principal === principal);
	return guest ? { kind: 'guests', guests: [guest] } : null;
}

/** Who this is in the article; null when they are nobody there. Without an article: a member, or the newest guest. */
export function actorFor(identity: Identity | null, articleId?: string): Actor | null {
	return identity?.kind === 'member' ? identity.actor : (guestFor(identity, articleId)?.actor ?? null);
}

/** The guest that may do most in the article; of equals the newest. */
export function guestFor(identity: Identity | null, articleId?: string): KnownGuest | null {
	if (identity?.kind !== 'guests') return null;
	if (articleId === undefined) return identity.guests[0] ?? null;
	const rank = ({ actor }: KnownGuest) => ACCESSES.indexOf(actor.access);
	const known = identity.guests.filter(({ actor }) => actor.articleId === articleId);
	return known.toSorted((a, b) => rank(b) - rank(a))[0] ?? null;
}

/** The token of `Authorization: Bearer …`, or null. */
export const bearerOf = (headers: HeaderReader): string | null =>
	/^bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? null;

/**
 * Whether a change or an upgrade may come from where it says it comes from. Origin is required with a cookie and
 * checked wherever it is present; without a configured origin its host must be the one that was asked.
 */
export function checkOrigin(headers: HeaderReader, allowed: string | null, hasCookie: boolean): boolean {
	const origin = headers.get('origin');
	if (!origin) return !hasCookie;
	if (allowed !== null) return origin === allowed;
	return URL.canParse(origin) && new URL(origin).host === headers.get('host');
}

interface UserRow {
	id: string;
	name: string;
	email: string;
	role: string;
	newsroomId: string;
	sessionId: string | null;
}

const isRole = (role: string): role is Role => (ROLES as readonly string[]).includes(role);

function member({ id, name, email, role, newsroomId, sessionId }: UserRow): Identity | null {
	if (!isRole(role)) return null;
	const actor: Member = { kind: 'member', principal: `user:${id}`, name, role };
	return { kind: 'member', actor, userId: id, email, newsroomId, sessionId };
}

/** better-auth's own check writes the key's row twice for each request; this reads it once, with its user. */
async function memberByToken(db: Database, token: string, now: Date): Promise<Identity | null> {
	const [user] = await db.$queryRaw<UserRow[]>`
		SELECT u."id", u."name", u."email", u."role", u."newsroomId"::text AS "newsroomId", NULL AS "sessionId"
		FROM "Apikey" k JOIN "User" u ON u."id" = k."referenceId"
		WHERE k."key" = ${await defaultKeyHasher(token)} AND k."enabled"
			AND (k."expiresAt" IS NULL OR k."expiresAt" > ${now})`;
	return user ? member(user) : null;
}

/** The guests whose cookies these are; those of revoked and expired links are nobody. */
export async function guestsByCookie(db: Database, cookie: string, now: Date): Promise<Guests | null> {
	const hashes = guestTokens(cookie).map(hashOfToken);
	if (hashes.length === 0) return null;
	const rows = await db.guest.findMany({
		where: {
			tokenHash: { in: hashes },
			link: { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] }
		},
		include: { link: { include: { article: { select: { newsroomId: true } } } } },
		orderBy: { created: 'desc' }
	});
	if (rows.length === 0) return null;
	const guests = rows.map(({ id, name, link }): KnownGuest => ({
		actor: {
			kind: 'guest',
			principal: `guest:${id}`,
			name,
			access: link.access as Access,
			articleId: link.articleId,
			layers: link.layers
		},
		linkId: link.id,
		newsroomId: link.article.newsroomId,
		expiresAt: link.expiresAt
	}));
	return { kind: 'guests', guests };
}

const guestTokens = (cookie: string): string[] =>
	cookie
		.split(';')
		.map((pair) => pair.trim())
		.filter((pair) => pair.startsWith(GUEST_COOKIE))
		.slice(0, MOST_GUESTS)
		.map((pair) => pair.slice(pair.indexOf('=') + 1));

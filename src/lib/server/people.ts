/** The members of the newsroom. */
import { randomUUID } from 'node:crypto';
import { hashPassword } from 'better-auth/crypto';
import { may, type Actor, type Role } from '../domain/policy.ts';
import { checkPassword, createToken } from './auth.ts';
import { isUniqueViolation, type Database, type Transaction } from './database.ts';
import { AppError, forbidden, notFound } from './errors.ts';
import { afterCursor, pageOf, type Page, type PageRequest } from './paging.ts';
import type { Runtime } from './runtime.ts';

export interface NewMember {
	newsroomId: string;
	name: string;
	email: string;
	role: Role;
	passwordHash: string;
}

/** Adds a user with an e-mail and password account, as better-auth keeps them. E-mails are kept in lower case. */
export async function addMember(
	tx: Transaction,
	{ newsroomId, name, email, role, passwordHash }: NewMember
): Promise<{ id: string }> {
	const id = randomUUID();
	const account = { id: randomUUID(), accountId: id, providerId: 'credential', password: passwordHash };
	return tx.user.create({
		data: { id, name, email: email.toLowerCase(), role, newsroomId, accounts: { create: account } },
		select: { id: true }
	});
}

export interface NewPerson {
	name: string;
	email: string;
	role: Role;
	password: string;
}

/**
 * Adds somebody to the newsroom, with a token for the API.
 * @throws {AppError} forbidden · invalid: the password's length · conflict: the e-mail is taken
 */
export async function createPerson(
	{ db, auth }: Pick<Runtime, 'db' | 'auth'>,
	actor: Actor,
	newsroomId: string,
	{ password, ...person }: NewPerson
): Promise<{ userId: string; apiToken: string }> {
	managesPeople(actor);
	checkPassword(password);
	const passwordHash = await hashPassword(password);
	try {
		const { id: userId } = await addMember(db, { ...person, newsroomId, passwordHash });
		return { userId, apiToken: await createToken(auth, userId) };
	} catch (error) {
		if (!isUniqueViolation(error)) throw error;
		throw new AppError('conflict', 'Somebody has this e-mail already.', { field: 'email' });
	}
}

/**
 * Gives somebody another role; their open connections follow [G14].
 * @throws {AppError} forbidden · not found · conflict: the newsroom would have no owner
 */
export async function setRole(
	{ db, rooms }: Pick<Runtime, 'db' | 'rooms'>,
	actor: Actor,
	newsroomId: string,
	userId: string,
	role: Role
): Promise<PersonItem> {
	managesPeople(actor);
	const row = await db.$transaction(async (tx) => {
		// two owners who demote each other at the same moment go one after the other
		await tx.$queryRaw`SELECT 1 FROM "Newsroom" WHERE "id" = ${newsroomId}::uuid FOR UPDATE`;
		const found = await tx.user.findFirst({ where: { id: userId, newsroomId } });
		if (!found) throw notFound('person');
		const others = await tx.user.count({ where: { newsroomId, role: 'owner', NOT: { id: userId } } });
		if (role !== 'owner' && others === 0)
			throw new AppError('conflict', 'A newsroom needs an owner: make somebody else one first.', {
				field: 'role'
			});
		return tx.user.update({ where: { id: userId }, data: { role } });
	});
	await rooms.recheck({ principal: `user:${userId}` });
	return personOf(row);
}

export interface PersonItem {
	userId: string;
	principal: string;
	name: string;
	email: string;
	role: string;
	created: string;
}

/** The members, newest first. @throws {AppError} forbidden */
export async function listPeople(
	db: Database,
	actor: Actor,
	newsroomId: string,
	page: PageRequest
): Promise<Page<PersonItem>> {
	managesPeople(actor);
	const rows = await db.user.findMany({
		where: { newsroomId, ...afterCursor(page, 'createdAt') },
		orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
		take: page.limit + 1
	});
	return pageOf(rows, page, ({ createdAt, id }) => [createdAt, id], personOf);
}

type Row = { id: string; name: string; email: string; role: string; createdAt: Date };
const personOf = ({ id, name, email, role, createdAt }: Row): PersonItem => ({
	userId: id,
	principal: `user:${id}`,
	name,
	email,
	role,
	created: createdAt.toISOString()
});

function managesPeople(actor: Actor): void {
	if (!may(actor, 'manage people')) throw forbidden('Only the owner manages people.');
}

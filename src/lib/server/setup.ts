/** The first run: an installation is claimed once, with the token that the start printed. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { hashPassword } from 'better-auth/crypto';
import { checkPassword, createToken } from './auth.ts';
import type { Database } from './database.ts';
import { AppError } from './errors.ts';
import { insertFirstLabels } from './labels.ts';
import { addMember } from './people.ts';
import type { Runtime } from './runtime.ts';

export interface Installation {
	secret: string;
	/** null once a newsroom exists */
	setupToken: string | null;
}

/** What this installation keeps to itself; made on the first call, by whichever process is first. */
export async function installation(db: Database): Promise<Installation> {
	const found = await db.installation.findUnique({ where: { id: 1 } });
	if (found) return found;
	const row = { id: 1, secret: secret(32), setupToken: secret(24) };
	await db.installation.createMany({ data: [row], skipDuplicates: true });
	return db.installation.findUniqueOrThrow({ where: { id: 1 } });
}

export const isSetUp = async (db: Database): Promise<boolean> => (await installation(db)).setupToken === null;

export interface SetUp {
	token: string;
	newsroom: string;
	name: string;
	email: string;
	password: string;
}

/**
 * Makes the newsroom and its owner.
 * @throws {AppError} conflict: there is one already · forbidden: another token · invalid: the password's length
 */
export async function setUp(
	{ db, auth }: Pick<Runtime, 'db' | 'auth'>,
	{ token, newsroom, name, email, password }: SetUp
): Promise<{ newsroomId: string; userId: string; apiToken: string }> {
	const { setupToken } = await installation(db);
	if (setupToken === null) throw alreadySetUp();
	if (!sameSecret(token, setupToken))
		throw new AppError('forbidden', 'This is not the token that the start of Galley printed.', {
			field: 'token'
		});
	checkPassword(password);
	const passwordHash = await hashPassword(password);
	const made = await db.$transaction(async (tx) => {
		// of two at the same moment one waits here for the other, and then finds no token
		const claimed = await tx.installation.updateMany({
			where: { id: 1, setupToken },
			data: { setupToken: null }
		});
		if (claimed.count === 0) throw alreadySetUp();
		const { id: newsroomId } = await tx.newsroom.create({ data: { name: newsroom } });
		await insertFirstLabels(tx, newsroomId);
		const { id: userId } = await addMember(tx, { newsroomId, name, email, role: 'owner', passwordHash });
		return { newsroomId, userId };
	});
	return { ...made, apiToken: await createToken(auth, made.userId) };
}

const alreadySetUp = () => new AppError('conflict', 'This installation has its newsroom already.');

const secret = (bytes: number) => randomBytes(bytes).toString('base64url');

const digest = (value: string) => createHash('sha256').update(value).digest();

/** In constant time, whatever the lengths. */
const sameSecret = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));

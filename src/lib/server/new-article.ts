/** An article comes in: its row, its rooms and the first updates of its text, all or nothing. */
import { randomInt, randomUUID } from 'node:crypto';
import { changeKey } from '../domain/change.ts';
import { SERVER, type Principal } from '../domain/principal.ts';
import { layerRoom, SHARED, textRoom, type ArticleState } from '../domain/room.ts';
import { encodeNewArticle } from '../ydoc/new-article.ts';
import type { Transaction } from './database.ts';

export interface Source {
	outlet?: string | null;
	byline?: string | null;
	url?: string | null;
	publishedAt?: string | null;
}

export interface ArticleWords {
	title: string;
	paragraphs: string[];
	source?: Source;
	language?: string | null;
}

/** Inserts the article in the transaction; answers its id. */
export async function insertArticle(
	tx: Transaction,
	userId: string,
	{ title, paragraphs, source, language }: ArticleWords,
	now: Date
): Promise<string> {
	const id = randomUUID();
	const { newsroomId } = await tx.user.findUniqueOrThrow({ where: { id: userId } });
	const row = { id, newsroomId, title, ...source, language, created: now, createdById: userId };
	const { version, textLocked } = await tx.article.create({ data: row });
	const rooms = [textRoom(id), layerRoom(id, SHARED)].map((name) => ({ name, articleId: id }));
	await tx.room.createMany({ data: rooms });
	await insertText(tx, `user:${userId}`, id, paragraphs, { title, status: 'open', version, textLocked });
	return id;
}

async function insertText(
	tx: Transaction,
	principal: Principal,
	articleId: string,
	paragraphs: string[],
	state: ArticleState
): Promise<void> {
	const room = textRoom(articleId);
	const clientIds = twoClientIds();
	const updates = encodeNewArticle(paragraphs, state, clientIds);
	await tx.roomUpdate.createMany({
		data: [
			{ room, number: 1, update: Buffer.from(updates.words) },
			{ room, number: 2, update: Buffer.from(updates.state), byServer: true }
		]
	});
	await tx.roomChange.create({
		data: { room, number: 1, index: 0, principal, key: changeKey({ kind: 'text' }) }
	});
	await tx.roomClient.createMany({
		data: [
			{ room, clientId: clientIds.importer, principal },
			{ room, clientId: clientIds.server, principal: SERVER }
		]
	});
}

/** Yjs clientIDs are unsigned integers of 32 bits. */
function twoClientIds(): { importer: number; server: number } {
	const importer = randomInt(1, 2 ** 32 - 1);
	const server = randomInt(1, 2 ** 32 - 1);
	return importer === server ? twoClientIds() : { importer, server };
}

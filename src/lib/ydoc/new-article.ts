/** The first two updates of a text room. */
import * as Y from 'yjs';
import type { ArticleState } from '../domain/room.ts';
import { writeArticleState, writeParagraphs } from './text.ts';

/**
 * Encodes an article as two updates: its words under the importer's clientID, its state under the server's, so that
 * each is written by who may write it [G10, G11].
 */
export function encodeNewArticle(
	paragraphs: string[],
	state: ArticleState,
	clientIds: { importer: number; server: number }
): { words: Uint8Array; state: Uint8Array } {
	const doc = new Y.Doc();
	doc.clientID = clientIds.importer;
	writeParagraphs(doc, paragraphs);
	const words = Y.encodeStateAsUpdate(doc);
	const written = Y.encodeStateVector(doc);
	doc.clientID = clientIds.server;
	writeArticleState(doc, state);
	return { words, state: Y.encodeStateAsUpdate(doc, written) };
}

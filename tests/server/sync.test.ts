import { afterAll, beforeAll, expect, test } from 'vitest';
import { layerRoom, textRoom } from '../../src/lib/domain/room.ts';
import { annotationsOf, readAnnotations, readPeople } from '../../src/lib/ydoc/layer.ts';
import { readArticleState, readText } from '../../src/lib/ydoc/text.ts';
import { annotationBy, put } from '../support/annotations.ts';
import { startNewsroom, TEXT, type Newsroom } from '../support/newsroom.ts';
import { join, until } from '../support/sockets.ts';

let newsroom: Newsroom;
beforeAll(async () => (newsroom = await startNewsroom()));
afterAll(() => newsroom[Symbol.asyncDispose]());

test('[R1] a stock provider with a bearer token syncs the text room, over the port of the pages', async () => {
	const id = await newsroom.article();
	using text = join(newsroom, newsroom.owner, textRoom(id));
	await text.synced;
	expect(readText(text.doc)).toBe(TEXT);
	expect(readArticleState(text.doc)).toEqual({
		title: 'Bridge stays closed',
		status: 'open',
		version: 1,
		textLocked: false
	});
});

test('[R1] a stock provider with a session cookie syncs the shared layer', async () => {
	const id = await newsroom.article();
	const ann = await newsroom.signedIn(await newsroom.person('annotator', 'Ann'));
	using mine = join(newsroom, ann, layerRoom(id, 'shared'));
	using theirs = join(newsroom, newsroom.owner, layerRoom(id, 'shared'));
	await Promise.all([mine.synced, theirs.synced]);
	const annotation = annotationBy(ann.principal);
	put(mine.doc, annotation);
	await until(theirs.doc, () => annotationsOf(theirs.doc).has(annotation.id));
	expect(readAnnotations(theirs.doc)).toEqual([annotation]);
	await until(theirs.doc, () => ann.principal in readPeople(theirs.doc));
	expect(readPeople(theirs.doc)[ann.principal]).toMatchObject({ name: 'Ann' });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { annotationsOf } from '../../../src/lib/ydoc/layer.ts';
import { annotationBy, put } from '../../support/annotations.ts';
import { startNewsroom, type Caller, type Newsroom } from '../../support/newsroom.ts';
import { join, watchSaved } from '../../support/sockets.ts';

interface History {
	items: {
		at: string;
		by: { principal: string; name: string };
		key: string;
		before: unknown;
		after: unknown;
	}[];
}

let newsroom: Newsroom;
let ed: Caller;
let id: string;
beforeAll(async () => {
	newsroom = await startNewsroom();
	ed = await newsroom.person('editor', 'Ed');
	id = await newsroom.article();
});
afterAll(() => newsroom[Symbol.asyncDispose]());

const historyOf = (who: Caller, annotation: string, article = id) =>
	who.call<History>('GET', `/articles/${article}/annotations/${annotation}/history`);

test('says who changed what, oldest first; where it stands is not told', async () => {
	using mine = join(newsroom, newsroom.owner, `${id}/layers/shared`);
	using theirs = join(newsroom, ed, `${id}/layers/shared`);
	const [saved, savedToo] = [watchSaved(mine.provider), watchSaved(theirs.provider)];
	await Promise.all([mine.synced, theirs.synced]);
	const annotation = put(mine.doc, annotationBy(newsroom.owner.principal, { start: new Uint8Array([1]) }));
	await saved.next(2);
	const there = annotationsOf(mine.doc).get(annotation)!;
	there.set('body', 'Better words');
	there.set('modified', new Date().toISOString());
	there.set('from', 1);
	await saved.next(5);
	while (annotationsOf(theirs.doc).get(annotation)?.get('from') !== 1)
		await new Promise((done) => theirs.doc.once('update', done));
	annotationsOf(theirs.doc).get(annotation)!.set('assignee', ed.principal);
	theirs.doc.getMap('reactions').set(`${annotation} ${ed.principal} 👍`, true);
	await savedToo.next(3);

	const { status, body } = await historyOf(newsroom.owner, annotation);
	expect(status).toBe(200);
	const at = expect.stringMatching(/^\d{4}-.*Z$/);
	const [owner, editor] = [newsroom.owner, ed].map(({ principal, name }) => ({ principal, name }));
	expect(body.items).toEqual([
		{
			at,
			by: owner,
			key: 'annotation',
			before: null,
			after: {
				id: annotation,
				creator: newsroom.owner.principal,
				created: at,
				motivation: 'commenting',
				body: 'Who says so?',
				exact: 'The',
				status: 'open'
			}
		},
		{ at, by: owner, key: 'body', before: 'Who says so?', after: 'Better words' },
		{ at, by: editor, key: 'assignee', before: null, after: ed.principal },
		{ at, by: editor, key: `reactions ${ed.principal} 👍`, before: null, after: true }
	]);
});

test('does not tell the words of a deleted annotation, and tells them again when it is back', async () => {
	using room = join(newsroom, newsroom.owner, `${id}/layers/shared`);
	const saved = watchSaved(room.provider);
	await room.synced;
	const annotation = put(
		room.doc,
		annotationBy(newsroom.owner.principal, { body: 'Secret', tags: ['secret'] })
	);
	await saved.next(2);
	const there = annotationsOf(room.doc).get(annotation)!;
	there.set('body', 'Secret too');
	const stamp = { by: newsroom.owner.principal, at: new Date().toISOString() };
	there.set('resolution', { ...stamp, reason: 'It was a secret.' });
	there.set('deleted', stamp);
	await saved.next(5);
	const deleted = await historyOf(ed, annotation);
	expect(deleted.body.items.map(({ key }) => key)).toEqual(['annotation', 'body', 'resolution', 'deleted']);
	expect(deleted.text.toLowerCase()).not.toContain('secret');
	there.delete('deleted');
	await saved.next(6);
	expect((await historyOf(ed, annotation)).text).toContain('Secret too');
});

test('is not there for another article’s annotation, or what is no annotation', async () => {
	const note = { type: 'Annotation', bodyValue: 'Note', target: 'urn:x:article' };
	const made = await newsroom.owner.call<{ id: string }>('POST', `/articles/${id}/annotations`, note);
	const annotation = made.body.id.split('/').at(-1)!;
	expect((await historyOf(ed, annotation)).status).toBe(200);
	const other = await newsroom.article();
	for (const [one, article] of [
		[annotation, other],
		['00000000-0000-4000-8000-000000000000', id],
		['x', id]
	])
		expect((await historyOf(ed, one!, article)).status).toBe(404);
	expect((await historyOf(await newsroom.guest(other, 'annotate'), annotation)).status).toBe(404);
	expect((await historyOf(await newsroom.guest(id, 'view'), annotation)).status).toBe(200);
});

import { expect, test } from 'vitest';
import * as Y from 'yjs';
import type { Annotation } from '../../src/lib/domain/annotation.ts';
import { LayerView } from '../../src/lib/ydoc/layer-view.ts';
import { applyChanges, peopleOf, purge, readAnnotations, readReactions } from '../../src/lib/ydoc/layer.ts';

const make = (number: number): Annotation => ({
	id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
	creator: 'user:ada',
	created: '2026-11-22T10:00:00.000Z',
	motivation: 'commenting',
	body: `Number ${number}`
});
const [one, two] = [make(1), make(2)];
const add = (after: Annotation) => ({ kind: 'add' as const, annotation: after.id, after });
const react = ({ id }: Annotation, who: string, after = true) => ({
	kind: 'react' as const,
	annotation: id,
	principal: `user:${who}`,
	emoji: '👍',
	after
});
const body = ({ id }: Annotation, after: string) => ({
	kind: 'set' as const,
	annotation: id,
	key: 'body' as const,
	after
});

function viewed() {
	const doc = new Y.Doc();
	let changes = 0;
	applyChanges(doc, [add(one), add(two), react(one, 'ada')]);
	const view = new LayerView(doc, () => changes++);
	view.read();
	return {
		doc,
		view,
		changes: () => changes,
		body: (of: Annotation) => view.read().annotations.find(({ id }) => id === of.id)
	};
}

test('after a change only what it touched is another object', () => {
	const { doc, view, body: now, changes } = viewed();
	const before = [now(one), now(two)];
	applyChanges(doc, [body(two, 'Changed')]);
	expect(changes()).toBe(1);
	expect(now(one)).toBe(before[0]);
	expect(now(two)).toMatchObject({ body: 'Changed' });
	const people = view.read().people;
	peopleOf(doc).set('user:ada', { name: 'Ada', color: '#000000' });
	expect(view.read().people).not.toBe(people);
	expect(view.read().people).toEqual({ 'user:ada': { name: 'Ada', color: '#000000' } });
	expect(now(one)).toBe(before[0]);
});

test('it says what the document says, whatever was done to it', () => {
	const { doc, view } = viewed();
	const agrees = () => {
		const { annotations, reactions } = view.read();
		const byId = (a: Annotation, b: Annotation) => (a.id < b.id ? -1 : 1);
		expect(annotations.sort(byId)).toEqual(readAnnotations(doc).sort(byId));
		expect(Object.fromEntries(reactions)).toEqual(readReactions(doc));
	};
	agrees();
	applyChanges(doc, [react(one, 'emil'), react(two, 'ada'), add(make(3))]);
	agrees();
	applyChanges(doc, [react(one, 'ada', false), react(two, 'ada', false), body(make(3), 'So')]);
	agrees();
	purge(doc, [one.id]);
	agrees();
	const other = new Y.Doc();
	Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
	applyChanges(other, [body(two, 'From elsewhere'), react(make(3), 'emil')]);
	Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
	agrees();
});

test('a view that was stopped hears of nothing more', () => {
	const { doc, view, changes } = viewed();
	view.stop();
	applyChanges(doc, [body(one, 'Changed'), react(one, 'emil')]);
	expect(changes()).toBe(0);
});

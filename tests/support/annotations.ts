/** Annotations and changes for tests. */
import { randomUUID } from 'node:crypto';
import * as Y from 'yjs';
import type { Annotation } from '../../src/lib/domain/annotation.ts';
import { annotationsOf } from '../../src/lib/ydoc/layer.ts';

/** A whole annotation by `creator`; a comment on the first three letters of the text unless said otherwise. */
export const annotationBy = (creator: string, more: Partial<Annotation> = {}): Annotation => ({
	id: randomUUID(),
	creator: creator as Annotation['creator'],
	created: new Date().toISOString(),
	motivation: 'commenting',
	body: 'Who says so?',
	exact: 'The',
	prefix: '',
	suffix: ' bridge',
	from: 0,
	to: 3,
	status: 'open',
	...more
});

/** A reply by `creator` to the thread of `root`. */
export const replyBy = (creator: string, root: string, more: Partial<Annotation> = {}): Annotation => ({
	id: randomUUID(),
	creator: creator as Annotation['creator'],
	created: new Date().toISOString(),
	motivation: 'replying',
	body: 'The mayor, on the phone.',
	replyTo: root,
	...more
});

/** Puts the annotation into the layer as a client would; its id. */
export function put(doc: Y.Doc, annotation: Annotation): string {
	annotationsOf(doc).set(
		annotation.id,
		new Y.Map(Object.entries(annotation).filter(([, value]) => value !== undefined))
	);
	return annotation.id;
}

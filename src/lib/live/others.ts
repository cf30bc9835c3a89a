/** What others have done to a layer between two readings of it. Pure. */
import type { Annotation } from '../domain/annotation.ts';
import type { Principal } from '../domain/principal.ts';

export interface Doing {
	annotation: Annotation;
	what: 'added' | 'reworded' | 'resolved' | 'reopened' | 'assigned' | 'removed';
}

/**
 * @param touched ids of annotations that we have just changed ourselves
 * @returns what is new, in the order of the layer; words and states as they are now
 */
export function doneByOthers(
	before: ReadonlyMap<string, Annotation>,
	now: Annotation[],
	me: Principal,
	touched: ReadonlySet<string>
): Doing[] {
	return now.flatMap((annotation): Doing[] => {
		const known = before.get(annotation.id);
		if (known === annotation) return [];
		const { creator, deleted } = annotation;
		if (deleted) return !known || known.deleted || deleted.by === me ? [] : [{ annotation, what: 'removed' }];
		if (!known || known.deleted)
			return creator === me || touched.has(annotation.id) ? [] : [{ annotation, what: 'added' }];
		// nobody changes another's words
		if (known.body !== annotation.body && creator !== me) return [{ annotation, what: 'reworded' }];
		if (touched.has(annotation.id)) return [];
		if (known.assignee !== annotation.assignee) return [{ annotation, what: 'assigned' }];
		if (known.status === annotation.status) return [];
		if (annotation.status !== 'resolved') return [{ annotation, what: 'reopened' }];
		return annotation.resolution?.by === me ? [] : [{ annotation, what: 'resolved' }];
	});
}

export const byId = (annotations: Annotation[]): Map<string, Annotation> =>
	new Map(annotations.map((one) => [one.id, one]));

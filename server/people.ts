/** `people` of a layer: who the principals in it are; written by the server alone. */
import type * as Y from 'yjs';
import type { Actor } from '../src/lib/domain/policy.ts';
import { colorOf } from '../src/lib/domain/principal.ts';
import { peopleOf } from '../src/lib/ydoc/layer.ts';

/** Writes the person down where it is new or has another name. */
export function introduce(doc: Y.Doc, { principal, name }: Actor): void {
	const people = peopleOf(doc);
	if (people.get(principal)?.name !== name) people.set(principal, { name, color: colorOf(principal) });
}

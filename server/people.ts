/** `people` of a layer: who the principals in it are; written by the server alone. */
import type * as Y from 'yjs';
import type { Actor } from '../src/lib/domain/policy.ts';
import { colorOf } from '../src/lib/domain/principal.ts';
import { peopleOf } from '../src/lib/ydoc/layer.ts';

/** Whether the person is written down, under this name. */
export const isIntroduced = (doc: Y.Doc, { principal, name }: Actor): boolean =>
	peopleOf(doc).get(principal)?.name === name;

export const introduce = (doc: Y.Doc, { principal, name }: Actor) =>
	peopleOf(doc).set(principal, { name, color: colorOf(principal) });

/**
 * A change by name: what the guard reads out of an update, what the API and the browser ask for, what policy
 * judges and what the log keeps.
 */
import type { Annotation, AnnotationKey } from './annotation.ts';

/** `undefined` is "no value": setting to it removes the key. */
export type Change =
	| { kind: 'add'; annotation: string; after: Annotation }
	| { kind: 'set'; annotation: string; key: AnnotationKey; before?: unknown; after?: unknown }
	| { kind: 'react'; annotation: string; principal: string; emoji: string; after: boolean }
	| { kind: 'text' };

/** The name under which the log keeps the change. */
export function changeKey(change: Change): string {
	switch (change.kind) {
		case 'add':
			return 'annotation';
		case 'set':
			return change.key;
		case 'react':
			return `reactions ${change.principal} ${change.emoji}`;
		case 'text':
			return 'content';
	}
}

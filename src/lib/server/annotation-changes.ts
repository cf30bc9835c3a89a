/** What a replaced annotation says differently, as changes by name; policy judges each of them. */
import type { Annotation, AnnotationKey, Stamp } from '../domain/annotation.ts';
import type { Change } from '../domain/change.ts';
import type { Incoming } from '../domain/w3c.ts';
import { invalid } from './errors.ts';

type Json = Record<string, unknown>;

/** @throws {AppError} invalid: another passage or thread, or a status that does not exist */
export function changesTo(current: Annotation, incoming: Incoming, json: Json, stamp: Stamp): Change[] {
	const { selector, replyTo } = incoming;
	const movesPassage = selector?.exact !== undefined && selector.exact !== current.exact;
	if (movesPassage || (replyTo !== undefined && replyTo !== current.replyTo))
		throw invalid('target', 'What an annotation is about does not change: make a new one.');
	const changes: Change[] = [];
	const set = (key: AnnotationKey, after: unknown) => {
		const before = current[key];
		if (after !== before) changes.push({ kind: 'set', annotation: current.id, key, before, after });
	};
	if (json.motivation !== undefined) set('motivation', incoming.motivation);
	if (incoming.body !== current.body) {
		set('body', incoming.body);
		set('modified', stamp.at);
	}
	// a tag that came from here goes back as a tag: it is no label
	if (current.label !== undefined || !current.tags?.includes(incoming.label ?? ''))
		set('label', incoming.label);
	settle(current, json, stamp, set);
	return changes;
}

/** `galley:status` and `galley:resolution` (the reason); without a status the thread stays as it is. */
function settle(
	current: Annotation,
	json: Json,
	stamp: Stamp,
	set: (key: AnnotationKey, after: unknown) => void
): void {
	const status = json['galley:status'];
	const reason = json['galley:resolution'];
	if (status === undefined || status === null) return;
	if (status !== 'open' && status !== 'resolved')
		throw invalid('galley:status', 'It is "open" or "resolved".');
	if (reason !== undefined && typeof reason !== 'string')
		throw invalid('galley:resolution', 'It is a string.');
	const was = current.status ?? 'open';
	if (status !== was) set('status', status);
	if (status === 'open') set('resolution', undefined);
	else if (was === 'open' || reason !== current.resolution?.reason)
		set('resolution', reason === undefined ? stamp : { ...stamp, reason });
}

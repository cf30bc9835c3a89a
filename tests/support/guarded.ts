/** A room as the guard sees it, with its clientIDs, and clients that write into it. */
import * as Y from 'yjs';
import { judgeUpdate } from '../../server/guard.ts';
import type { Actor, Role } from '../../src/lib/domain/policy.ts';
import { annotationsOf } from '../../src/lib/ydoc/layer.ts';
import { annotationBy, put } from './annotations.ts';

export const ARTICLE = '11111111-1111-4111-8111-111111111111';
export const NOW = Date.parse('2026-11-22T12:00:00Z');
export const CREATED = '2026-11-22T11:59:00.000Z';
export const member = (id: string, role: Role): Actor => ({
	kind: 'member',
	principal: `user:${id}`,
	name: id,
	role
});
export const ann = member('ann', 'annotator');
export const ben = member('ben', 'annotator');
export const eve = member('eve', 'editor');

/** A room with its clientIDs, and clients that write into it. */
export function room(kind: 'layer' | 'text' = 'layer') {
	const doc = new Y.Doc();
	const clients = new Map<number, string>();
	const address =
		kind === 'text' ? { articleId: ARTICLE, kind } : { articleId: ARTICLE, kind, layer: 'shared' };
	const guarded = { address, doc, clients, textLocked: false };
	return {
		doc,
		clients,
		guarded,
		/** a client that has read the room */
		client: () => {
			const mine = new Y.Doc();
			Y.applyUpdate(mine, Y.encodeStateAsUpdate(doc));
			return mine;
		},
		/** what the client has that the room has not */
		news: (mine: Y.Doc) => Y.encodeStateAsUpdate(mine, Y.encodeStateVector(doc)),
		judge(actor: Actor, mine: Y.Doc | Uint8Array) {
			return judgeUpdate(guarded, actor, mine instanceof Y.Doc ? this.news(mine) : mine, NOW);
		},
		/** judges, and applies what is permitted */
		take(actor: Actor, mine: Y.Doc | Uint8Array) {
			const update = mine instanceof Y.Doc ? this.news(mine) : mine;
			const verdict = this.judge(actor, update);
			if (verdict.kind !== 'permitted') return verdict;
			for (const client of verdict.newClients) clients.set(client, actor.principal);
			Y.applyUpdate(doc, update);
			return verdict;
		}
	};
}
export const by = (actor: Actor, more = {}) => annotationBy(actor.principal, { created: CREATED, ...more });
export const rule = (verdict: ReturnType<typeof judgeUpdate>) =>
	verdict.kind === 'refused' ? verdict.refusal.rule : verdict.kind;

/** A room in which Ann has one annotation; its entry in any client's document. */
export function withAnnotation(more = {}) {
	const place = room();
	const mine = place.client();
	const annotation = by(ann, more);
	put(mine, annotation);
	place.take(ann, mine);
	return { ...place, annotation, entry: (doc: Y.Doc) => annotationsOf(doc).get(annotation.id)! };
}

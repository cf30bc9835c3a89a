/** What the guard costs: judging an update beside applying it, and judging a whole layer that is sent again. */
import * as Y from 'yjs';
import { judgeUpdate } from '../../server/guard.ts';
import type { Actor } from '../../src/lib/domain/policy.ts';
import { SHARED } from '../../src/lib/domain/room.ts';
import { annotationsOf } from '../../src/lib/ydoc/layer.ts';
import { annotationBy, put } from '../support/annotations.ts';
import { against, median, micros, ms, type Figure } from './report.ts';

const ANNOTATIONS = 10_000;
const UPDATES = 2_000;
const RESYNCS = 7;
const ann: Actor = { kind: 'member', principal: 'user:ann', name: 'Ann', role: 'annotator' };

function time(run: () => void): number {
	const begun = performance.now();
	run();
	return performance.now() - begun;
}

export async function measureGuard(): Promise<Figure[]> {
	const doc = new Y.Doc();
	const room = {
		address: { articleId: crypto.randomUUID(), kind: 'layer', layer: SHARED } as const,
		doc,
		clients: new Map<number, string>(),
		textLocked: false
	};
	const judge = (update: Uint8Array) => judgeUpdate(room, ann, update, Date.now());
	const client = new Y.Doc();
	let written: Uint8Array = new Uint8Array();
	client.on('update', (update) => (written = update));

	/** What it takes to judge and to apply what the client writes, by turns. */
	const measureUpdates = (what: string, write: (number: number) => void): Figure => {
		const times = { judge: [] as number[], apply: [] as number[] };
		for (let i = 0; i < UPDATES; i++) {
			client.transact(() => write(i));
			times.judge.push(
				time(() => {
					const verdict = judge(written);
					if (verdict.kind !== 'permitted') throw new Error('What Ann writes is permitted.');
				})
			);
			times.apply.push(time(() => Y.applyUpdate(doc, written)));
		}
		const judged = median(times.judge);
		return {
			what: `judging ${what}, median of ${UPDATES}`,
			value: micros(judged),
			floor: against('Y.applyUpdate of it', judged, median(times.apply), micros)
		};
	};

	client.transact(() => {
		for (let i = 0; i < ANNOTATIONS; i++) put(client, annotationBy(ann.principal));
	});
	Y.applyUpdate(doc, written);
	const whole = Y.encodeStateAsUpdate(client);
	const times = { judge: [] as number[], apply: [] as number[] };
	for (let i = 0; i < RESYNCS; i++) {
		times.judge.push(time(() => judge(whole)));
		times.apply.push(time(() => Y.applyUpdate(doc, whole)));
	}
	const judged = median(times.judge);
	const floor = against('Y.applyUpdate of it, once more', judged, median(times.apply), ms);
	const size = `${ANNOTATIONS.toLocaleString('en')} annotations`;
	const resync = { what: `judging a whole layer of ${size}, sent again`, value: ms(judged), floor };

	const ids = [...annotationsOf(client).keys()];
	return [
		measureUpdates('a new annotation', () => put(client, annotationBy(ann.principal))),
		measureUpdates('a changed body', (i) => annotationsOf(client).get(ids[i]!)!.set('body', 'Says who?')),
		resync
	];
}

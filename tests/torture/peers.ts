/**
 * Seeded random peers [C1]: they write, drop, work offline, come back (where there are several processes, to any of them),
 * and now and then send what is refused. In the end all documents are equal, everything that they did is there, and
 * nothing that was refused.
 */
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import * as Y from 'yjs';
import { layerRoom, SHARED } from '../../src/lib/domain/room.ts';
import { annotationsOf, reactionKey, reactionsOf } from '../../src/lib/ydoc/layer.ts';
import { annotationBy, put, replyBy } from '../support/annotations.ts';
import type { Cluster } from '../support/cluster.ts';
import { install } from '../support/installation.ts';
import { seeded, type Random } from '../support/seeded.ts';
import { join } from '../support/sockets.ts';
import type { Outcome, Trials } from './outcome.ts';
import { Peer, type Grounds } from './peer.ts';

const PEERS = 10;
const OPERATIONS = 1000;
const PATIENCE_MS = 60_000;
const EMOJI = ['👍', '👀', '🙂'];
const FORGED = 'forged';

/** What everybody must find in the end. */
interface Truth {
	/** annotation → what its creator wrote */
	annotations: Map<string, { creator: string; body: string }>;
	reactions: Set<string>;
}

export async function peersOnOne(trials: Trials, operations = OPERATIONS): Promise<Outcome> {
	await using place = await install();
	const people = [place.owner, place.annotator];
	const article = () => place.article('The bridge stays closed.');
	return await repeat({ origins: [place.origin], people, article }, trials, operations);
}

export async function peersOnSeveral(
	cluster: Cluster,
	trials: Trials,
	operations = OPERATIONS
): Promise<Outcome> {
	const people = [cluster.owner, await cluster.person('annotator'), await cluster.person('editor')];
	const origins = cluster.processes.map(({ origin }) => origin);
	return await repeat({ origins, people, article: () => cluster.article() }, trials, operations);
}

/** Each time has its own room and seed. */
async function repeat(
	{ article, ...grounds }: Omit<Grounds, 'room'> & { article(): Promise<string> },
	{ seed, count }: Trials,
	operations: number
): Promise<Outcome> {
	const faults: string[] = [];
	let line = '';
	for (let i = 0; i < count; i++) {
		const room = layerRoom(await article(), SHARED);
		const outcome = await peers({ ...grounds, room }, seed + i, operations);
		line = outcome.line;
		faults.push(...outcome.faults.map((fault) => `seed ${seed + i}: ${fault}`));
	}
	return { line: `${count} × ${line}`, faults };
}

async function peers(grounds: Grounds, seed: number, operations: number): Promise<Outcome> {
	const random = seeded(seed);
	const truth: Truth = { annotations: new Map(), reactions: new Set() };
	const all = Array.from(
		{ length: PEERS },
		(_, at) => new Peer(grounds.people[at % grounds.people.length]!, grounds, random)
	);
	await until('somebody is not in', () => all.every(({ isIn }) => isIn));
	let forged = 0;
	for (let i = 0; i < operations; i++) {
		const peer = random.pick(all);
		const dice = random.below(100);
		if (dice < 4) peer.disconnect();
		else if (dice < 8) peer.drop();
		else if (dice < 16) peer.connect();
		else if (dice < 18) peer.reopen();
		else if (dice >= 21) peer.act(honestly(peer, random, truth));
		// one at a time, so that each is known by its refusal
		else if (!peer.awaitsRefusal) {
			forged++;
			peer.act(forgery(peer, random, truth), true);
		}
		await (random.chance(0.1) ? wait(random.below(8)) : turn());
	}
	for (const peer of all) peer.connect();
	const unsettled = () => all.filter(({ isSettled }) => !isSettled);
	await until('work is not saved', () => unsettled().length === 0).catch((error: Error) => {
		throw new Error(`${error.message} ${unsettled().map(String).join('; ')}`);
	});
	const newcomer = join({ origin: random.pick(grounds.origins) }, grounds.people[0]!, grounds.room);
	await newcomer.synced;
	const differ = () => all.filter(({ doc }) => fingerprint(doc) !== fingerprint(newcomer.doc)).length;
	const faults: string[] = [];
	await until('documents differ', () => differ() === 0).catch(() =>
		faults.push(`${differ()} documents differ from what somebody new is given`)
	);
	faults.push(...wrong(newcomer.doc, truth));
	const refusals = all.reduce((sum, peer) => sum + peer.refusals, 0);
	if (refusals !== forged) faults.push(`${forged} forged updates, ${refusals} refusals`);
	newcomer.provider.destroy();
	newcomer.doc.destroy();
	for (const peer of all) peer.close();
	const where = grounds.origins.length === 1 ? 'one process' : `${grounds.origins.length} processes`;
	const line = `${PEERS} peers on ${where}, ${operations} operations, ${forged} of them refused: ${truth.annotations.size} annotations`;
	return { line, faults };
}

function honestly(
	{ person: { principal }, doc }: Peer,
	random: Random,
	{ annotations, reactions }: Truth
): (doc: Y.Doc) => void {
	const add = (annotation: ReturnType<typeof annotationBy>) => {
		annotations.set(annotation.id, { creator: principal, body: annotation.body! });
		return (doc: Y.Doc) => {
			if (!annotationsOf(doc).has(annotation.id)) put(doc, annotation);
		};
	};
	// what was forged is there until it is refused: a reply to it would be refused too
	const isRoot = (id: string) => annotations.has(id) && annotationsOf(doc).get(id)!.has('status');
	const roots = [...annotationsOf(doc).keys()].filter(isRoot);
	const root = roots.length > 0 ? random.pick(roots) : null;
	const dice = random.below(10);
	if (dice < 4 || !root) return add(annotationBy(principal));
	if (dice < 6) return add(replyBy(principal, root));
	if (dice < 8) {
		const key = reactionKey(root, principal, random.pick(EMOJI));
		reactions.add(key);
		return (doc) => void reactionsOf(doc).set(key, true);
	}
	const status = random.pick(['open', 'resolved']);
	return (doc) => void annotationsOf(doc).get(root)?.set('status', status);
}

/** What nobody may: another's name, another's words, an entry taken away. */
function forgery(
	{ person: { principal }, doc }: Peer,
	random: Random,
	{ annotations }: Truth
): (doc: Y.Doc) => void {
	const others = [...annotationsOf(doc).keys()].filter((id) => annotations.get(id)?.creator !== principal);
	const victim = others.length > 0 ? random.pick(others) : null;
	const name = annotationBy('user:nobody', { body: FORGED });
	const dice = random.below(3);
	return (doc) => {
		const entry = victim && annotationsOf(doc).get(victim);
		if (!entry || dice === 0) put(doc, name);
		else if (dice === 1) entry.set('body', FORGED);
		else annotationsOf(doc).delete(victim);
	};
}

/** Everything that can be seen in the document, and which structs it holds. */
function fingerprint(doc: Y.Doc): string {
	const sorted = (record: Record<string, unknown>) =>
		Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
	const clocks = Object.fromEntries(Y.decodeStateVector(Y.encodeStateVector(doc)));
	return JSON.stringify([
		sorted(annotationsOf(doc).toJSON()),
		sorted(reactionsOf(doc).toJSON()),
		sorted(clocks)
	]);
}

function wrong(doc: Y.Doc, { annotations, reactions }: Truth): string[] {
	const faults: string[] = [];
	const found = annotationsOf(doc);
	for (const [id, { creator, body }] of annotations) {
		const entry = found.get(id);
		if (!entry) faults.push(`annotation ${id} is gone`);
		else if (entry.get('body') !== body || entry.get('creator') !== creator)
			faults.push(`annotation ${id} is not what ${creator} wrote`);
	}
	for (const id of found.keys()) if (!annotations.has(id)) faults.push(`nobody wrote annotation ${id}`);
	for (const key of reactions) if (!reactionsOf(doc).has(key)) faults.push(`reaction ${key} is gone`);
	return faults.slice(0, 5);
}

async function until(what: string, holds: () => boolean): Promise<void> {
	const end = performance.now() + PATIENCE_MS;
	while (!holds()) {
		if (performance.now() > end) throw new Error(`After ${PATIENCE_MS / 1000} s still: ${what}.`);
		await wait(10);
	}
}

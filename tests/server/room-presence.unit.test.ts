/** Presence of one room on several processes, with a hub between them. */
import * as decoding from 'lib0/decoding';
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { expect, onTestFinished, test, vi } from 'vitest';
import * as Y from 'yjs';
import { MemoryHub, type Hint, type MemoryBus } from '../../server/bus.ts';
import { RoomPresence } from '../../server/room-presence.ts';
import type { Member } from '../../server/turn.ts';

const ROOM = 'a/text';
const settled = () => new Promise((done) => setImmediate(done));

/** A process with the room open, wired as Rooms wires it. */
function open(hub: MemoryHub) {
	const bus = hub.join();
	const members = new Set<Member>();
	const presence = new RoomPresence(ROOM, members, bus, 4096);
	const published: Hint[] = [];
	const publish = bus.publish.bind(bus);
	bus.publish = (hint) => {
		published.push(hint);
		publish(hint);
	};
	bus.onHint = (hint, from) => {
		if (hint.kind !== 'grown' && hint.kind !== 'notice') presence.hear(hint, from);
	};
	bus.onGone = (process) => presence.gone(process);
	bus.onListening = () => presence.announce();
	bus.listen(ROOM);
	return { bus, members, presence, published };
}
type Process = { bus: MemoryBus; members: Set<Member>; presence: RoomPresence; published: Hint[] };

/** Somebody with a stock client, who can go from one process to another. */
function person(name: string) {
	const awareness = new Awareness(new Y.Doc());
	onTestFinished(() => awareness.destroy());
	awareness.setLocalState(null);
	let at: Process | null = null;
	const take = (frame: Uint8Array) => {
		const decoder = decoding.createDecoder(frame);
		expect(decoding.readVarUint(decoder)).toBe(1);
		applyAwarenessUpdate(awareness, decoding.readVarUint8Array(decoder), 'server');
	};
	const member: Member = {
		actor: { kind: 'member', principal: `user:${name}`, name, role: 'editor' },
		isOpen: true,
		send: take,
		sendOpening: take,
		sendFramed: (frame) => take(frame.subarray(frame[1]! < 126 ? 2 : 4)),
		close: () => {},
		saved: () => {}
	};
	const say = (clients: number[]) => at?.presence.receive(member, encodeAwarenessUpdate(awareness, clients));
	awareness.on('update', (changed: Record<'added' | 'updated' | 'removed', number[]>) =>
		say([...changed.added, ...changed.updated, ...changed.removed])
	);
	return {
		awareness,
		show: (state: object) => awareness.setLocalState({ ...state }),
		enter: (process: Process) => {
			at = process;
			process.members.add(member);
			process.presence.show(member);
			say([awareness.clientID]);
		},
		leave: () => {
			at!.members.delete(member);
			at!.presence.leave(member);
			at = null;
		},
		/** what it sees of the others */
		sees: () =>
			[...awareness.getStates()]
				.filter(([client]) => client !== awareness.clientID)
				.map(([, { user, at }]) => `${user.name} ${at}`)
				.sort()
	};
}

test('[C1] [R7] who goes from one process to another is seen there at once, by everybody', async () => {
	const hub = new MemoryHub();
	const [one, two, three] = [open(hub), open(hub), open(hub)];
	const [ann, ben, cleo] = [person('Ann'), person('Ben'), person('Cleo')];
	ann.enter(one);
	ben.enter(two);
	cleo.enter(three);
	ann.show({ at: 'a' });
	await vi.waitFor(() => expect([ben.sees(), cleo.sees()]).toEqual([['Ann a'], ['Ann a']]));
	ann.leave();
	await vi.waitFor(() => expect([ben.sees(), cleo.sees()]).toEqual([[], []]));
	ann.enter(three);
	await vi.waitFor(() => expect([ben.sees(), cleo.sees()]).toEqual([['Ann a'], ['Ann a']]));
	// also when the other process is gone before the leave is heard
	one.bus.cut();
	ann.leave();
	ann.enter(two);
	await vi.waitFor(() => expect([ben.sees(), cleo.sees()]).toEqual([['Ann a'], ['Ann a']]));
});

test('[C3] [R7] who is on a process that has fallen silent is not there any more, until it is heard again', async () => {
	const hub = new MemoryHub();
	const [one, two] = [open(hub), open(hub)];
	const [ann, ben] = [person('Ann'), person('Ben')];
	ann.enter(one);
	ben.enter(two);
	ann.show({ at: 'a' });
	await vi.waitFor(() => expect(ben.sees()).toEqual(['Ann a']));
	one.bus.cut();
	await settled();
	expect(ben.sees()).toEqual([]);
	// said to nobody, and not said again
	ben.show({ at: 'b' });
	one.bus.restore();
	await vi.waitFor(() => expect([ann.sees(), ben.sees()]).toEqual([['Ben b'], ['Ann a']]));
});

test('[R7] what one of somebody’s tabs echoes of another on another process is not its own', async () => {
	const hub = new MemoryHub();
	const [one, two] = [open(hub), open(hub)];
	const [here, there, ben] = [person('Ann'), person('Ann'), person('Ben')];
	here.enter(one);
	there.enter(two);
	ben.enter(two);
	here.show({ at: 'a' });
	await vi.waitFor(() => expect([there.sees(), ben.sees()]).toEqual([['Ann a'], ['Ann a']]));
	// the tab that has echoed it goes, and the other stays
	there.leave();
	here.show({ at: 'b' });
	await vi.waitFor(() => expect(ben.sees()).toEqual(['Ann b']));
	here.leave();
	await vi.waitFor(() => expect(ben.sees()).toEqual([]));
});

test('[R7] a client that another process knows is its person’s everywhere', async () => {
	const hub = new MemoryHub();
	const [one, two] = [open(hub), open(hub)];
	const [ann, ben, eve] = [person('Ann'), person('Ben'), person('Eve')];
	ann.enter(one);
	ben.enter(two);
	eve.enter(two);
	ann.show({ at: 'a' });
	await vi.waitFor(() => expect(eve.sees()).toEqual(['Ann a']));
	eve.awareness.clientID = ann.awareness.clientID;
	eve.show({ at: 'forged' });
	eve.awareness.setLocalState(null);
	await settled();
	expect(ben.sees()).toEqual(['Ann a']);
	expect(ann.awareness.getLocalState()).toEqual({ at: 'a' });
	ann.show({ at: 'b' });
	await vi.waitFor(() => expect(ben.sees()).toEqual(['Ann b']));
});

test('what many show at once goes to other processes together, and a process alone tells nobody', async () => {
	const hub = new MemoryHub();
	const one = open(hub);
	const people = Array.from({ length: 20 }, (_, i) => person(`P${i}`));
	for (const each of people) each.enter(one);
	for (const each of people) each.show({ at: 0 });
	await settled();
	expect(one.published.filter(({ kind }) => kind === 'presence')).toEqual([]);

	const two = open(hub);
	const watcher = person('Watcher');
	watcher.enter(two);
	await vi.waitFor(() => expect(watcher.sees().length).toBe(20));
	for (let at = 1; at <= 10; at++) for (const each of people) each.show({ at });
	await vi.waitFor(() => expect(watcher.sees().every((seen) => seen.endsWith(' 10'))).toBe(true));
	expect(one.published.filter(({ kind }) => kind === 'presence').length).toBeLessThan(5);
});

/** Memory after the start: resident set of Node, proportional set of the embedded PostgreSQL's processes. */
import { install } from '../support/installation.ts';
import { databaseProcesses, proportionalSet, residentSet } from '../support/processes.ts';
import { startRelay } from './relay.ts';
import { against, mib, type Figure } from './report.ts';

export async function measureMemory(): Promise<Figure[]> {
	await using galley = await install();
	const relay = await startRelay();
	const floor = residentSet(relay.pid);
	await relay.stop();
	await galley.restart();
	const node = galley.process.child.pid!;
	const fresh = residentSet(node);
	await fetch(`${galley.origin}/sign-in`);
	const served = residentSet(node);
	const database = databaseProcesses(galley.folder);
	const sum = (bytes: (pid: number) => number) => database.reduce((total, pid) => total + bytes(pid), 0);
	const name = 'a do-nothing relay';
	return [
		{ what: 'Node after the start, resident', value: mib(fresh), floor: against(name, fresh, floor, mib) },
		{
			what: 'Node after the first page, resident',
			value: mib(served),
			floor: against(name, served, floor, mib)
		},
		{ what: `PostgreSQL, ${database.length} processes, proportional`, value: mib(sum(proportionalSet)) },
		{
			what: `PostgreSQL, ${database.length} processes, resident (shared pages counted each time)`,
			value: mib(sum(residentSet))
		}
	];
}

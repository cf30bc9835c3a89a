/** Memory after the start: resident set of Node, proportional set of the embedded PostgreSQL's processes. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { install } from './installation.ts';
import { startRelay } from './relay.ts';
import { against, mib, type Figure } from './report.ts';

/** Bytes that a line like `Pss:  123 kB` of a file under /proc gives. */
function fromProc(file: string, name: string): number {
	const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(file, 'utf8'));
	if (!found) throw new Error(`${file} does not give ${name}.`);
	return Number(found[1]) * 1024;
}
const residentSet = (pid: number) => fromProc(`/proc/${pid}/status`, 'VmRSS');
/** Pages that several processes share are counted in parts. */
const proportionalSet = (pid: number) => fromProc(`/proc/${pid}/smaps_rollup`, 'Pss');

const parentOf = (pid: number) => Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
const childrenOf = (pid: number) =>
	readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.map(Number)
		.filter((other) => {
			try {
				return parentOf(other) === pid;
			} catch {
				return false; // it has ended since the folder was read
			}
		});

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
	const postmaster = Number(
		readFileSync(join(galley.folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]
	);
	const database = [postmaster, ...childrenOf(postmaster)];
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

/** What Linux tells of processes. */
import { readFileSync, readdirSync } from 'node:fs';

/** Bytes of memory that the process holds. */
export const residentSet = (pid: number): number => fromProc(`/proc/${pid}/status`, 'VmRSS');
/** The same, where pages that several processes share are counted in parts. */
export const proportionalSet = (pid: number): number => fromProc(`/proc/${pid}/smaps_rollup`, 'Pss');

/** Bytes that a line like `Pss:  123 kB` gives. */
function fromProc(file: string, name: string): number {
	const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(file, 'utf8'));
	if (!found) throw new Error(`${file} does not give ${name}.`);
	return Number(found[1]) * 1024;
}

/** The processes of the embedded PostgreSQL under this data folder, its first one first. */
export function databaseProcesses(dataFolder: string): number[] {
	let postmaster: number;
	try {
		postmaster = Number(readFileSync(`${dataFolder}/postgres/postmaster.pid`, 'utf8').split('\n')[0]);
	} catch {
		return [];
	}
	return [postmaster, ...childrenOf(postmaster)];
}

const childrenOf = (pid: number) =>
	readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.map(Number)
		.filter((other) => parentOf(other) === pid);

function parentOf(pid: number): number | null {
	try {
		return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
	} catch {
		return null; // it has ended since the folder was read
	}
}

/** SIGKILL; one that has ended already is no matter. */
export function kill9(pid: number): void {
	try {
		process.kill(pid, 'SIGKILL');
	} catch {
		// it has ended
	}
}

/**
 * What the process counts. Plain numbers, since they are counted on every frame; `/metrics` reads them when it is asked
 * (server/health.ts). Names and meanings of the exported series stand there.
 */
export class Metrics {
	connections = 0;
	/** rooms in memory, and those of them whose document is decoded */
	rooms = 0;
	documents = 0;
	receivedBytes = 0;
	sentBytes = 0;
	/** frames with updates that came in, and those that were stored */
	updatesReceived = 0;
	updatesStored = 0;
	/** commits to the log that wait, rooms in all commits so far, and seconds that each commit took */
	queuedCommits = 0;
	committedRooms = 0;
	readonly commitSeconds = new Histogram([
		0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5
	]);
	conflicts = 0;
	/** 1 while other processes are heard, or there can be none */
	busConnected = 1;
	compactions = 0;
	/** refused updates by the rule that refused them; closed connections by code */
	readonly refused = new Map<string, number>();
	readonly closed = new Map<number, number>();

	countRefused(rule: string): void {
		this.refused.set(rule, (this.refused.get(rule) ?? 0) + 1);
	}

	countClosed(code: number): void {
		this.closed.set(code, (this.closed.get(code) ?? 0) + 1);
	}
}

/** Counts of values up to each bound, with sum and count, as Prometheus wants them. */
export class Histogram {
	readonly bounds: number[];
	readonly counts: number[];
	sum = 0;
	count = 0;

	constructor(bounds: number[]) {
		this.bounds = bounds;
		this.counts = bounds.map(() => 0);
	}

	observe(value: number): void {
		this.sum += value;
		this.count++;
		const at = this.bounds.findIndex((bound) => value <= bound);
		if (at >= 0) this.counts[at]!++;
	}
}

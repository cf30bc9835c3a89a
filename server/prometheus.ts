/** What the process counts, in Prometheus' text format: names and meanings of the series of `/metrics`. */
import { collectDefaultMetrics, Registry, type Metric } from 'prom-client';
import type { Histogram, Metrics } from './metrics.ts';

interface Value {
	value: number;
	labels?: Record<string, string | number>;
	metricName?: string;
}
interface Series {
	name: string;
	type: 'counter' | 'gauge' | 'histogram';
	help: string;
	read(metrics: Metrics): Value[];
}

type Reader = (metrics: Metrics) => number;
const gauge = (name: string, help: string, read: Reader): Series => ({
	name,
	type: 'gauge',
	help,
	read: (metrics) => [{ value: read(metrics) }]
});
const counter = (name: string, help: string, read: Reader): Series => ({
	...gauge(name, help, read),
	type: 'counter'
});
const counters = (
	name: string,
	help: string,
	label: string,
	read: (metrics: Metrics) => Map<string | number, number>
): Series => ({
	name,
	type: 'counter',
	help,
	read: (metrics) => [...read(metrics)].map(([key, value]) => ({ value, labels: { [label]: key } }))
});
const histogram = (name: string, help: string, read: (metrics: Metrics) => Histogram): Series => ({
	name,
	type: 'histogram',
	help,
	read: (metrics) => bucketsOf(name, read(metrics))
});

const SERIES: Series[] = [
	gauge('galley_connections', 'Sockets that are open.', (m) => m.connections),
	gauge('galley_rooms', 'Rooms in memory.', (m) => m.rooms),
	gauge('galley_documents', 'Rooms in memory whose document is decoded.', (m) => m.documents),
	counter('galley_received_bytes_total', 'Bytes of frames that came in.', (m) => m.receivedBytes),
	counter('galley_sent_bytes_total', 'Bytes of frames that went out.', (m) => m.sentBytes),
	counter('galley_updates_received_total', 'Frames with updates that came in.', (m) => m.updatesReceived),
	counter('galley_updates_stored_total', 'Frames with updates whose work is stored.', (m) => m.updatesStored),
	counters('galley_updates_refused_total', 'Updates that were refused, by rule.', 'rule', (m) => m.refused),
	counters('galley_closed_total', 'Connections that ended, by close code.', 'code', (m) => m.closed),
	histogram('galley_commit_seconds', 'How long commits to the log took.', (m) => m.commitSeconds),
	counter('galley_committed_rooms_total', 'Rooms in all commits to the log.', (m) => m.committedRooms),
	gauge('galley_queued_commits', 'Commits that wait for the one under way.', (m) => m.queuedCommits),
	counter('galley_conflicts_total', 'Appends for which another process came first.', (m) => m.conflicts),
	gauge('galley_bus_connected', '0 while Redis is away.', (m) => m.busConnected),
	counter('galley_compactions_total', 'Snapshots that were written.', (m) => m.compactions)
];

/** Prometheus' buckets each hold all that the smaller ones hold. */
function bucketsOf(name: string, { bounds, counts, sum, count }: Histogram): Value[] {
	let below = 0;
	const bucket = (le: string | number, value: number) => ({
		value,
		labels: { le },
		metricName: `${name}_bucket`
	});
	return [
		...bounds.map((bound, index) => bucket(bound, (below += counts[index]!))),
		bucket('+Inf', count),
		{ value: sum, metricName: `${name}_sum` },
		{ value: count, metricName: `${name}_count` }
	];
}

const registries = new WeakMap<Metrics, Registry>();

/** All series with their values now, those of the process itself (CPU, memory, event loop) too. */
export async function exposition(metrics: Metrics): Promise<{ type: string; text: string }> {
	let registry = registries.get(metrics);
	if (!registry) {
		registry = new Registry();
		collectDefaultMetrics({ register: registry });
		for (const { read, ...series } of SERIES) {
			// the numbers are ours: prom-client's own metrics would count them a second time
			const metric = {
				...series,
				aggregator: 'sum',
				get: async () => ({ ...series, values: read(metrics) })
			};
			registry.registerMetric(metric as unknown as Metric);
		}
		registries.set(metrics, registry);
	}
	return { type: registry.contentType, text: await registry.metrics() };
}

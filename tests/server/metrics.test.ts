import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { layerRoom } from '../../src/lib/domain/room.ts';
import { annotationBy, put } from '../support/annotations.ts';
import { startNewsroom, type Newsroom } from '../support/newsroom.ts';
import { join, watchSaved } from '../support/sockets.ts';

let newsroom: Newsroom;
beforeAll(async () => (newsroom = await startNewsroom()));
afterAll(() => newsroom[Symbol.asyncDispose]());

const ask = (headers: Record<string, string> = {}, { origin }: { origin: string } = newsroom) =>
	fetch(`${origin}/metrics`, { headers });

/** Series as Prometheus reads them: name with labels → value. */
async function read(): Promise<Record<string, number>> {
	const series: Record<string, number> = {};
	for (const line of (await (await ask()).text()).split('\n')) {
		if (line === '' || line.startsWith('#')) continue;
		const at = line.lastIndexOf(' ');
		series[line.slice(0, at)] = Number(line.slice(at + 1));
	}
	return series;
}

test('every series has its type and a sentence; the process itself is among them; nobody is named', async () => {
	const id = await newsroom.article('Nothing here is for the metrics.', 'A secret title');
	using joined = join(newsroom, newsroom.owner, layerRoom(id, 'shared'));
	await joined.synced;
	const answer = await ask();
	expect(answer.status).toBe(200);
	expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
	const text = await answer.text();
	const described = [...text.matchAll(/^# HELP (\S+) \S.*\.?$/gm)].map(([, name]) => name!);
	for (const name of Object.keys(await read())) {
		const base = name.replace(/\{.*$/, '');
		expect(described).toContain(
			base.replace(/_(bucket|sum|count)$/, (end) => (described.includes(base) ? end : ''))
		);
	}
	expect(described).toEqual(
		expect.arrayContaining([
			'galley_connections',
			'galley_rooms',
			'galley_documents',
			'galley_received_bytes_total',
			'galley_sent_bytes_total',
			'galley_updates_received_total',
			'galley_updates_stored_total',
			'galley_updates_refused_total',
			'galley_closed_total',
			'galley_commit_seconds',
			'galley_committed_rooms_total',
			'galley_queued_commits',
			'galley_conflicts_total',
			'galley_bus_connected',
			'galley_compactions_total',
			'process_cpu_seconds_total',
			'process_resident_memory_bytes',
			'nodejs_eventloop_lag_seconds'
		])
	);
	for (const secret of [id, 'secret', 'Olga', newsroom.owner.principal.split(':')[1]!])
		expect(text).not.toContain(secret);
});

test('counts go up when somebody joins, writes and is refused, and down when they leave', async () => {
	await expect.poll(async () => (await read()).galley_connections).toBe(0);
	const before = await read();
	const change = async (name: string) => ((await read())[name] ?? 0) - (before[name] ?? 0);
	const id = await newsroom.article();
	const room = layerRoom(id, 'shared');
	{
		using joined = join(newsroom, newsroom.owner, room);
		const saved = watchSaved(joined.provider);
		await joined.synced;
		put(joined.doc, annotationBy(newsroom.owner.principal));
		await saved.next(2);
		expect(await change('galley_connections')).toBe(1);
		expect(await change('galley_rooms')).toBeGreaterThanOrEqual(1);
		expect(await change('galley_documents')).toBe(1);
		expect(await change('galley_updates_received_total')).toBe(2);
		expect(await change('galley_updates_stored_total')).toBe(2);
		expect(await change('galley_commit_seconds_count')).toBeGreaterThanOrEqual(1);
		expect(await change('galley_commit_seconds_bucket{le="+Inf"}')).toBe(
			await change('galley_commit_seconds_count')
		);
		expect(await change('galley_commit_seconds_sum')).toBeGreaterThan(0);
		expect(await change('galley_committed_rooms_total')).toBeGreaterThanOrEqual(1);
		expect(await change('galley_received_bytes_total')).toBeGreaterThan(100);
		expect(await change('galley_sent_bytes_total')).toBeGreaterThan(0);
		expect((await read()).galley_queued_commits).toBe(0);
	}
	await expect.poll(() => change('galley_connections')).toBe(0);

	using forger = join(newsroom, await newsroom.person('annotator'), room);
	await forger.synced;
	put(forger.doc, annotationBy('user:somebody-else'));
	expect((await forger.closed).code).toBe(4403);
	await expect.poll(() => change('galley_updates_refused_total{rule="G3"}')).toBe(1);
	expect(await change('galley_closed_total{code="4403"}')).toBe(1);
	expect(await change('galley_updates_stored_total')).toBeLessThan(
		await change('galley_updates_received_total')
	);
});

test('without METRICS_TOKEN this machine alone is answered, and not what a proxy on it asks for others', async () => {
	for (const header of ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via', 'x-forwarded-host'])
		expect((await ask({ [header]: '203.0.113.7' })).status).toBe(404);
	expect((await ask()).status).toBe(200);
	// who comes from any other address is somebody else, and an address of this machine's network is one
	const { port } = new URL(newsroom.origin);
	const others = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
	for (const { address } of others.filter(({ internal, family }) => !internal && family === 'IPv4'))
		expect((await ask({}, { origin: `http://${address}:${port}` })).status).toBe(404);
});

test('with METRICS_TOKEN whoever shows it is answered, from anywhere, and nobody else', async () => {
	const token = 'a-token-for-prometheus';
	await using guarded = await startNewsroom({ METRICS_TOKEN: token });
	const status = async (headers: Record<string, string>) => (await ask(headers, guarded)).status;
	expect(await status({})).toBe(404);
	expect(await status({ authorization: `Bearer ${token}x` })).toBe(404);
	expect(await status({ authorization: token })).toBe(404);
	expect(await status({ authorization: `Bearer ${token}`, 'x-forwarded-for': '203.0.113.7' })).toBe(200);
	expect((await fetch(`${guarded.origin}/healthz`)).status).toBe(200);
});

/** A small, seeded part of `npm run torture`: what it is about stands with each in tests/torture/. */
import { expect, inject, test } from 'vitest';
import { coldJoin } from '../torture/cold-join.ts';
import { databaseAway } from '../torture/database-away.ts';
import { kills } from '../torture/kills.ts';
import { peersOnOne, peersOnSeveral } from '../torture/peers.ts';
import { onCluster, processKilled, redisAway } from '../torture/several.ts';
import { slowDisk } from '../torture/slow-disk.ts';

const seed = 20261122;

test('[S3] killed under load, it has everything that it broadcast or called saved', async () => {
	expect((await kills({ seed, count: 4 }, 'galley')).faults).toEqual([]);
});

test('[S3] killed under load with its embedded database, too', async () => {
	expect((await kills({ seed, count: 3 }, 'galley and database')).faults).toEqual([]);
});

test('[S6] PostgreSQL stopped and started under load: nothing is promised meanwhile, then work goes on by itself', async () => {
	expect((await databaseAway({ seed, count: 2 })).faults).toEqual([]);
});

test('[S1] [S7] on a slow disk nothing is shown before it is stored, and what waits is stored together', async () => {
	expect((await slowDisk({ seed, count: 1 })).faults).toEqual([]);
});

test('[R2] 200 clients that join a cold room at once cause one load, and all get all of it', async () => {
	expect((await coldJoin({ seed, count: 1 })).faults).toEqual([]);
});

test('[C1] [G13] random peers agree in the end, with drops, offline work and refusals between', async () => {
	expect((await peersOnOne({ seed, count: 1 }, 400)).faults).toEqual([]);
});

const redis = inject('redisServer');

test.skipIf(!redis)('[C1] [C3] three processes: random peers, Redis away, one killed', async () => {
	await onCluster(redis!, async (cluster) => {
		expect((await peersOnSeveral(cluster, { seed, count: 1 }, 400)).faults).toEqual([]);
		expect((await redisAway(cluster, { seed, count: 1, awayMs: 1000 })).faults).toEqual([]);
		expect((await processKilled(cluster, { seed, count: 2 })).faults).toEqual([]);
	});
});

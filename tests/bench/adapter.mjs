/**
 * Galley for a harness that measures Yjs sync servers side by side. Copy it to the harness's `adapters/galley.mjs`
 * (it must use the harness's own copy of yjs) and set GALLEY_DIR to this checkout, NODE_BIN to its Node.
 * Galley runs in a process namespace of its own, so that the processes of its embedded PostgreSQL are its children:
 * their time and memory are counted, and they end with it. That takes root.
 */
import fs from 'node:fs';
import path from 'node:path';
import * as Y from 'yjs';

const root = process.env.GALLEY_DIR;
if (!root) throw new Error('GALLEY_DIR: the checkout of Galley to measure.');

/** The line with the set-up token, once it has been written. */
async function setupToken(dir) {
	for (;;) {
		const token = /^setup: .*token=(\S+)$/m.exec(fs.readFileSync(path.join(dir, 'server.log'), 'utf8'))?.[1];
		if (token) return token;
		await new Promise((done) => setTimeout(done, 20));
	}
}

export default {
	name: 'galley',
	label: 'Galley',
	kind: 'ysync',
	persistent: true,
	server: ({ port, dir, node }) => ({
		cmd: 'unshare',
		args: ['--pid', '--fork', '--kill-child', node, path.join(root, 'server/main.ts')],
		cwd: root,
		env: { PORT: String(port), HOST: '127.0.0.1', DATA_DIR: dir, LOG_LEVEL: 'error' }
	}),
	/** A newsroom, and an article for each room. */
	prepare: async ({ port, dir, rooms }) => {
		const post = async (address, body, headers) => {
			const response = await fetch(`http://127.0.0.1:${port}/api/v1${address}`, {
				method: 'POST',
				headers: { 'content-type': 'application/json', ...headers },
				body: JSON.stringify(body)
			});
			if (!response.ok) throw new Error(`POST ${address}: ${await response.text()}`);
			return response.json();
		};
		const token = await setupToken(dir);
		const owner = { name: 'Olga', email: 'olga@example.org', password: 'correct horse battery' };
		const { userId, apiToken } = await post('/setup', { token, newsroom: 'The Ilm Courier', ...owner });
		const authorization = `Bearer ${apiToken}`;
		const names = [];
		while (names.length < rooms) {
			const { id } = await post(
				'/articles',
				{ title: 'Bench', text: 'The bridge stays closed.' },
				{ authorization }
			);
			names.push(`${id}/layers/shared`);
		}
		return { rooms: names, authorization, principal: `user:${userId}` };
	},
	url: ({ port, room }) => `ws://127.0.0.1:${port}/sync/${room}`,
	headers: ({ ctx }) => ({ Authorization: ctx.authorization }),
	providerUrl: ({ port }) => `ws://127.0.0.1:${port}/sync`,
	annotationKey: (id) => uuid(id),
	/** About 400 bytes, as a client of ours writes them. */
	annotation: ({ id, mark, ctx }) =>
		new Y.Map(
			Object.entries({
				id: uuid(id),
				creator: ctx.principal,
				created: new Date().toISOString(),
				motivation: 'commenting',
				body: `${mark} Who says so? The mayor, on the phone, on Monday evening; nobody else would.`,
				exact: 'The',
				prefix: '',
				suffix: ' bridge stays closed.',
				from: 0,
				to: 3,
				status: 'open'
			})
		)
};

const uuid = (id) => `00000000-0000-4000-8000-${id.toString(16).padStart(12, '0')}`;

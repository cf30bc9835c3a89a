/** Hocuspocus as its documentation shows it, with SQLite and every default kept. Runs in a process of its own. */
import { pathToFileURL } from 'node:url';

const { PACKAGES = '', DATABASE, PORT } = process.env;
const load = (path: string) => import(pathToFileURL(`${PACKAGES}/node_modules/@hocuspocus/${path}`).href);

const { Server } = await load('server/dist/hocuspocus-server.esm.js');
const { SQLite } = await load('extension-sqlite/dist/hocuspocus-sqlite.esm.js');
const extensions = [new SQLite({ database: DATABASE })];
await new Server({ port: Number(PORT), address: '127.0.0.1', quiet: true, extensions }).listen();

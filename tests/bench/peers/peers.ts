/** The servers that are measured side by side: how each is installed, started and spoken to. */
import { fileURLToPath } from 'node:url';
import type { Dialect } from './lean-client.ts';

export interface Peer {
	name: string;
	dialect: Dialect;
	/** a do-nothing relay is no sync server: what it takes is what cannot be done without */
	isFloor?: boolean;
	/** keeps rooms when it ends */
	persistent: boolean;
	/** what npm is to install for it, exactly; none: what we have already */
	packages?: { dependencies: Record<string, string>; overrides?: Record<string, string> };
	/** the version of Node that it needs; else it runs on ours */
	node?: string;
	/** the arguments of Node; `installed` is the folder of its packages, `data` an empty one of its own */
	start(at: { port: number; installed: string; data: string }): {
		args: string[];
		env: Record<string, string>;
	};
	pathOf(room: string): string;
}

const ours = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const YJS = '13.6.33';

export const GALLEY: Peer = {
	name: 'Galley',
	dialect: 'y-websocket',
	persistent: true,
	start: ({ port, data }) => ({
		args: [ours('../../../server/main.ts')],
		env: { PORT: String(port), HOST: '127.0.0.1', DATA_DIR: data, LOG_LEVEL: 'error' }
	}),
	pathOf: (room) => `/sync/${room}`
};

export const OTHERS: Peer[] = [
	{
		name: 'do-nothing relay',
		dialect: 'y-websocket',
		isFloor: true,
		persistent: false,
		start: ({ port }) => ({ args: [ours('../relay.ts')], env: { PORT: String(port) } }),
		pathOf: (room) => `/${room}`
	},
	{
		name: '@y/websocket-server 0.1.5, in memory',
		dialect: 'y-websocket',
		persistent: false,
		packages: {
			dependencies: { '@y/websocket-server': '0.1.5', yjs: '14.0.0-16' },
			// the version that it was written for; it does not install or start with newer ones
			overrides: { '@y/protocols': '1.0.6-1' }
		},
		start: ({ port, installed }) => ({
			args: [`${installed}/node_modules/@y/websocket-server/src/server.js`],
			env: { PORT: String(port), HOST: '127.0.0.1' }
		}),
		pathOf: (room) => `/${room}`
	},
	{
		name: '@y/websocket-server 0.1.1, LevelDB',
		dialect: 'y-websocket',
		persistent: true,
		packages: { dependencies: { '@y/websocket-server': '0.1.1', yjs: YJS, 'y-leveldb': '0.2.0' } },
		start: ({ port, installed, data }) => ({
			args: [`${installed}/node_modules/@y/websocket-server/src/server.js`],
			env: { PORT: String(port), HOST: '127.0.0.1', YPERSISTENCE: `${data}/level` }
		}),
		pathOf: (room) => `/${room}`
	},
	{
		name: 'Hocuspocus 4.7.0, SQLite',
		// on 24 its better-sqlite3 ends the process with a failed assertion as soon as statements are collected
		node: '22.23.3',
		dialect: 'hocuspocus',
		persistent: true,
		packages: {
			dependencies: {
				'@hocuspocus/server': '4.7.0',
				'@hocuspocus/extension-sqlite': '4.7.0',
				'@hocuspocus/extension-database': '4.7.0',
				'y-protocols': '1.0.7',
				yjs: YJS
			}
		},
		start: ({ port, installed, data }) => ({
			args: [ours('hocuspocus.ts')],
			env: { PORT: String(port), PACKAGES: installed, DATABASE: `${data}/hocuspocus.sqlite` }
		}),
		pathOf: () => '/'
	}
];

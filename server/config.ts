/** The environment → a typed configuration, with one clear line for each value that is wrong. */
import proxyAddress from 'proxy-addr';

/** How far one connection, person or room may go [R6]. Each is a setting of the same name. */
export interface Limits {
	/** bytes of one frame */
	maxFrameBytes: number;
	/** bytes of a room's encoded document */
	maxRoomBytes: number;
	/** frames a second on one connection, over some seconds */
	maxMessagesPerSecond: number;
	/** bytes of one client's presence, as JSON */
	maxPresenceBytes: number;
	maxConnectionsPerPerson: number;
	maxConnectionsPerAddress: number;
	/** bytes that a connection may leave unread */
	maxUnreadBytes: number;
}

export interface Config {
	port: number;
	/** undefined: every address of the machine */
	host: string | undefined;
	/** scheme://host[:port] that people reach us at; null: whatever the request says */
	origin: string | null;
	dataDir: string;
	/** null: the embedded PostgreSQL under dataDir */
	databaseUrl: string | null;
	/** where processes tell each other what has happened; null: this one is alone */
	redisUrl: string | null;
	/** whose X-Forwarded-For is believed: addresses, ranges and the names of proxy-addr */
	trustProxy: string[];
	limits: Limits;
	/** what a bearer of /metrics shows; null: it answers this machine alone */
	metricsToken: string | null;
	logLevel: string;
}

/** A setting that stops the start: the line to print. */
export class ConfigError extends Error {}

const MIB = 1024 * 1024;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** @throws {ConfigError} one line a wrong setting, each beginning with its name */
export function readConfig(env: Record<string, string | undefined>): Config {
	const wrong: string[] = [];
	const read = <T>(
		name: string,
		fallback: T,
		parse: (value: string) => T | undefined,
		expected: string
	): T => {
		const value = env[name]?.trim();
		if (!value) return fallback;
		const parsed = parse(value);
		if (parsed === undefined) wrong.push(`${name}: ${expected}, not "${value}"`);
		return parsed ?? fallback;
	};
	const readCount = (name: string, fallback: number) =>
		read(name, fallback, parseCount, 'a whole number from 1');
	const config: Config = {
		port: read('PORT', 3000, parsePort, 'a port number from 0 to 65535'),
		host: read<string | undefined>('HOST', undefined, (value) => value, 'an address'),
		origin: read<string | null>(
			'ORIGIN',
			null,
			parseOrigin,
			'an address like https://galley.example.org, without a path'
		),
		dataDir: read('DATA_DIR', './data', (value) => value, 'a folder'),
		databaseUrl: read<string | null>(
			'DATABASE_URL',
			null,
			parseDatabaseUrl,
			'an address like postgresql://user@host/database'
		),
		redisUrl: read<string | null>('REDIS_URL', null, parseRedisUrl, 'an address like redis://host:6379'),
		trustProxy: read<string[]>(
			'TRUST_PROXY',
			[],
			parseTrustProxy,
			'addresses or ranges like 10.0.0.0/8, or loopback, linklocal, uniquelocal, separated by commas'
		),
		limits: {
			maxFrameBytes: readCount('MAX_FRAME_BYTES', 16 * MIB),
			maxRoomBytes: readCount('MAX_ROOM_BYTES', 64 * MIB),
			maxMessagesPerSecond: readCount('MAX_MESSAGES_PER_SECOND', 4000),
			maxPresenceBytes: readCount('MAX_PRESENCE_BYTES', 4096),
			maxConnectionsPerPerson: readCount('MAX_CONNECTIONS_PER_PERSON', 2000),
			maxConnectionsPerAddress: readCount('MAX_CONNECTIONS_PER_ADDRESS', 10_000),
			maxUnreadBytes: readCount('MAX_UNREAD_BYTES', 32 * MIB)
		},
		metricsToken: read<string | null>(
			'METRICS_TOKEN',
			null,
			(value) => (/^[!-~]{16,}$/.test(value) ? value : undefined),
			'at least 16 characters without spaces'
		),
		logLevel: read(
			'LOG_LEVEL',
			'info',
			(value) => (LOG_LEVELS.includes(value) ? value : undefined),
			`one of ${LOG_LEVELS.join(', ')}`
		)
	};
	if (config.redisUrl && !config.databaseUrl)
		wrong.push('REDIS_URL: several processes share a database, so DATABASE_URL is needed too');
	if (wrong.length > 0) throw new ConfigError(wrong.join('\n'));
	return config;
}

function parsePort(value: string): number | undefined {
	const port = Number(value);
	return /^\d+$/.test(value) && port <= 65_535 ? port : undefined;
}

function parseCount(value: string): number | undefined {
	return /^[1-9]\d{0,14}$/.test(value) ? Number(value) : undefined;
}

function parseTrustProxy(value: string): string[] | undefined {
	const ranges = value.split(',').map((range) => range.trim());
	try {
		proxyAddress.compile(ranges);
		return ranges;
	} catch {
		return undefined;
	}
}

function parseRedisUrl(value: string): string | undefined {
	return ['redis:', 'rediss:'].includes(URL.parse(value)?.protocol ?? '') ? value : undefined;
}

function parseOrigin(value: string): string | undefined {
	const url = URL.parse(value);
	if (!url || !['http:', 'https:'].includes(url.protocol)) return undefined;
	return url.pathname === '/' && !url.search && !url.hash && !url.username ? url.origin : undefined;
}

function parseDatabaseUrl(value: string): string | undefined {
	return ['postgres:', 'postgresql:'].includes(URL.parse(value)?.protocol ?? '') ? value : undefined;
}

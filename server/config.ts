/** The environment → a typed configuration, with one clear line for each value that is wrong. */

export interface Config {
	port: number;
	/** undefined: every address of the machine */
	host: string | undefined;
	/** scheme://host[:port] that people reach us at; null: whatever the request says */
	origin: string | null;
	dataDir: string;
	/** null: the embedded PostgreSQL under dataDir */
	databaseUrl: string | null;
	logLevel: string;
}

/** A setting that stops the start: the line to print. */
export class ConfigError extends Error {}

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
		logLevel: read(
			'LOG_LEVEL',
			'info',
			(value) => (LOG_LEVELS.includes(value) ? value : undefined),
			`one of ${LOG_LEVELS.join(', ')}`
		)
	};
	if (env.REDIS_URL?.trim()) wrong.push('REDIS_URL: this version runs as one process; leave it out');
	if (wrong.length > 0) throw new ConfigError(wrong.join('\n'));
	return config;
}

function parsePort(value: string): number | undefined {
	const port = Number(value);
	return /^\d+$/.test(value) && port <= 65_535 ? port : undefined;
}

function parseOrigin(value: string): string | undefined {
	const url = URL.parse(value);
	if (!url || !['http:', 'https:'].includes(url.protocol)) return undefined;
	return url.pathname === '/' && !url.search && !url.hash && !url.username ? url.origin : undefined;
}

function parseDatabaseUrl(value: string): string | undefined {
	return ['postgres:', 'postgresql:'].includes(URL.parse(value)?.protocol ?? '') ? value : undefined;
}

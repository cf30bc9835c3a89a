import { expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../server/config.ts';

const MIB = 1024 * 1024;

test('without settings there are defaults', () => {
	expect(readConfig({})).toEqual({
		port: 3000,
		host: undefined,
		origin: null,
		dataDir: './data',
		databaseUrl: null,
		redisUrl: null,
		trustProxy: [],
		limits: {
			maxFrameBytes: 16 * MIB,
			maxRoomBytes: 64 * MIB,
			maxMessagesPerSecond: 4000,
			maxPresenceBytes: 4096,
			maxConnectionsPerPerson: 2000,
			maxConnectionsPerAddress: 10_000,
			maxUnreadBytes: 32 * MIB
		},
		metricsToken: null,
		logLevel: 'info'
	});
});

test.each<[string, string]>([
	['PORT', 'http'],
	['PORT', '65536'],
	['PORT', '-1'],
	['ORIGIN', 'galley.example.org'],
	['ORIGIN', 'https://galley.example.org/path'],
	['ORIGIN', 'ftp://galley.example.org'],
	['DATABASE_URL', 'mysql://localhost/galley'],
	['LOG_LEVEL', 'loud'],
	['REDIS_URL', 'redis://localhost'],
	['TRUST_PROXY', 'the balancer'],
	['MAX_FRAME_BYTES', '0'],
	['METRICS_TOKEN', 'short']
])('a setting that is wrong is named in one line: %s=%s', (name, value) => {
	const read = () => readConfig({ [name]: value });
	expect(read).toThrow(ConfigError);
	expect(read).toThrow(new RegExp(`^${name}: [^\\n]+$`));
});

test('each wrong setting has its line', () => {
	expect(() => readConfig({ PORT: 'x', LOG_LEVEL: 'y' })).toThrow(/^PORT: .*\nLOG_LEVEL: .*$/);
});

test('an origin with a slash at its end is the same origin', () => {
	expect(readConfig({ ORIGIN: 'https://galley.example.org/' }).origin).toBe('https://galley.example.org');
});

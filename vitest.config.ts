import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const integration = (name: string, database: 'embedded' | 'outside') => ({
	test: {
		name,
		include: ['tests/server/**/*.test.ts'],
		exclude: ['tests/server/**/*.unit.test.ts'],
		globalSetup: [
			`tests/support/${database}-database.ts`,
			'tests/support/redis.ts',
			'tests/support/built-pages.ts'
		],
		testTimeout: 60_000,
		hookTimeout: 120_000
	}
});

export default defineConfig({
	test: {
		maxWorkers: 2,
		reporters: ['default', './tests/support/closing-line.ts'],
		projects: [
			{
				plugins: [svelte()],
				test: {
					name: 'unit',
					testTimeout: 30_000,
					include: [
						'tests/*.test.ts',
						'tests/{domain,ydoc,editor,live,components}/**/*.test.ts',
						'tests/server/**/*.unit.test.ts'
					]
				}
			},
			integration('integration', 'embedded'),
			// the same tests on a PostgreSQL server of one's own
			...(process.env.TEST_DATABASE_URL ? [integration('outside database', 'outside')] : []),
			{
				test: {
					name: 'browser',
					include: ['tests/e2e/**/*.test.ts'],
					globalSetup: [
						'tests/support/embedded-database.ts',
						'tests/support/built-pages.ts',
						'tests/support/chromium.ts'
					],
					testTimeout: 120_000,
					hookTimeout: 120_000
				}
			}
		]
	}
});

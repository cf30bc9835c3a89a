import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** What asks most of the database: it has to do the same on a PostgreSQL server of one's own, and of another version. */
const ON_ANY_SERVER = '{storage,notices,rights,backup,api/{sets,history,reading,article-list,labels}}';

const integration = (name: string, database: 'embedded' | 'outside', files: string) => ({
	test: {
		name,
		include: [`tests/server/${files}.test.ts`],
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
			integration('integration', 'embedded', '**/*'),
			...(process.env.TEST_DATABASE_URL ? [integration('outside database', 'outside', ON_ANY_SERVER)] : []),
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

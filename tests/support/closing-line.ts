/** The last line of a run: `N passed, N failed`, with what was left out said plainly. */
import type { Reporter, TestModule } from 'vitest/node';

export default class ClosingLine implements Reporter {
	onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
		let passed = 0;
		let failed = errors.length;
		for (const module of modules) {
			failed += module.errors().length;
			for (const test of module.children.allTests()) {
				const { state } = test.result();
				if (state === 'passed') passed++;
				else if (state === 'failed') failed++;
			}
		}
		setImmediate(() => {
			if (!process.env.TEST_DATABASE_URL)
				console.log('Left out: the tests on an outside PostgreSQL server (TEST_DATABASE_URL is not set).');
			const hasLooked = modules.some(({ project }) => project.name === 'integration');
			if (hasLooked && !process.env.TEST_REDIS_URL)
				console.log(
					'Left out: the tests of several processes (TEST_REDIS_URL is not set, and there is no redis-server to start).'
				);
			console.log(`${passed} passed, ${failed} failed`);
		});
	}
}

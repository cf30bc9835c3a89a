/** The PostgreSQL server of TEST_DATABASE_URL; each newsroom gets a database of its own on it. */
import type { TestProject } from 'vitest/node';

export default function setup(project: TestProject) {
	project.provide('databaseServer', process.env.TEST_DATABASE_URL!);
}

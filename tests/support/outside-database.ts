/** The PostgreSQL server of TEST_DATABASE_URL; each newsroom gets a database of its own on it. */
import type { TestProject } from 'vitest/node';
import { provideDatabases } from './database.ts';

export default (project: TestProject) => provideDatabases(project, process.env.TEST_DATABASE_URL!);

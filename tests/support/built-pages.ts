/** The pages are built once for all tests that start Galley. */
import { fileURLToPath } from 'node:url';
import { buildWhenNeeded } from '../../server/build.ts';

export default () => buildWhenNeeded(fileURLToPath(new URL('../..', import.meta.url)));

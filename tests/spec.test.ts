/** Each rule of server/SPEC.md is shown by a test that carries its number. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const rules = [...readFileSync(join(ROOT, 'server/SPEC.md'), 'utf8').matchAll(/^- ([RSGC]\d+) /gm)].map(
	([, rule]) => rule!
);
/** What stands in brackets at the beginning of titles: `[G13]`, `[C2] [G10]`, `[C3, S6]`. */
const shown = new Set(
	globSync('tests/**/*.test.ts', { cwd: ROOT })
		.flatMap((file) => [
			...readFileSync(join(ROOT, file), 'utf8').matchAll(/['"`][^'"`\n]*?\[([RSGC]\d[^\]]*)\]/g)
		])
		.flatMap(([, rules]) => rules!.match(/[RSGC]\d+/g) ?? [])
);

test('the rules are read at all', () => expect(rules.length).toBeGreaterThanOrEqual(35));

test.each(rules)('rule %s is shown by a test that carries its number', (rule) =>
	expect(shown).toContain(rule)
);

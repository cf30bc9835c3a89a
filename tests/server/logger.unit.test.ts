import { expect, test } from 'vitest';
import { describeError } from '../../server/logger.ts';

test('an error in the log says what it is, where it came from and why, and quotes no row', () => {
	const row = 'Failing row contains (…, {"body": "The source is the minister"})';
	const cause = Object.assign(new Error('new row violates check constraint "one"'), {
		code: '23514',
		detail: row,
		where: row
	});
	const error = Object.assign(new TypeError('The commit was not stored.', { cause }), { update: row });
	expect(describeError(error)).toEqual({
		type: 'TypeError',
		message: 'The commit was not stored.',
		stack: expect.stringContaining('logger.unit.test.ts'),
		cause: {
			type: 'Error',
			code: '23514',
			message: 'new row violates check constraint "one"',
			stack: expect.any(String)
		}
	});
	expect(describeError(row)).toBe('string');
});

import { expect, test } from 'vitest';
import { fault, faultsIn } from '../../src/lib/components/form.ts';
import { Problem } from '../../src/lib/live/api.ts';

const fine = { valueMissing: false, typeMismatch: false, tooShort: false, tooLong: false };
const limits = { min: 10, max: 128 };
const said = { status: 422, title: 'Unprocessable Entity', detail: 'It is too long.' };

test('a field says in words what is wrong with it', () => {
	expect(fault({ ...fine, valueMissing: true }, 'Your name', 'text', limits)).toBe('Your name is needed.');
	expect(fault({ ...fine, tooShort: true }, 'Password', 'password', limits)).toContain('at least 10');
	expect(fault({ ...fine, tooLong: true }, 'Password', 'password', limits)).toContain('at most 128');
	expect(fault({ ...fine, typeMismatch: true }, 'E-mail', 'email', limits)).toContain('e-mail address');
	expect(fault({ ...fine, typeMismatch: true }, 'Address', 'url', limits)).toContain('https://');
});

test('what the API finds stands beside its field, wherever in the body that is', () => {
	const problem = new Problem({ ...said, field: 'source.url' });
	expect(faultsIn(problem, ['text', 'url'])).toEqual(new Map([['url', 'It is too long.']]));
	expect(faultsIn(problem, ['text'])).toEqual(new Map());
	expect(faultsIn(new Problem(said), ['text'])).toEqual(new Map());
});

test('several faults at once stand each beside its own', () => {
	const errors = [
		{ field: 'email', detail: 'Invalid email address' },
		{ field: 'name', detail: 'Too short' },
		{ field: 'token', detail: 'Missing' }
	];
	const problem = new Problem({ ...said, field: 'email', errors });
	expect([...faultsIn(problem, ['name', 'email']).keys()]).toEqual(['email', 'name']);
});

test('in a list, each fault stands beside the field of its own row', () => {
	const errors = [{ field: 'items.1.name', detail: 'Two are called so.' }];
	const problem = new Problem({ ...said, errors });
	expect(faultsIn(problem, ['items.0.name', 'items.1.name'])).toEqual(
		new Map([['items.1.name', 'Two are called so.']])
	);
});

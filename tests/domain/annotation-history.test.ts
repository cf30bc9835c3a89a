import { expect, test } from 'vitest';
import { tellHistory, type LoggedChange } from '../../src/lib/domain/annotation-history.ts';

const ANN = { principal: 'user:ann', name: 'Ann' };
const NAMES = {
	nameOf: (principal: string) => ({ 'user:ann': 'Ann', 'user:edith': 'Edith' })[principal] ?? 'Somebody',
	labelName: (id: string) => ({ legal: 'Legal', style: 'Style' })[id] ?? id
};
const change = (key: string, before: unknown, after: unknown): LoggedChange => ({
	at: '2026-11-22T10:00:00.000Z',
	by: ANN,
	key,
	before,
	after
});
const told = (...changes: LoggedChange[]) => tellHistory(changes, NAMES).map(({ did }) => did);

test.each<[unknown, unknown, unknown, string]>([
	['annotation', null, { motivation: 'commenting', body: 'Who?' }, 'wrote this'],
	['annotation', null, { motivation: 'highlighting' }, 'highlighted the passage'],
	['annotation', null, { motivation: 'questioning', body: 'Who?' }, 'asked this'],
	['annotation', null, { motivation: 'commenting', importedFrom: 'a.json' }, 'imported it'],
	['label', null, 'legal', 'set the label to Legal'],
	['label', 'legal', 'style', 'changed the label from Legal to Style'],
	['label', 'gone', null, 'removed the label gone'],
	['status', 'resolved', 'open', 'reopened it'],
	['assignee', null, 'user:edith', 'assigned it to Edith'],
	['assignee', 'user:edith', 'user:ann', 'took it over'],
	['assignee', 'user:ann', null, 'gave it back'],
	['assignee', 'user:edith', null, 'took it off Edith'],
	['tags', ['a', 'b'], ['b', 'c', 'd'], 'added the tags “c”, “d” and removed the tag “a”'],
	['deleted', null, { by: 'user:ann' }, 'deleted it'],
	['deleted', { by: 'user:ann' }, null, 'brought it back'],
	['exact', 'old', 'new', 'attached it to “new”'],
	['reactions user:ann 👍', null, true, 'reacted with 👍'],
	['reactions user:ann 👍', true, null, 'took back 👍']
])('%s from %j to %j', (key, before, after, sentence) => {
	expect(told(change(key as string, before, after))).toEqual([sentence]);
});

test('what changes together is one sentence', () => {
	expect(
		told(
			change('status', 'open', 'resolved'),
			change('resolution', null, { by: 'user:ann', at: '', reason: 'Corrected' })
		)
	).toEqual(['resolved it: Corrected']);
	expect(
		told(change('resolution', null, { by: 'user:ann', at: '' }), change('status', 'open', 'resolved'))
	).toEqual(['resolved it']);
});

test('of two who resolve it at the same moment both are named, with their reasons', () => {
	const reason = (by: string, reason?: string) => ({ by, at: '', reason });
	const edith = { principal: 'user:edith', name: 'Edith' };
	const first = [
		change('status', 'open', 'resolved'),
		change('resolution', null, reason('user:ann', 'Corrected'))
	];
	const second = {
		...change('resolution', reason('user:ann', 'Corrected'), reason('user:edith')),
		by: edith
	};
	expect(told(...first, second)).toEqual(['resolved it: Corrected', 'resolved it too']);
	const reopened = [change('status', 'resolved', 'open'), change('resolution', reason('user:edith'), null)];
	expect(told(...first, second, ...reopened).slice(2)).toEqual(['reopened it']);
});

test('changed words come with what they were', () => {
	const [edit, ...more] = tellHistory(
		[change('body', 'Who says?', 'Who says so?'), change('modified', null, '2026-11-22T10:00:00.000Z')],
		NAMES
	);
	expect(more).toEqual([]);
	expect(edit).toEqual({
		at: '2026-11-22T10:00:00.000Z',
		by: ANN,
		did: 'changed the words',
		words: { before: 'Who says?', after: 'Who says so?' }
	});
});

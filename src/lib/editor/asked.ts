/** What is asked for while somebody writes: a person after `@`, an emoji after `:`. */
import type { EditorState } from '@tiptap/pm/state';

export interface Asked {
	sign: '@' | ':';
	query: string;
	/** positions of the sign and of the caret */
	from: number;
	to: number;
}

/** Names have spaces; `10:30` and `a@b` ask for nothing. */
const PERSON = /(?:^|[\s([{"'“‘—–/])@([\p{L}\p{N}.'’_-]{0,30}(?: [\p{L}\p{N}.'’-]{1,30}){0,3})$/u;
const EMOJI = /(?:^|[\s([{"'“‘—–/])(?::([\p{L}_+-][\p{L}\p{N}_+-]{1,20}))$/u;
const ANY_EMOJI = /:([\p{L}\p{N}_+-]{0,20})$/u;

/** @param wanted position of a sign that a button has put there: then nothing need stand after it */
export function askedAt({ selection, doc }: EditorState, wanted: number | null): Asked | null {
	const { $from, empty, from: to } = selection;
	const code = $from.parent.type.spec.code || $from.marks().some(({ type }) => type.name === 'code');
	if (!empty || !$from.parent.isTextblock || code) return null;
	const words = $from.parent.textBetween(
		Math.max(0, $from.parentOffset - 100),
		$from.parentOffset,
		'',
		'\ufffc'
	);
	const person = PERSON.exec(words)?.[1];
	if (person !== undefined) return { sign: '@', query: person, from: to - person.length - 1, to };
	const emoji = EMOJI.exec(words)?.[1] ?? ANY_EMOJI.exec(words)?.[1];
	if (emoji === undefined) return null;
	const from = to - emoji.length - 1;
	const asks = EMOJI.test(words) || (from === wanted && doc.textBetween(from, from + 1) === ':');
	return asks ? { sign: ':', query: emoji, from, to } : null;
}

/** Why the server has refused what somebody did, in a sentence for them. Pure. */
import { CLOSE } from '../domain/close-codes.ts';

const BY_CODE: Record<number, string> = {
	[CLOSE.finished]: 'The article was finished before this could be saved.',
	[CLOSE.documentTooLarge]: 'The article holds as many comments as it can.',
	[CLOSE.frameTooLarge]: 'It is too large to be sent.'
};
/** by the rule (RULES.md) and, where that says more, by the key */
const BY_RULE: Record<string, string> = {
	G2: 'You may read this article now, and no longer write in it.',
	G6: 'Only its writer or an editor deletes this.',
	'G3 created': 'The clock of your machine was ahead: try again.'
};
const NOT_ALLOWED = 'You may no longer do this here.';

/** @param reason as the socket was closed with it: `<rule> <annotation> <key>` */
export function whyRefused(code: number, reason: string): string {
	const [rule = '', , key = ''] = reason.split(' ');
	return BY_CODE[code] ?? BY_RULE[`${rule} ${key}`] ?? BY_RULE[rule] ?? NOT_ALLOWED;
}

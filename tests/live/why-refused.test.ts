import { expect, test } from 'vitest';
import { CLOSE } from '../../src/lib/domain/close-codes.ts';
import { whyRefused } from '../../src/lib/live/why-refused.ts';

const A = '4f6e0c4e-3a51-4d0c-9a53-6f7a3f1c8b11';

test.each<[code: number, reason: string, why: RegExp]>([
	[CLOSE.finished, 'G12 finished', /finished/],
	[CLOSE.documentTooLarge, 'room too large', /as many comments as it can/],
	[CLOSE.frameTooLarge, 'frame too large', /too large to be sent/],
	[CLOSE.notAllowed, `G2 ${A} id`, /no longer write/],
	[CLOSE.notAllowed, `G3 ${A} created`, /clock/],
	[CLOSE.notAllowed, `G3 ${A} creator`, /no longer do this/],
	[CLOSE.notAllowed, `G6 ${A} deleted`, /writer or an editor/],
	[CLOSE.notAllowed, `G7 ${A} status`, /no longer do this/],
	[CLOSE.undecodable, '', /no longer do this/]
])('[G13] %i, “%s”', (code, reason, why) => expect(whyRefused(code, reason)).toMatch(why));

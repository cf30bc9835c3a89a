/** Who somebody is: a user of the newsroom or a guest of a review link. */
export type Principal = `user:${string}` | `guest:${string}`;

/** What the server writes for itself in a room: article.status, people. */
export const SERVER = 'server';

export const isPrincipal = (value: unknown): value is Principal =>
	typeof value === 'string' && value.length <= 100 && /^(user|guest):[\w-]+$/.test(value);

/** What others see of a person; `color` is #rrggbb. */
export interface Person {
	name: string;
	color: string;
}
export type People = Record<string, Person>;

// Each has a contrast of at least 4.5 on white, so that a name can be set in it.
const COLORS = [
	'#b3261e',
	'#9a4a00',
	'#7a5c00',
	'#3d6b1f',
	'#006a5b',
	'#00658f',
	'#2456c9',
	'#5b45c2',
	'#8a2fa8',
	'#a8246b',
	'#5f5a4f',
	'#3f5d75'
];

/** The same colour for the same person everywhere (FNV-1a over the principal). */
export function colorOf(principal: string): string {
	let hash = 0x811c9dc5;
	for (let i = 0; i < principal.length; i++) hash = Math.imul(hash ^ principal.charCodeAt(i), 0x01000193);
	return COLORS[(hash >>> 0) % COLORS.length]!;
}

/** Reactions to one annotation: emoji → principals, in the order of the room. */
export type Reactions = Readonly<Record<string, readonly string[]>>;

/** What is offered first; any emoji will do. */
export const FIRST_REACTIONS = [
	{ emoji: '👍', name: 'Thumbs up' },
	{ emoji: '👀', name: 'Eyes' },
	{ emoji: '✅', name: 'Check mark' },
	{ emoji: '❤️', name: 'Heart' },
	{ emoji: '😂', name: 'Tears of joy' },
	{ emoji: '🎉', name: 'Party' },
	{ emoji: '❓', name: 'Question mark' }
] as const;

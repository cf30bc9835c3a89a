/** Reactions to one annotation: emoji → principals, in the order of the room. */
export type Reactions = Readonly<Record<string, readonly string[]>>;

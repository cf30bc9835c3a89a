/** Why the server ends a sync connection (RULES.md, "Close codes"). Providers stop for good on 4400–4499. */
export const CLOSE = {
	/** a frame that cannot be decoded */
	undecodable: 4400,
	/** nobody is known: sign in first */
	signIn: 4401,
	/** a change that is not allowed, or an access that was taken away */
	notAllowed: 4403,
	/** no such room, or not yours to know */
	noSuchRoom: 4404,
	/** content sent to a finished article */
	finished: 4409,
	/** the document would become too large */
	documentTooLarge: 4413,
	/** the page is of another schema version: reload it */
	reload: 4426,
	/** a frame over the size limit (the WebSocket library closes with it) */
	frameTooLarge: 1009,
	/** the server restarts: come again */
	restarting: 1012,
	/** cannot save now, or the client reads too slowly: come again */
	tryLater: 1013,
	/** too many connections or messages: come again later */
	tooMany: 4529
} as const;

/** The version of the article schema that a page speaks (`?v=`). */
export const SCHEMA_VERSION = '1';

/** A reason is ASCII of at most 123 bytes; `ws` throws above that. */
export const closeReason = (reason: string): string => reason.replace(/[^\x20-\x7e]/g, '?').slice(0, 123);

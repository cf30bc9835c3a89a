/**
 * The one object that the process (server/) and the built pages share. Each loads its own copy of every module, so
 * nothing else is shared through memory.
 */
import type { Logger } from 'pino';
import type { Annotation } from '../domain/annotation.ts';
import type { Change } from '../domain/change.ts';
import type { People } from '../domain/principal.ts';
import type { Actor } from '../domain/policy.ts';
import type { Range } from '../domain/selector.ts';
import type { Auth } from './auth.ts';
import type { Database } from './database.ts';

export interface Runtime {
	db: Database;
	auth: Auth;
	rooms: LiveRooms;
	log: Logger;
	/** scheme://host[:port] that people reach us at; null: whatever the request says */
	origin: string | null;
	/** whether the database answers: /readyz. Without Redis work goes on [C3], so no balancer is to take a process out for it */
	ready(): Promise<boolean>;
}

/** What the layer says, as stored. */
export interface LayerContent {
	annotations: Annotation[];
	people: People;
	reactions: Record<string, Record<string, string[]>>;
}

/** A layer as a finished set takes it in, with its text. */
export interface DescribedLayer {
	text: string;
	layer: string;
	hash: string;
	/** JSON arrays of SetAnnotation with `index`, some hundred in each: strings pass quickly from thread to thread */
	annotations: string[];
	/** everybody whom it names, once */
	principals: string[];
	/** what finishing is refused for */
	openThreads: Pick<Annotation, 'id' | 'creator' | 'exact' | 'body'>[];
}

/** Whose connections are to be looked at again [G14]. */
export interface Whom {
	principal?: string;
	sessionId?: string;
	linkId?: string;
	articleId?: string;
}

/** The open rooms, as the services see them. What is read is stored [S1]; what is written has been stored on return. */
export interface LiveRooms {
	readText(articleId: string): Promise<string>;
	/** The text, and where these annotations stand in it now; null: an orphan, or a note on the whole article. */
	readPlaces(
		articleId: string,
		annotations: Annotation[]
	): Promise<{ text: string; places: Map<string, Range | null> }>;
	readLayer(articleId: string, layer: string): Promise<LayerContent>;
	/**
	 * Text and layer exactly as they are on disk, read and described aside from the open rooms: what must see every append
	 * before it, such as finishing, asks here.
	 */
	describeStored(articleId: string, layer: string): Promise<DescribedLayer>;
	/**
	 * Makes changes in a layer under the actor's own name [G10]; all or none.
	 * @throws {AppError} refused: policy says no · finished · stale: a change's `before` does not hold any more
	 */
	change(articleId: string, layer: string, actor: Actor, changes: Change[]): Promise<void>;
	/** Encoded relative positions of a range of the plain text, in UTF-16 units. */
	anchor(articleId: string, range: Range): Promise<{ start: Uint8Array; end: Uint8Array } | null>;
	/** Brings the text room's `article` map, and the connections of the article, up to the database's row. */
	articleChanged(articleId: string): Promise<void>;
	/** Asks again who these connections are and what they may; closes those that may no longer. */
	recheck(whom: Whom): Promise<void>;
}

const KEY = Symbol.for('galley.runtime');
const shared = globalThis as { [KEY]?: Runtime };

export const setRuntime = (runtime: Runtime): void => {
	shared[KEY] = runtime;
};

/** @throws when the process has not started the runtime: a page was loaded by something other than server/ */
export function getRuntime(): Runtime {
	const runtime = shared[KEY];
	if (!runtime) throw new Error('The runtime is not started: run Galley with server/main.ts.');
	return runtime;
}

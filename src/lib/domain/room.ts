/** Addresses of rooms: `<articleId>/text` and `<articleId>/layers/<layer>`. */
import { isUuid } from './annotation.ts';

/** The layer that every article has. */
export const SHARED = 'shared';

export type RoomAddress = { articleId: string } & ({ kind: 'text' } | { kind: 'layer'; layer: string });

export const textRoom = (articleId: string) => `${articleId}/text`;
export const layerRoom = (articleId: string, layer: string) => `${articleId}/layers/${layer}`;

/** The address in a room's name, or null when it is none. */
export function parseRoom(name: string): RoomAddress | null {
	const [articleId, kind, layer, ...rest] = name.split('/');
	if (!isUuid(articleId) || rest.length > 0) return null;
	if (kind === 'text' && layer === undefined) return { articleId, kind };
	if (kind === 'layers' && layer !== undefined && /^[a-z0-9-]{1,40}$/.test(layer))
		return { articleId, kind: 'layer', layer };
	return null;
}

/** What the text room says of its article, written by the server alone. */
export interface ArticleState {
	title: string;
	status: 'open' | 'finished';
	version: number;
	textLocked: boolean;
}

/** Who can see what is written of an article: whom one may mention, and give a thread to. */
import { isPrincipal, type Principal } from '../domain/principal.ts';
import { SHARED } from '../domain/room.ts';
import { api } from './api.ts';
import type { Workspace } from './workspace.svelte.ts';

export interface ArticlePerson {
	principal: Principal;
	name: string;
	/** a role of the newsroom, or `guest`; absent while the server has not said it */
	role?: string;
}

const asked = new WeakMap<Workspace, Promise<ArticlePerson[]>>();

/** By name. Asked once a visit; where no answer comes, those that this page knows, and it is asked again next time. */
export async function articlePeople(workspace: Workspace): Promise<ArticlePerson[]> {
	const path = `/articles/${workspace.articleId}/people?layer=${SHARED}`;
	const answer =
		asked.get(workspace) ??
		api<{ items: ArticlePerson[] }>(fetch, 'GET', path).then(({ items }) => {
			workspace.told = Object.fromEntries(items.map(({ principal, name }) => [principal, name]));
			return items;
		});
	asked.set(workspace, answer);
	const told = await answer.catch((): ArticlePerson[] => {
		asked.delete(workspace);
		return [];
	});
	const people = new Map([...knownTo(workspace), ...told].map((person) => [person.principal, person]));
	return [...people.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** Whom one may mention: everybody but oneself. */
export const mentionable = async (workspace: Workspace): Promise<ArticlePerson[]> =>
	(await articlePeople(workspace)).filter(({ principal }) => principal !== workspace.actor.principal);

/** Oneself, those who have written here, and those who are here now (a guest may have come since). */
function knownTo({ actor, layer, text }: Workspace): ArticlePerson[] {
	const written = Object.entries(layer.people).flatMap(([principal, { name }]) =>
		isPrincipal(principal) ? { principal, name } : []
	);
	const here = text.presence.people.map(({ principal, name }) => ({ principal, name }));
	return [...written, ...here, { principal: actor.principal, name: actor.name }];
}

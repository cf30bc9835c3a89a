/** What can be done with the article as a whole and where one can go from it, for the palette. */
import { may, type Actor } from '#lib/domain/policy.ts';
import { exportHref, FORMATS } from '../../export-formats.ts';
import type { Entry } from './palette.ts';

interface Page {
	articleId: string;
	actor: Actor;
	finished: boolean;
	share: () => void;
	finish: () => void;
}

export function pageCommands({ articleId, actor, finished, share, finish }: Page): Entry[] {
	const finishes = may(actor, 'finish article', articleId);
	const command = (name: string, run: () => void): Entry => ({ id: name, name, group: 'Do', run });
	const place = (name: string, path: string) => command(`Go to ${name}`, () => follow(path));
	return [
		...(may(actor, 'make links', articleId) ? [command('Share the article', share)] : []),
		...(finishes ? [command(finished ? 'Reopen the article' : 'Finish the article', finish)] : []),
		...FORMATS.map(({ id, label }) =>
			command(`Export as ${label}`, () => follow(exportHref(`/articles/${articleId}`, id), true))
		),
		...(actor.kind === 'member' ? [place('articles', '/articles')] : []),
		...(may(actor, 'list labels') ? [place('labels', '/labels')] : []),
		...(may(actor, 'manage people') ? [place('people', '/people')] : [])
	];
}

/** As a click on a link would: the router and the browser's downloads do the rest. */
function follow(href: string, download = false): void {
	const link = document.createElement('a');
	link.href = href;
	if (download) link.download = '';
	document.body.append(link);
	link.click();
	link.remove();
}

/** Keeps the labels of an open article those of its newsroom: asked for again now and then, and where one turns up unknown. */
import { untrack } from 'svelte';
import { findLabel } from '../domain/labels.ts';
import { api, type ArticleJson } from './api.ts';
import type { Workspace } from './workspace.svelte.ts';

/** ms: labels change seldom */
const EVERY = 60_000;

/** @returns stops it */
export function followLabels(workspace: Workspace): () => void {
	const { articleId, actor } = workspace;
	const path = `/articles/${articleId}${actor.kind === 'guest' ? `?as=${encodeURIComponent(actor.principal)}` : ''}`;
	/** those that the server does not know either: an import may name any */
	const unknown = new Set<string>();

	async function ask() {
		if (document.hidden || workspace.gone) return;
		const now = await api<ArticleJson>(fetch, 'GET', path).catch(() => null);
		if (!now) return;
		const said = ({ labels, pastLabels }: Pick<ArticleJson, 'labels' | 'pastLabels'>) =>
			JSON.stringify([labels, pastLabels]);
		// what has not changed is not drawn anew
		if (said(now) !== said(workspace))
			[workspace.labels, workspace.pastLabels] = [now.labels, now.pastLabels];
	}

	const stop = $effect.root(() => {
		$effect(() => {
			const missing = workspace.layer.annotations.flatMap(({ label }) =>
				label && !unknown.has(label) && !findLabel(workspace.everyLabel, label) ? label : []
			);
			if (missing.length === 0) return;
			for (const label of missing) unknown.add(label);
			untrack(() => void ask());
		});
	});
	const clock = setInterval(() => void ask(), EVERY);
	const again = () => void ask();
	document.addEventListener('visibilitychange', again);
	return () => {
		stop();
		clearInterval(clock);
		document.removeEventListener('visibilitychange', again);
	};
}

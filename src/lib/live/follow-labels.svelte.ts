/** Keeps the labels of an open article those of its newsroom: asked for again when the server says so, and where one turns up unknown. */
import { untrack } from 'svelte';
import { findLabel } from '../domain/labels.ts';
import { api, type ArticleJson } from './api.ts';
import type { Workspace } from './workspace.svelte.ts';

/** @returns stops it */
export function followLabels(workspace: Workspace): () => void {
	const { articleId, actor } = workspace;
	const path = `/articles/${articleId}${actor.kind === 'guest' ? `?as=${encodeURIComponent(actor.principal)}` : ''}`;
	/** those that the server does not know either: an import may name any */
	const unknown = new Set<string>();

	let asking = false;
	/** not while nobody looks */
	let owed = false;

	/** Once more where they change again meanwhile: a list that is put in another order does so label by label. */
	async function ask() {
		owed = true;
		if (asking) return;
		asking = true;
		while (owed && !document.hidden && !workspace.gone) {
			owed = false;
			const now = await api<ArticleJson>(fetch, 'GET', path).catch(() => null);
			if (now) take(now);
		}
		asking = false;
	}

	function take(now: ArticleJson) {
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
	const again = () => void (owed && ask());
	workspace.layer.onlabels = () => void ask();
	document.addEventListener('visibilitychange', again);
	return () => {
		stop();
		workspace.layer.onlabels = () => {};
		document.removeEventListener('visibilitychange', again);
	};
}

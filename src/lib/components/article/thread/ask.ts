/** What the open thread can be asked to show, and who may: the same for keys, buttons and the palette. */
import { tick } from 'svelte';
import type { Annotation } from '#lib/domain/annotation.ts';
import { maySettle } from '#lib/domain/policy.ts';
import type { Thread } from '#lib/domain/thread.ts';
import { reopen } from '#lib/live/actions.ts';
import type { Workspace } from '#lib/live/workspace.svelte.ts';
import { copyText } from '../../copy.ts';
import { cardId, type Desk } from '../desk.svelte.ts';
import { isResolved } from './thread-facts.ts';

/** A form to answer or to resolve, or a list to choose from. */
export type Ask = 'reply' | 'resolve' | 'label' | 'assign' | 'tag' | 'react';

/** Whether this person may resolve, label, assign and tag the thread now. */
export const settles = (workspace: Workspace, { root, removed }: Thread): boolean =>
	!removed && workspace.may('reply') && maySettle(workspace.actor, workspace.articleId, root);

export function mayAsk({ workspace }: Desk, thread: Thread, what: Ask): boolean {
	if (what === 'reply') return workspace.may('reply');
	if (what === 'react') return workspace.may('reply') && !thread.removed;
	return settles(workspace, thread);
}

/** Shows it, where this person may do it. */
export function ask(desk: Desk, what: Ask): void {
	const thread = desk.open?.thread;
	if (thread && mayAsk(desk, thread, what)) void desk.activate(thread.root.id, { ask: what });
}

/** Later, when the card may be closed: opens it, with the form. */
export const askAgain = (desk: Desk, root: string, ask: Ask) => () => void desk.activate(root, { ask });

/** Asks why the open thread is settled, or opens it again. */
export function settle(desk: Desk): void {
	const thread = desk.open?.thread;
	if (!thread || !settles(desk.workspace, thread)) return;
	if (isResolved(thread)) desk.do(reopen(desk.workspace.by(), thread.root));
	else ask(desk, 'resolve');
}

/** The address of an annotation, whatever the filter shows just now. */
function linkTo(id: string): string {
	const url = new URL(location.href);
	url.search = '';
	url.hash = cardId(id);
	return url.href;
}

/** Copies the address of an annotation, of the open thread unless said, and says so. */
export async function copyLink(desk: Desk, { id }: Partial<Pick<Annotation, 'id'>> = {}): Promise<void> {
	const of = id ?? desk.active;
	if (!of) return;
	const copied = await copyText(linkTo(of));
	desk.tell(copied ? 'Link copied.' : 'The link could not be copied.');
}

/** Back to the card once the page has followed, so that the keys go on from there; or to the text, where there is none any more. */
export async function focusCard(desk: Desk, root: string): Promise<void> {
	await tick();
	const card = document.getElementById(cardId(root)) ?? desk.editor?.view.dom;
	card?.focus({ preventScroll: true });
}

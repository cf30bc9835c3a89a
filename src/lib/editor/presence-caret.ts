/** How the caret of somebody else looks: a thin line in their colour, with a name that fades. */

export interface PresentUser {
	name: string;
	/** #rrggbb */
	color: string;
	principal: string;
}

/** The element of one person's caret; the editor makes it anew when the caret goes elsewhere, so the name shows again. */
export function presenceCaret(user: Partial<PresentUser>): HTMLElement {
	const caret = document.createElement('span');
	caret.className = 'presence-caret';
	caret.style.setProperty('--person', user.color ?? 'currentColor');
	caret.dataset.principal = user.principal ?? '';
	caret.ariaHidden = 'true';
	// shown by the style sheet: it is no text of the article, not when that is copied either
	caret.dataset.name = user.name ?? '';
	return caret;
}

/** What somebody else has selected. */
export const presenceSelection = (user: Partial<PresentUser>) => ({
	class: 'presence-selection',
	style: `--person: ${user.color ?? 'transparent'}`
});

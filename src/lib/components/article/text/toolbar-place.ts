/** Where the toolbar of a selection stands: never over the selected words, never off the screen. */

export interface Place {
	/** px from the left of the window */
	left: number;
	/** px from the top of the window */
	top: number;
}

export interface Around {
	/** the selection: the top of its first line and the bottom of its last, and where they begin and end; px in the window */
	words: { top: number; bottom: number; start: number; end: number };
	/** of the toolbar */
	size: { width: number; height: number };
	/** what may be covered: the window without bars */
	view: { top: number; bottom: number; left: number; right: number };
	/** selected from its end to its beginning: one looks at the beginning then */
	backward: boolean;
	/** px between words and toolbar: fingers need room for the handles */
	gap: number;
}

export function placeToolbar({ words, size, view, backward, gap }: Around): Place {
	const above = words.top - gap - size.height;
	const below = words.bottom + gap;
	const fits = { above: above >= view.top, below: below + size.height <= view.bottom };
	const isAbove = backward ? fits.above || !fits.below : fits.above && !fits.below;
	// a selection longer than the window leaves no place beside it
	const top = fits.above || fits.below ? (isAbove ? above : below) : view.bottom - size.height;
	const at = isAbove ? words.start : words.end;
	const left = Math.min(at - size.width / 2, view.right - size.width);
	return { left: Math.max(left, view.left), top };
}

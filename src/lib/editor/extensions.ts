/** The one schema of articles. Nothing in it may write by itself: readers open articles too. */
import type { Extensions } from '@tiptap/core';
import { StarterKit } from '@tiptap/starter-kit';

export const extensions = (): Extensions => [
	StarterKit.configure({
		// Collaboration brings its own
		undoRedo: false,
		// it would add a paragraph to an article that ends in a heading
		trailingNode: false,
		link: { openOnClick: false, autolink: false, linkOnPaste: false },
		dropcursor: false,
		gapcursor: false
	})
];

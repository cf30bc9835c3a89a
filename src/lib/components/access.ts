/** Roles and accesses in the words of the page. */
import type { Access, Role } from '#lib/domain/policy.ts';

export const ACCESS_LABELS: Record<Access, string> = {
	view: 'View',
	comment: 'Comment',
	annotate: 'Annotate'
};

export const ACCESS_LINES: Record<Access, string> = {
	view: 'Read the article and the notes on it.',
	comment: 'Read, and reply to notes.',
	annotate: 'Read, reply, and mark passages.'
};

export const ROLE_LABELS: Record<Role, string> = {
	owner: 'Owner',
	editor: 'Editor',
	annotator: 'Annotator',
	viewer: 'Viewer'
};

export const ROLE_LINES: Record<Role, string> = {
	owner: 'Everything an editor may, and looks after people and labels.',
	editor: 'Marks and settles, finishes articles, makes review links.',
	annotator: 'Brings articles in, marks passages, settles threads.',
	viewer: 'Reads articles and notes, and changes nothing.'
};

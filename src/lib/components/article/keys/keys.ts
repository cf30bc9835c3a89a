/** The keys of the article page: what `?` lists and the palette offers, what they do, and when they can do it. */
import { findLabel } from '#lib/domain/labels.ts';
import { setLabel } from '#lib/live/actions.ts';
import { ask, copyLink, mayAsk, settle, settles, type Ask } from '../thread/ask.ts';
import type { Desk } from '../desk.svelte.ts';
import { toCard, toPassage } from './jump.ts';

export interface Key {
	/** as tinykeys writes it; several for one thing */
	keys: string[];
	/** as people read it */
	shown: string;
	does: string;
	/** Whether it can do something just now; else the key is the browser's, and the palette leaves it out. */
	when: (desk: Desk, event?: KeyboardEvent) => boolean;
	run: (desk: Desk, event?: KeyboardEvent) => void;
	/** not in the palette: it needs the caret or the digit, or it is the way into the palette */
	keyOnly?: boolean;
}

const always = () => true;
const marks = ({ selected, workspace }: Desk) => selected !== null && workspace.may('mark');
const asks = (what: Ask) => (desk: Desk) => desk.open !== null && mayAsk(desk, desk.open.thread, what);
const some = ({ inMargin, orphans }: Desk) => inMargin.length + orphans.length > 0;
const unread = (desk: Desk) => desk.unread.count > 0;

const MARK: Key[] = [
	{
		keys: ['h'],
		shown: 'H',
		does: 'Highlight the selected words',
		when: marks,
		run: (desk) => desk.highlight()
	},
	{
		keys: ['a', '$mod+Alt+KeyM'],
		shown: 'A or Ctrl/⌘ Alt M',
		does: 'Comment on the selected words',
		when: marks,
		run: (desk) => desk.compose()
	},
	{
		keys: ['q'],
		shown: 'Q',
		does: 'Ask about the selected words',
		when: marks,
		run: (desk) => desk.compose('questioning')
	},
	{
		keys: [1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => `[Shift]+${digit}`),
		shown: '1 – 9',
		does: 'Mark the selected words with a label, or label the open comment',
		when: (desk, event) => Boolean(labelOf(desk, event)) && (marks(desk) || asks('label')(desk)),
		run: label,
		keyOnly: true
	},
	{
		keys: ['Shift+A'],
		shown: 'Shift A',
		does: 'Attach the open comment, whose passage is gone, to the selected words',
		when: ({ selected, mayAttach }) => selected !== null && mayAttach,
		run: (desk) => desk.attach()
	},
	{
		keys: ['m'],
		shown: 'M',
		does: 'Note on the whole article',
		when: ({ workspace }) => workspace.may('mark'),
		run: (desk) => desk.composeNote()
	}
];

const GO: Key[] = [
	{ keys: ['j'], shown: 'J', does: 'Next comment', when: some, run: (desk) => void desk.step(1) },
	{ keys: ['k'], shown: 'K', does: 'Previous comment', when: some, run: (desk) => void desk.step(-1) },
	{
		keys: ['n'],
		shown: 'N',
		does: 'Next unread comment',
		when: unread,
		run: (desk) => void desk.stepUnread(1)
	},
	{
		keys: ['Shift+N'],
		shown: 'Shift N',
		does: 'Previous unread comment',
		when: unread,
		run: (desk) => void desk.stepUnread(-1)
	},
	{
		keys: ['Enter'],
		shown: 'Enter',
		does: 'From the caret in a passage to its comment; again, to the next one there',
		when: ({ editor }, event) =>
			event?.target instanceof Node && Boolean(editor?.view.dom.contains(event.target)),
		run: toCard,
		keyOnly: true
	},
	{
		keys: ['p'],
		shown: 'P',
		does: 'From the comment to its passage, with the caret',
		when: ({ open }) => Boolean(open?.range),
		run: toPassage
	},
	{
		keys: ['Shift+F'],
		shown: 'Shift F',
		does: 'Follow the next person here',
		when: ({ together }) => together.others.length > 0,
		run: (desk) => desk.together.follow.next()
	},
	{
		keys: ['v'],
		shown: 'V',
		does: 'Hide all highlights, or show them again',
		when: always,
		run: ({ marks, tell }) => tell(marks.toggle())
	}
];

const ANSWER: Key[] = [
	{
		keys: ['r'],
		shown: 'R',
		does: 'Reply to the open comment',
		when: asks('reply'),
		run: (desk) => ask(desk, 'reply')
	},
	{
		keys: ['e'],
		shown: 'E',
		does: 'Resolve the open comment, or reopen it',
		when: ({ open, workspace }) => open !== null && settles(workspace, open.thread),
		run: settle
	},
	{
		keys: ['i'],
		shown: 'I',
		does: 'Assign the open comment',
		when: asks('assign'),
		run: (desk) => ask(desk, 'assign')
	},
	{
		keys: ['l'],
		shown: 'L',
		does: 'Label the open comment',
		when: asks('label'),
		run: (desk) => ask(desk, 'label')
	},
	{
		keys: ['t'],
		shown: 'T',
		does: 'Tag the open comment',
		when: asks('tag'),
		run: (desk) => ask(desk, 'tag')
	},
	{
		keys: ['[Shift]++'],
		shown: '+',
		does: 'React to the open comment',
		when: asks('react'),
		run: (desk) => ask(desk, 'react')
	},
	{
		keys: ['c'],
		shown: 'C',
		does: 'Copy the link of the open comment',
		when: ({ open }) => open !== null,
		run: (desk) => void copyLink(desk)
	}
];

const LOOK: Key[] = [
	{
		keys: ['[Shift]+/'],
		shown: '/',
		does: 'Search in comments',
		when: ({ workspace }) => workspace.threads.length > 0,
		run: (desk) => void desk.find.search()
	},
	{
		keys: ['u'],
		shown: 'U',
		does: 'Mark the open comment as unread',
		when: ({ mayUnread }) => mayUnread,
		run: (desk) => void desk.putBack()
	},
	{
		keys: ['Shift+U'],
		shown: 'Shift U',
		does: 'Everything is read',
		when: unread,
		run: (desk) => desk.readAll()
	}
];

const PAGE: Key[] = [
	{
		keys: ['$mod+z'],
		shown: 'Ctrl/⌘ Z',
		does: 'Undo what you did',
		when: always,
		run: (desk) => desk.undo()
	},
	{
		keys: ['$mod+Shift+z'],
		shown: 'Ctrl/⌘ Shift Z',
		does: 'Do it again',
		when: always,
		run: (desk) => desk.redo()
	},
	{
		keys: ['$mod+k'],
		shown: 'Ctrl/⌘ K',
		does: 'Find a command, a person or a comment',
		when: always,
		run: (desk) => (desk.dialog = 'palette'),
		keyOnly: true
	},
	{
		keys: ['[Shift]+?'],
		shown: '?',
		does: 'Show these keys',
		when: always,
		run: (desk) => (desk.dialog = 'keys')
	},
	{
		keys: ['Escape'],
		shown: 'Esc',
		does: 'Leave the innermost: the selection, a form, the comment',
		when: ({ selected, asked, active }) => selected !== null || asked !== null || active !== null,
		run: leave,
		keyOnly: true
	}
];

/** By what they are for, in the order of the list. */
export const KEYS: { group: string; keys: Key[] }[] = [
	{ group: 'Mark', keys: MARK },
	{ group: 'Go', keys: GO },
	{ group: 'Answer and settle', keys: ANSWER },
	{ group: 'Look', keys: LOOK },
	{ group: 'Page', keys: PAGE }
];

/** Keys that belong to fields and to the caret: shown above the others. */
export const OTHER_KEYS: Pick<Key, 'shown' | 'does'>[] = [
	{ shown: 'Arrows, Page Up …', does: 'Move the caret, with the focus in the article' },
	{ shown: 'Shift with these', does: 'Select words' },
	{ shown: 'Ctrl/⌘ Enter', does: 'Post what you wrote' },
	{ shown: 'Ctrl/⌘ ] and [', does: 'Move an item of a list in, and out' }
];

const labelOf = ({ workspace }: Desk, event?: KeyboardEvent) =>
	workspace.labels.find(({ key }) => key !== null && key === event?.key);

function label(desk: Desk, event?: KeyboardEvent) {
	const { open, workspace } = desk;
	const label = labelOf(desk, event)!;
	if (marks(desk)) return desk.highlight(label.id);
	const same = findLabel(workspace.labels, open!.thread.root.label) === label;
	desk.do(setLabel(workspace.by(), open!.thread.root, same ? undefined : label));
}

/** Leaves the innermost thing first. */
function leave(desk: Desk) {
	if (desk.selected) desk.leaveSelection();
	else if (desk.asked) desk.asked = null;
	else {
		void desk.activate(null);
		desk.editor?.view.dom.focus({ preventScroll: true });
	}
}

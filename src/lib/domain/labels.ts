/** The labels of a newsroom, as its owner keeps them. */

/** Names of tokens in app.css (`--hue-amber` …), each with a line of its own: colour is never the only sign. */
export const LABEL_COLORS = ['amber', 'blue', 'grey', 'violet', 'green', 'teal', 'rose', 'yellow'] as const;
export type LabelColor = (typeof LABEL_COLORS)[number];

export interface Label {
	/** what annotations keep; never changes */
	id: string;
	name: string;
	color: LabelColor;
	/** the digit that marks selected words with it: `1` to `9` */
	key: string | null;
	/** when to use it, in a sentence */
	description: string | null;
}

const label = (id: string, name: string, color: LabelColor, key: string, description: string): Label => ({
	id,
	name,
	color,
	key,
	description
});

/** What a newsroom begins with. */
export const FIRST_LABELS: Label[] = [
	label('fact-check', 'Fact-check', 'amber', '1', 'A fact that somebody has to check.'),
	label('source', 'Source needed', 'blue', '2', 'Says who? A source is missing, or too weak.'),
	label('quote', 'Quote', 'grey', '3', 'Words of somebody else: are they right and allowed?'),
	label('legal', 'Legal', 'violet', '4', 'For the lawyer: libel, privacy, rights.'),
	label('style', 'Style', 'green', '5', 'Wording, grammar, house style.'),
	label('question', 'Question', 'teal', '6', 'Something to ask the author.'),
	label('praise', 'Praise', 'rose', '7', 'Well done: keep it.')
];

export const findLabel = (labels: Label[], id: string | undefined): Label | undefined =>
	id === undefined ? undefined : labels.find((label) => label.id === id);

/** What to call a label; one that the newsroom has never had is called by its id. */
export const labelName = (labels: Label[], id: string): string => findLabel(labels, id)?.name ?? id;

/** An id for a new label, made from its name, that no label has had yet. */
export function newLabelId(name: string, isTaken: (id: string) => boolean): string {
	const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
	const word =
		plain
			.replace(/[^a-z0-9]+/g, '-')
			.slice(0, 60)
			.replace(/^-|-$/g, '') || 'label';
	let id = word;
	for (let count = 2; isTaken(id); count++) id = `${word}-${count}`;
	return id;
}

/** Whether people would read both as the same name. */
export const sameName = (a: string, b: string): boolean => foldName(a) === foldName(b);

const foldName = (name: string) => name.normalize('NFKC').toLowerCase();

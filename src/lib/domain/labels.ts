/** The labels of a newsroom. `color` names a token of app.css, never the only sign: each has its word. */
export interface Label {
	id: string;
	name: string;
}

export const LABELS: Label[] = [
	{ id: 'fact-check', name: 'Fact-check' },
	{ id: 'source', name: 'Source' },
	{ id: 'legal', name: 'Legal' },
	{ id: 'style', name: 'Style' },
	{ id: 'question', name: 'Question' },
	{ id: 'praise', name: 'Praise' }
];

/** What to call a label; one that the newsroom no longer has keeps its id. */
export const labelName = (id: string): string => LABELS.find((label) => label.id === id)?.name ?? id;

/** What a newsroom has said of the first article of the sample story: for pictures, and for a page that looks lived in. */
import type { Annotation, Motivation } from '../../src/lib/domain/annotation.ts';

export type Who = 'olga' | 'ann' | 'ben';

export interface Said {
	by: Who;
	/** the passage; none: a note on the whole article */
	quote?: string;
	motivation?: Motivation;
	label?: string;
	body?: string;
	/** minutes ago */
	ago: number;
	tags?: string[];
	assignee?: Who;
	replies?: { by: Who; body: string; ago: number }[];
	/** emoji and who */
	reactions?: [string, Who][];
	resolved?: { by: Who; reason: string; ago: number };
}

/** `{ann}` in a body is a mention. */
export const CONVERSATION: Said[] = [
	{
		by: 'olga',
		body: 'Runs on page 1. **Figures and quotes** have to agree with the Wire and the Ledger before four.',
		ago: 190
	},
	{
		by: 'olga',
		quote: 'closed to all traffic on Tuesday morning',
		label: 'fact-check',
		body: 'The Wire has *Monday night*. Which is it? {ann}, can you ask the county?',
		assignee: 'ann',
		ago: 170,
		replies: [
			{
				by: 'ann',
				body: 'Two sources, both say Tuesday:\n\n- the police log, 06:12\n- the harbour board’s notice',
				ago: 60
			},
			{ by: 'ben', body: 'I have the log as a PDF.', ago: 41 }
		]
	},
	{
		by: 'ann',
		quote: 'about 14,000 vehicles a day',
		label: 'source',
		body: 'Whose count? The county says 11,600 in its [traffic report](https://county.example.org/traffic).',
		tags: ['figures'],
		ago: 120
	},
	{
		by: 'ann',
		quote: '“I would rather answer for a long queue than for a short fall,”',
		label: 'quote',
		body: 'The Wire quotes this without “long”. Check the tape.',
		ago: 110,
		tags: ['figures', 'tape'],
		replies: [{ by: 'ben', body: 'On tape: “for a long queue”. We are right.', ago: 75 }],
		resolved: { by: 'ann', reason: 'Not an error', ago: 70 }
	},
	{
		by: 'ben',
		quote: 'a short fall,” Fenwright told reporters on the quay',
		motivation: 'highlighting',
		ago: 80
	},
	{
		by: 'ben',
		quote: 'Tobin Harl, an engineer with the county',
		label: 'legal',
		body: 'May we name him? He is a private person.',
		ago: 52
	},
	{
		by: 'olga',
		quote: '61-year-old bridge',
		motivation: 'questioning',
		label: 'question',
		body: 'Opened in 1965 or in 1966?',
		ago: 34
	},
	{
		by: 'ben',
		quote: '“Half my customers come over that bridge,”',
		label: 'praise',
		body: 'Lovely. Move it up?',
		ago: 12,
		reactions: [['❤️', 'ann']]
	}
];

/** Minutes before `now` as annotations tell time. */
export const before = (now: Date, minutes: number): Annotation['created'] =>
	new Date(now.getTime() - minutes * 60_000).toISOString();

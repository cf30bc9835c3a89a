/** The formats in which an article with its annotations can be taken away. A new format is one more line here. */
import { writeCsv } from './csv.ts';
import type { Exported } from './exported.ts';
import { fileName } from './filename.ts';
import { writeJsonld } from './jsonld.ts';
import { writeMarkdown } from './markdown.ts';

export { exportedLive, exportedSet, type Exported } from './exported.ts';

export interface Format {
	format: string;
	mediaType: string;
	/** without the dot */
	extension: string;
	/** what people call it */
	name: string;
	/** In pieces: a large layer takes a while. */
	pieces(exported: Exported): Iterable<string>;
	write(exported: Exported): string;
}

const FORMATS_IN_PIECES: Omit<Format, 'write'>[] = [
	{
		format: 'jsonld',
		mediaType: 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
		extension: 'jsonld',
		name: 'W3C Web Annotations (JSON-LD)',
		pieces: writeJsonld
	},
	{
		format: 'csv',
		mediaType: 'text/csv; charset=utf-8',
		extension: 'csv',
		name: 'Spreadsheet (CSV)',
		pieces: writeCsv
	},
	{
		format: 'md',
		mediaType: 'text/markdown; charset=utf-8',
		extension: 'md',
		name: 'Text (Markdown)',
		pieces: writeMarkdown
	}
];

export const FORMATS: Format[] = FORMATS_IN_PIECES.map((format) => ({
	...format,
	write: (exported) => [...format.pieces(exported)].join('')
}));

export const formatOf = (format: string): Format | undefined =>
	FORMATS.find((known) => known.format === format);

/** The name of the file; `now` (ISO 8601) dates an export of the live article, a set has its own date. */
export const nameOfFile = ({ article, set }: Exported, { extension }: Format, now: string): string =>
	fileName({
		title: article.title,
		setNumber: set?.number ?? null,
		date: set?.finishedAt ?? now,
		extension
	});

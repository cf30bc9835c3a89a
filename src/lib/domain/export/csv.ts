/** CSV for spreadsheets: one row an annotation or reply, and nothing that a spreadsheet would execute. */
import { stringify } from 'csv-stringify/sync';
import { namesOnly } from '../comment-text.ts';
import type { SetAnnotation } from '../finished-set.ts';
import { labelName } from '../labels.ts';
import { kindOf, nameOf, threadsOf, type Exported } from './exported.ts';

type Cell = string | number | null;

/** `start` and `end` count code points of the article's text; times are ISO 8601 UTC. */
const COLUMNS = [
	'thread',
	'id',
	'reply_to',
	'layer',
	'kind',
	'label',
	'quote',
	'body',
	'person',
	'created',
	'modified',
	'status',
	'resolved_by',
	'resolved_at',
	'resolution',
	'assignee',
	'tags',
	'start',
	'end'
];

export function* writeCsv(exported: Exported): Generator<string> {
	yield rowsOf([COLUMNS], true);
	for (const layer of exported.layers)
		for (const { root, replies } of threadsOf(layer))
			yield rowsOf(
				[root, ...replies].map((annotation) =>
					cellsOf(annotation, root.id, layer.layer, exported).map(disarm)
				)
			);
}

const rowsOf = (rows: Cell[][], bom = false) =>
	stringify(rows, {
		bom,
		escape_formulas: true,
		quote_record_delimiter: true, // else a cell with a bare line feed falls apart
		record_delimiter: 'windows'
	});

function cellsOf(annotation: SetAnnotation, thread: string, layer: string, exported: Exported): Cell[] {
	const { id, replyTo, label, exact, body, creator, created, modified, resolution, assignee } = annotation;
	return [
		thread,
		id,
		replyTo,
		layer,
		kindOf(annotation),
		label && labelName(exported.labels, label),
		exact,
		body && namesOnly(body),
		nameOf(exported, creator),
		created,
		modified,
		annotation.status,
		resolution && nameOf(exported, resolution.by),
		resolution?.at ?? null,
		resolution?.reason ?? null,
		assignee && nameOf(exported, assignee),
		annotation.tags.join(', '),
		annotation.start,
		annotation.end
	];
}

/**
 * What `escape_formulas` lets through. It looks at the first character of a cell alone; but white space may be trimmed, and
 * where a spreadsheet takes semicolons or tabs for separators, a quoted cell of ours falls apart at them and at its line ends.
 */
const disarm = (cell: Cell): Cell =>
	typeof cell === 'string'
		? cell.replace(/((?:^|[\n\r;\t])[\s"]+|[\n\r;\t])(?=[=+\-@＝＋－＠])/g, "$1'")
		: cell;

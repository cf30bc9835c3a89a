/** The newsroom's labels while its owner edits them. */
import { findLabel, LABEL_COLORS, sameName, type Label, type LabelColor } from '#lib/domain/labels.ts';

/** One label as its fields hold it; '' stands for no key and no description. */
export interface LabelRow {
	/** tells it from the others while the page is open */
	row: number;
	/** what annotations keep; a new one has none yet */
	id?: string;
	name: string;
	color: LabelColor;
	key: string;
	description: string;
	/** goes when the list is saved */
	removed: boolean;
}

/** What `PUT /labels` takes of one. */
export type LabelInput = Omit<Label, 'id'> & { id?: string };

export const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** In the words of the page, with the line that tells it from the others where colours are not seen. */
export const COLOR_NAMES: Record<LabelColor, string> = {
	amber: 'Amber, solid line',
	blue: 'Blue, dashed line',
	grey: 'Grey, dashed line',
	violet: 'Violet, double line',
	green: 'Green, dotted line',
	teal: 'Teal, wavy line',
	rose: 'Rose, solid line',
	yellow: 'Yellow, solid line'
};

export const rowsOf = (labels: Label[]): LabelRow[] =>
	labels.map(({ id, name, color, key, description }, row) => ({
		row,
		id,
		name,
		color,
		key: key ?? '',
		description: description ?? '',
		removed: false
	}));

/** With the colour that fewest have, and the first free key. */
export function newRow(rows: LabelRow[]): LabelRow {
	const kept = rows.filter(({ removed }) => !removed);
	const uses = (color: LabelColor) => kept.filter((row) => row.color === color).length;
	return {
		row: Math.max(-1, ...rows.map(({ row }) => row)) + 1,
		name: '',
		color: LABEL_COLORS.toSorted((a, b) => uses(a) - uses(b))[0]!,
		key: KEYS.find((key) => kept.every((row) => row.key !== key)) ?? '',
		description: '',
		removed: false
	};
}

/** What is sent: those that stay, in their order. */
export const inputsOf = (rows: LabelRow[]): LabelInput[] =>
	rows
		.filter(({ removed }) => !removed)
		.map(({ id, name, color, key, description }) => ({
			...(id !== undefined && { id }),
			name: name.trim(),
			color,
			key: key || null,
			description: description.trim() || null
		}));

/** Whether saving would change anything. */
export const isChanged = (rows: LabelRow[], labels: Label[]): boolean =>
	JSON.stringify(inputsOf(rows)) !== JSON.stringify(inputsOf(rowsOf(labels)));

/** The row at `index` goes `by` places down (or up), over removed ones too. */
export function moved(rows: LabelRow[], index: number, by: 1 | -1): LabelRow[] {
	const to = index + by;
	if (to < 0 || to >= rows.length) return rows;
	const others = rows.toSpliced(index, 1);
	return others.toSpliced(to, 0, rows[index]!);
}

/** Gives a row the key; whoever had it gets the other one, so that no two have the same. */
export function withKey(rows: LabelRow[], of: number, key: string): LabelRow[] {
	const before = rows.find(({ row }) => row === of)!.key;
	return rows.map((row) => {
		if (row.row === of) return { ...row, key };
		return key !== '' && row.key === key && !row.removed ? { ...row, key: before } : row;
	});
}

/** Takes a row off the list, or back on; its key is free meanwhile, and back with it if still free. */
export function withRemoved(rows: LabelRow[], of: number, removed: boolean): LabelRow[] {
	return rows.map((row) => {
		if (row.row !== of) return row;
		const taken = rows.some((other) => other.row !== of && !other.removed && other.key === row.key);
		return { ...row, removed, key: !removed && taken ? '' : row.key };
	});
}

/** What cannot be saved, by the names of the fields: `items.0.name` counts those that stay. */
export function faultsOf(rows: LabelRow[]): { field: string; detail: string }[] {
	const names = inputsOf(rows).map(({ name }) => name);
	return names.flatMap((name, index) => {
		const field = `items.${index}.name`;
		if (name === '') return [{ field, detail: 'A name is needed.' }];
		const before = names.slice(0, index).some((other) => sameName(other, name));
		return before ? [{ field, detail: 'Another label has this name.' }] : [];
	});
}

/** The same rows over a list of somebody else's: what they took away is asked for anew, by its name. */
export const rowsOver = (rows: LabelRow[], stored: Label[]): LabelRow[] =>
	rows.map((row) => (findLabel(stored, row.id) ? row : { ...row, id: undefined }));

/** What has become of `before` in `after`, a sentence for each. */
export function whatChanged(before: Label[], after: Label[]): string[] {
	const then = new Map(before.map((label) => [label.id, label]));
	const now = new Map(after.map((label) => [label.id, label]));
	const common = after.filter(({ id }) => then.has(id)).map(({ id }) => id);
	const reordered = before.filter(({ id }) => now.has(id)).some(({ id }, index) => common[index] !== id);
	return [
		...after.flatMap((label) => {
			const old = then.get(label.id);
			if (!old) return [`“${label.name}” is new.`];
			if (old.name !== label.name) return [`“${old.name}” is called “${label.name}” now.`];
			return JSON.stringify(old) === JSON.stringify(label) ? [] : [`“${label.name}” was changed.`];
		}),
		...before.filter(({ id }) => !now.has(id)).map(({ name }) => `“${name}” is gone.`),
		...(reordered ? ['The order is another.'] : [])
	];
}

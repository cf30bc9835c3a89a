/** Figures, as `run.ts` prints them. */

export interface Figure {
	what: string;
	value: string;
	/** the same measure of what cannot be done without, in the same run */
	floor?: string;
}

/** The value below which the share `q` of all values lies. */
export function quantile(values: number[], q: number): number {
	if (values.length === 0) throw new Error('There is nothing to take a quantile of.');
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!;
}
export const median = (values: number[]): number => quantile(values, 0.5);

const rounded = (value: number) => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
export const ms = (value: number): string => `${rounded(value)} ms`;
export const micros = (value: number): string => `${rounded(value * 1000)} µs`;
export const kib = (bytes: number): string => `${rounded(bytes / 2 ** 10)} KiB`;
export const mib = (bytes: number): string => `${rounded(bytes / 2 ** 20)} MiB`;

/** How many times what cannot be done without: `1.52 × <name> (3.10 ms)`. */
export const against = (
	name: string,
	value: number,
	floor: number,
	unit: (value: number) => string
): string => `${(value / floor).toFixed(2)} × ${name} (${unit(floor)})`;

export const print = (figures: Figure[]): void =>
	printTable(figures.map(({ what, value, floor = '' }) => [what, value, floor]));

/** Rows of columns, each as wide as its widest cell. */
export function printTable(rows: string[][]): void {
	const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
	for (const row of rows)
		console.log(`  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd());
}

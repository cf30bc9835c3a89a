/** A value as the log keeps it among the named changes: JSON; undefined as null, "no value" [S5]. */
export function toLogged(value: unknown): string | null {
	return value === undefined ? null : JSON.stringify(value, plain);
}

/** Bytes as base64. NUL, which PostgreSQL's jsonb does not hold, as U+FFFD. */
const plain = (_key: string, part: unknown) =>
	part instanceof Uint8Array
		? Buffer.from(part).toString('base64')
		: typeof part === 'string'
			? part.replaceAll('\0', '\uFFFD').toWellFormed()
			: part;

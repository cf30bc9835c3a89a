/** The tokens of a label as custom properties for a style attribute; one that app.css does not know looks like none. */
export function labelStyle(label: string | undefined): string {
	// a label may come from another program: only what can be part of a token's name becomes one
	const id = label && /^[a-z0-9-]+$/.test(label) ? label : 'none';
	const token = (part: string) => `var(--label-${id}${part}, var(--label-none${part}))`;
	return `--label: ${token('')}; --label-soft: ${token('-soft')}; --label-line: ${token('-line')}`;
}

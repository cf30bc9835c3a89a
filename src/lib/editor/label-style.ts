import type { LabelColor } from '../domain/labels.ts';

/** The tokens of a label's colour as custom properties for a style attribute; yellow where there is no label. */
export function labelStyle(color: LabelColor = 'yellow'): string {
	return `--label: var(--hue-${color}); --label-soft: var(--hue-${color}-soft); --label-line: var(--hue-${color}-line)`;
}

/** What a form tells its fields: which is at fault, and why. */
import { createContext } from 'svelte';
import type { Problem } from '#lib/live/api.ts';

export interface FormState {
	errorOf(field: string): string | undefined;
}

export const [getForm, setForm] = createContext<FormState>();

/** What the browser says of a field's value. */
type Validity = Pick<ValidityState, 'valueMissing' | 'typeMismatch' | 'tooShort' | 'tooLong'>;

/** Words for a field that cannot be sent as it is; `limits` are characters. */
export function fault(
	validity: Validity,
	label: string,
	type: string,
	limits: { min: number; max: number }
): string {
	if (validity.valueMissing) return `${label} is needed.`;
	if (validity.typeMismatch && type === 'email') return 'This does not look like an e-mail address.';
	if (validity.typeMismatch) return 'This does not look like an address: it starts with https:// or http://.';
	if (validity.tooShort) return `${label} needs at least ${limits.min} characters.`;
	if (validity.tooLong) return `${label} may have at most ${limits.max} characters.`;
	return `${label} cannot be read.`;
}

/** What the API found wrong in these fields, by name: where in the body it stands (`items.0.name`), or the end of that (`source.url`). */
export function faultsIn({ field = '', detail, details }: Problem, names: string[]): Map<string, string> {
	const errors = (details.errors as { field: string; detail: string }[] | undefined) ?? [{ field, detail }];
	const nameOf = (field: string) => [field, field.split('.').at(-1)!].find((name) => names.includes(name));
	return new Map(errors.flatMap(({ field, detail }) => (nameOf(field) ? [[nameOf(field)!, detail]] : [])));
}

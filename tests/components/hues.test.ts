/** The colours of the labels in app.css: their words can be read, and no two are taken for each other. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LABEL_COLORS } from '../../src/lib/domain/labels.ts';

const css = readFileSync(new URL('../../src/app.css', import.meta.url), 'utf8');
const [above, below] = css.split('@media screen and (prefers-color-scheme: dark) {') as [string, string];
const tokens = (part: string) =>
	Object.fromEntries([...part.matchAll(/--([\w-]+): ([#\w]+);/g)].map(([, name, value]) => [name, value!]));
const light = tokens(above);
const dark = { ...light, ...tokens(below.slice(0, below.indexOf('\n}'))) };

/** how much of a label's colour is in the line under a resolved passage */
const passages = readFileSync(
	new URL('../../src/lib/components/article/text/passages.css', import.meta.url),
	'utf8'
);
const faint = new Map(
	[
		...passages.matchAll(/--hue-(\w+)-faint: color-mix\(in oklab, var\(--hue-\1\) (\d+)%, transparent\)/g)
	].map(([, color, percent]) => [color!, Number(percent) / 100])
);

type Triple = [number, number, number];
const times = (rows: number[][], by: number[]) =>
	rows.map((row) => row.reduce((sum, one, i) => sum + one * by[i]!, 0)) as Triple;

/** #rrggbb → linear light, 0–1 */
const linear = (hex: string) =>
	[1, 3, 5]
		.map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
		.map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)) as Triple;

/** As WCAG 2 has it: 1–21. */
function contrast(one: string, other: string): number {
	const [brighter, darker] = [one, other]
		.map((hex) => times([[0.2126, 0.7152, 0.0722]], linear(hex))[0])
		.sort((a, b) => b - a);
	return (brighter! + 0.05) / (darker! + 0.05);
}

/** What is seen of a colour that lies see-through over another. */
const mixed = (one: string, ground: string, share: number): string =>
	`#${[1, 3, 5]
		.map((at) => [one, ground].map((hex) => parseInt(hex.slice(at, at + 2), 16)))
		.map(([a, b]) => Math.round(a! * share + b! * (1 - share)))
		.map((part) => part.toString(16).padStart(2, '0'))
		.join('')}`;

/** How linear light looks to these eyes (Machado, Oliveira and Fernandes 2009, severity 1). */
const EYES = {
	normal: [
		[1, 0, 0],
		[0, 1, 0],
		[0, 0, 1]
	],
	deuteranopic: [
		[0.367322, 0.860646, -0.227968],
		[0.280085, 0.672501, 0.047413],
		[-0.01182, 0.04294, 0.968881]
	],
	protanopic: [
		[0.152286, 1.052583, -0.204868],
		[0.114503, 0.786281, 0.099216],
		[-0.003882, -0.048116, 1.051998]
	]
};
const LMS = [
	[0.4122214708, 0.5363325363, 0.0514459929],
	[0.2119034982, 0.6806995451, 0.1073969566],
	[0.0883024619, 0.2817188376, 0.6299787005]
];
const OKLAB = [
	[0.2104542553, 0.793617785, -0.0040720468],
	[1.9779984951, -2.428592205, 0.4505937099],
	[0.0259040371, 0.7827717662, -0.808675766]
];
function difference(one: string, other: string, eyes: number[][]): number {
	const [a, b] = [one, other].map((hex) => {
		const seen = times(eyes, linear(hex)).map((part) => Math.min(1, Math.max(0, part)));
		return times(OKLAB, times(LMS, seen).map(Math.cbrt));
	});
	return Math.hypot(...a!.map((part, i) => part - b![i]!));
}

/** ΔE in OKLab (black to white is 1): some three times what one just sees side by side. */
const APART = 0.06;
const APART_WITH_LINE = 0.04;
const READABLE = 4.5;
const VISIBLE = 3;

describe.each([
	['light', light],
	['dark', dark]
])('%s', (_mode, token) => {
	const of = (name: string) => {
		expect(token, `--${name} is in app.css`).toHaveProperty(name);
		return token[name]!;
	};

	test.each(LABEL_COLORS)('%s: words on it, and its own word and line, can be read', (hue) => {
		for (const ink of ['ink', 'ink-soft', `hue-${hue}`])
			expect(contrast(of(ink), of(`hue-${hue}-soft`)), ink).toBeGreaterThanOrEqual(READABLE);
		for (const ground of ['paper', 'surface-raised'])
			expect(contrast(of(`hue-${hue}`), of(ground)), ground).toBeGreaterThanOrEqual(READABLE);
	});

	test.each(LABEL_COLORS)('%s: the line under a resolved passage can be seen', (hue) => {
		const over = (ground: string) => mixed(of(`hue-${hue}`), ground, faint.get(hue)!);
		expect(contrast(over(of('paper')), of('paper'))).toBeGreaterThanOrEqual(VISIBLE);
	});

	const pairs = LABEL_COLORS.flatMap((one, i) =>
		LABEL_COLORS.slice(i + 1).map((other) => [one, other] as const)
	);
	test.each(pairs)('%s and %s differ for all eyes, or by their line too', (one, other) => {
		const sameLine = of(`hue-${one}-line`) === of(`hue-${other}-line`);
		// grey stands among the pale colours as some eyes see them: there its line helps
		const soft = !sameLine && [one, other].includes('grey') ? APART_WITH_LINE : APART;
		for (const [name, eyes] of Object.entries(EYES)) {
			const between = (part: string) => difference(of(`hue-${one}${part}`), of(`hue-${other}${part}`), eyes);
			expect(between(''), name).toBeGreaterThanOrEqual(APART);
			expect(between('-soft'), `${name}, soft`).toBeGreaterThanOrEqual(soft);
		}
	});
});

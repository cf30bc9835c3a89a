/** Markdown for people: each thread with its quote, label, status, words and replies. */
import { namesOnly } from '../comment-text.ts';
import { labelName } from '../labels.ts';
import type { SetAnnotation } from '../finished-set.ts';
import { kindOf, nameOf, threadsOf, type Exported, type ExportedThread } from './exported.ts';

export function* writeMarkdown(exported: Exported): Generator<string> {
	const { article, set, layers } = exported;
	const { outlet, byline, publishedAt, url } = article.source;
	const facts = [outlet, byline, publishedAt].filter((fact) => fact !== null).map(line);
	if (url !== null) facts.push(/^https?:\/\/[^\s<>]+$/.test(url) ? `<${url}>` : line(url));
	const head = [
		`# ${line(article.title)}`,
		facts.join(' · '),
		set ? setLine(exported, set) : 'Not finished yet.'
	];
	if (set?.note) head.push(quoted(set.note));
	yield head.filter((block) => block !== '').join('\n\n');
	let number = 0;
	for (const layer of layers) {
		if (layers.length > 1) yield `\n\n## Layer ${line(layer.layer)}`;
		for (const thread of threadsOf(layer)) yield `\n\n${threadBlock(exported, thread, ++number)}`;
	}
	yield number === 0 ? '\n\nThere are no annotations.\n' : '\n';
}

const setLine = (exported: Exported, set: NonNullable<Exported['set']>) =>
	`Set ${set.number}, finished ${time(set.finishedAt)} by ${line(nameOf(exported, set.finishedBy))}.`;

function threadBlock(exported: Exported, { root, replies }: ExportedThread, number: number): string {
	const { exact, label, status, resolution, start, tags } = root;
	const kind = kindOf(root);
	const facts = [
		`${kind.charAt(0).toUpperCase()}${kind.slice(1)}`,
		label && line(labelName(exported.labels, label)),
		status,
		exact !== null && start === null && 'passage not found in the text',
		...tags.map((tag) => `#${line(tag)}`)
	];
	const blocks = [`### ${number}. ${facts.filter(Boolean).join(' · ')}`];
	if (exact !== null) blocks.push(quoted(exact));
	blocks.push(...entry(exported, root, ''));
	for (const reply of replies) blocks.push(...entry(exported, reply, '  '));
	if (resolution) {
		blocks.push(`- Resolved by **${line(nameOf(exported, resolution.by))}**, ${time(resolution.at)}`);
		if (resolution.reason) blocks.push(said(resolution.reason, '  '));
	}
	return blocks.join('\n\n');
}

/** Who, when, and under it the words, as an item of a list. */
function entry(exported: Exported, annotation: SetAnnotation, indent: string): string[] {
	const { creator, created, modified, body, deleted } = annotation;
	const edited = modified && modified !== created ? `, edited ${time(modified)}` : '';
	const who = `${indent}- **${line(nameOf(exported, creator))}**, ${time(created)}${edited}`;
	if (deleted) return [`${who}, removed`];
	return body ? [who, said(namesOnly(body), `${indent}  `)] : [who];
}

/** `2026-11-22 09:30 UTC`; what is no time is left as it is. */
const time = (iso: string) =>
	/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(iso) ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` : line(iso);

/** Text that means nothing to Markdown, in one line. */
const line = (text: string) => escaped(text.replace(/\s+/g, ' ').trim());

const escaped = (text: string) =>
	text.replace(/[\\`*_[\]<>#&|~]/g, '\\$&').replace(/^(\s*)([-+=]|\d+(?=[.)]))/, (_, space, mark) => {
		return /\d/.test(mark) ? `${space}${mark}\\` : `${space}\\${mark}`;
	});

/** Text as a quotation; each of its lines is a paragraph. */
const quoted = (text: string) =>
	text
		.split(/\r\n|\r|\n/)
		.map((paragraph) => `> ${line(paragraph)}`.trimEnd())
		.join('\n>\n');

/**
 * Markdown that somebody wrote, as a quotation within an item of a list: none of it can reach beyond, or pass for an
 * entry of the export itself; HTML shows as the words that it is.
 */
const said = (markdown: string, indent: string) =>
	markdown
		.trim()
		.replace(/<(?!https?:\/\/[^\s<>]*>|[^\s<>@]+@[^\s<>@]+>)/g, '&lt;')
		.split(/\r\n|\r|\n/)
		.map((row) => `${indent}> ${row}`.trimEnd())
		.join('\n');

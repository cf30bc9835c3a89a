/**
 * What other programs put on the clipboard, before the schema takes what it knows of it. The schema lets through neither styles,
 * classes, images nor scripts; here is what it would misread: Word's lists are paragraphs, headings and tables are no part of a
 * comment.
 */
import { Fragment, Slice, type Node, type Schema } from '@tiptap/pm/model';

/** @param html inert: parsed into a document of its own, in which nothing loads or runs */
export function cleanHtml(html: string): string {
	const { body } = new DOMParser().parseFromString(html, 'text/html');
	const marks = new Map<Element, string>();
	for (const item of body.querySelectorAll('[style*="mso-list"]')) {
		const sign = item.querySelector('[style*="mso-list:Ignore"], [style*="mso-list: Ignore"]');
		if (!sign) continue;
		marks.set(item, sign.textContent.trim());
		sign.remove();
	}
	for (const [item, mark] of marks) listed(item, /^[\da-z]+[.)]$/i.test(mark) ? 'ol' : 'ul');
	for (const heading of body.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
		const bold = heading.ownerDocument.createElement('strong');
		bold.append(...heading.childNodes);
		const paragraph = heading.ownerDocument.createElement('p');
		paragraph.append(bold);
		heading.replaceWith(paragraph);
	}
	for (const table of body.querySelectorAll('table')) lineUp(table);
	return body.innerHTML;
}

const isList = (element: Element | null): element is Element => /^[ou]l$/.test(element?.localName ?? '');

/** Into the list just above, as deep as it stood, or into a new one. */
function listed(item: Element, tag: 'ol' | 'ul'): void {
	const document = item.ownerDocument;
	const level = Number(/mso-list:[^;]*\blevel(\d)/.exec(item.getAttribute('style')!)?.[1] ?? 1);
	const above = item.previousElementSibling;
	let list = isList(above) && (level > 1 || above.localName === tag) ? above : document.createElement(tag);
	if (list !== above) item.before(list);
	for (let depth = 1; depth < level && list.lastElementChild; depth++) {
		const parent = list.lastElementChild;
		const within = parent.lastElementChild;
		list = isList(within) ? within : parent.appendChild(document.createElement(tag));
	}
	const entry = document.createElement('li');
	entry.append(...item.childNodes);
	list.append(entry);
	item.remove();
}

/** Each row of figures is a line, as somebody would type it. A table that lays out a page is passed over. */
function lineUp(table: Element): void {
	if (table.querySelector('table, ul, ol, blockquote, pre, p + p, div + div')) return;
	const document = table.ownerDocument;
	const lines = document.createElement('p');
	for (const [at, row] of [...table.querySelectorAll('tr')].entries()) {
		if (at > 0) lines.append(document.createElement('br'));
		for (const [at, cell] of [...row.children].entries()) {
			for (const block of cell.querySelectorAll('p, div')) block.replaceWith(...block.childNodes);
			if (at > 0) lines.append(' | ');
			lines.append(...cell.childNodes);
		}
	}
	table.replaceWith(lines);
}

/** Plain text: an empty line parts paragraphs, a line break stays one, and nothing in it means anything. */
export function textSlice(schema: Schema, text: string): Slice {
	const paragraphs = text
		.replace(/\r\n?/g, '\n')
		.replace(/^\n+|\n+$/g, '')
		.split(/\n{2,}/);
	const nodes = paragraphs.map((lines) => {
		const inline = lines
			.split('\n')
			.flatMap((line, index): Node[] => [
				...(index > 0 ? [schema.node('hardBreak')] : []),
				...(line === '' ? [] : [schema.text(line)])
			]);
		return schema.node('paragraph', null, inline);
	});
	return new Slice(Fragment.from(nodes), 1, 1);
}

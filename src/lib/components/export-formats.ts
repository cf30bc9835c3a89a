/** The files that an article or a set can be taken away as. */
export const FORMATS = [
	{ id: 'jsonld', label: 'JSON-LD', line: 'W3C Web Annotations, for other annotation tools' },
	{ id: 'csv', label: 'CSV', line: 'One row for each note or reply, for a spreadsheet' },
	{ id: 'md', label: 'Markdown', line: 'Quotes and threads as text, to read or to mail' }
];

/** @param base `/articles/<id>` or `/sets/<id>` */
export const exportHref = (base: string, format: string) => `/api/v1${base}/export/${format}`;

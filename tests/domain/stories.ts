/** Texts to try things on: the sample story, and real articles where they lie beside the project. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { articleText, decodeUtf8, paragraphsOf } from '../../src/lib/domain/plain-text.ts';
import { SAMPLE_STORY } from '../../src/lib/domain/sample-story.ts';

const folder = path.resolve(import.meta.dirname, '../../../shared/articles');

/** File name → bytes; none where the folder is not there. */
export const realFiles: [string, Uint8Array][] = existsSync(folder)
	? readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name))])
	: [];

/** Name → the article's plain text. */
export const texts: [string, string][] = [
	...SAMPLE_STORY.map(({ title, text }): [string, string] => [title, articleText(paragraphsOf(text))]),
	...realFiles.map(([name, bytes]): [string, string] => [name, articleText(paragraphsOf(decodeUtf8(bytes)))])
];

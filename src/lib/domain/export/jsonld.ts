/** W3C Web Annotation JSON-LD: one AnnotationCollection with its page inside. */
import { annotationCollection, toW3c } from '../w3c.ts';
import type { Exported } from './exported.ts';

const INDENT = '\n\t\t\t';

export function* writeJsonld(exported: Exported): Generator<string> {
	const { origin, articleId, article, set, layers } = exported;
	const id = set ? `${origin}/api/v1/sets/${set.id}` : `${origin}/api/v1/articles/${articleId}/annotations`;
	const label = set ? `${article.title} (set ${set.number})` : article.title;
	const total = layers.reduce((sum, { annotations }) => sum + annotations.length, 0);
	const frame = JSON.stringify(annotationCollection(id, label, [], total), null, '\t');
	// the items are the last that stands in it
	const at = frame.lastIndexOf('[]') + 1;
	yield frame.slice(0, at);
	let before = INDENT;
	for (const { layer, annotations } of layers)
		for (const annotation of annotations) {
			const item = JSON.stringify(toW3c(annotation, layer, exported), null, '\t');
			yield before + item.replaceAll('\n', INDENT);
			before = `,${INDENT}`;
		}
	yield `${total > 0 ? '\n\t\t' : ''}${frame.slice(at)}\n`;
}

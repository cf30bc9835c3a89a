/** W3C Web Annotation JSON-LD: one AnnotationCollection with its page inside. */
import { annotationCollection, toW3c } from '../w3c.ts';
import type { Exported } from './exported.ts';

export function writeJsonld(exported: Exported): string {
	const { origin, articleId, article, set, layers } = exported;
	const id = set ? `${origin}/api/v1/sets/${set.id}` : `${origin}/api/v1/articles/${articleId}/annotations`;
	const label = set ? `${article.title} (set ${set.number})` : article.title;
	const items = layers.flatMap(({ layer, annotations }) =>
		annotations.map((annotation) => toW3c(annotation, layer, exported))
	);
	return `${JSON.stringify(annotationCollection(id, label, items), null, '\t')}\n`;
}

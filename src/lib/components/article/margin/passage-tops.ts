/**
 * Where passages begin, in px below the top of the text. Asking the browser for each of thousands is slow, so those far
 * from the view are estimated from the block they stand in; near it they are measured, once until lines move.
 */
import { blockBoxes, passageBox, type ArticleEditor, type BlockBox } from '#lib/editor/create.ts';
import type { TextRange } from '#lib/editor/position-map.ts';

export class PassageTops {
	#editor: ArticleEditor;
	#blocks: BlockBox[];
	#origin: number;
	#measured = new Map<number, number>();

	constructor(editor: ArticleEditor) {
		this.#editor = editor;
		this.#origin = editor.view.dom.getBoundingClientRect().top;
		this.#blocks = blockBoxes(editor).map((box) => ({ ...box, top: box.top - this.#origin }));
	}

	/** As near as is known: exact once it was measured. */
	estimate({ from }: TextRange): number {
		return this.#measured.get(from) ?? topIn(this.#blocks, from);
	}

	exact(range: TextRange): number {
		let top = this.#measured.get(range.from);
		if (top === undefined) {
			top = passageBox(this.#editor, range).top - this.#editor.view.dom.getBoundingClientRect().top;
			this.#measured.set(range.from, top);
		}
		return top;
	}
}

/** The top of an offset, as if the words of a block were spread evenly over its height. */
export function topIn(blocks: BlockBox[], offset: number): number {
	let low = 0;
	let high = blocks.length - 1;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if (blocks[middle]!.from <= offset) low = middle;
		else high = middle - 1;
	}
	const block = blocks[low];
	if (!block) return 0;
	const share = block.to > block.from ? Math.min((offset - block.from) / (block.to - block.from), 1) : 0;
	return block.top + share * block.height * 0.9;
}

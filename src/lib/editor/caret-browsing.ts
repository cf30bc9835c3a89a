/**
 * A caret for a text that is only read. `contenteditable` would give one, and open a phone's keyboard with it; so the
 * browser's own selection is moved by key, and the caret is drawn.
 */
import { Extension } from '@tiptap/core';
import { Plugin, TextSelection } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { moveOf } from './caret-keys.ts';
import { makeMove, turnPage } from './caret-moves.ts';

export const CaretBrowsing = Extension.create({
	name: 'caretBrowsing',
	addProseMirrorPlugins: () => [caretBrowsing()]
});

function caretBrowsing(): Plugin {
	let view: EditorView | undefined;
	return new Plugin({
		view: (made) => new Caret((view = made)),
		// The editor hears of a selection a moment after it is made. Something drawn in between, by others too, would
		// put back the one before: also after a click beside the text, which leaves a caret in it and takes the focus away.
		appendTransaction: (done, _before, { selection, tr }) => {
			if (!view || done.some(({ selectionSet, docChanged }) => selectionSet || docChanged)) return null;
			const selected = selectedIn(view);
			return selected && !selected.eq(selection) ? tr.setSelection(selected) : null;
		}
	});
}

/** What the browser has selected in the text, as the editor would read it; null: nothing, or not in the text. */
function selectedIn(view: EditorView): TextSelection | null {
	const { anchorNode, anchorOffset, focusNode, focusOffset } = getSelection()!;
	if (!anchorNode || !focusNode || !view.dom.contains(anchorNode) || !view.dom.contains(focusNode))
		return null;
	const at = (node: Node, offset: number) => view.state.doc.resolve(view.posAtDOM(node, offset));
	return TextSelection.between(at(anchorNode, anchorOffset), at(focusNode, focusOffset)) as TextSelection;
}

const isMac = () => /Mac|iPhone|iPad/.test(navigator.platform);

class Caret {
	#view: EditorView;
	#element = document.createElement('span');
	#listening = new AbortController();
	/** shown once a key is used: a mouse needs none */
	#byKey = false;

	constructor(view: EditorView) {
		this.#view = view;
		this.#element.className = 'caret';
		this.#element.ariaHidden = 'true';
		this.#element.hidden = true;
		const { signal } = this.#listening;
		view.dom.addEventListener('keydown', this.#press, { signal });
		view.dom.addEventListener('focus', this.#enter, { signal });
		view.dom.addEventListener('blur', () => this.#show(false), { signal });
		view.dom.addEventListener('pointerdown', () => this.#show(false), { signal });
	}

	update(): void {
		if (this.#byKey) this.#draw();
	}

	destroy(): void {
		this.#listening.abort();
		this.#element.remove();
	}

	#enter = () => {
		if (!this.#view.dom.matches(':focus-visible')) return;
		this.#begin();
		// not followed: who comes back from a card is where they were, wherever the caret is
		this.#byKey = true;
		this.#draw();
	};

	#press = (event: KeyboardEvent) => {
		const move = moveOf(event, isMac());
		if (!move) return;
		event.preventDefault();
		this.#begin();
		if (move.by === 'page') turnPage(this.#view, move);
		else makeMove(this.#view.dom, move);
		this.#tell();
		this.#show(true);
	};

	/** The editor would hear of it a moment later, and a key that is pressed at once would find no words selected. */
	#tell(): void {
		const selected = selectedIn(this.#view);
		if (selected) this.#view.dispatch(this.#view.state.tr.setSelection(selected));
	}

	/** The browser's selection goes where ours is, unless it is in the text already. */
	#begin(): void {
		const selection = getSelection();
		if (!selection || this.#view.dom.contains(selection.focusNode)) return;
		const { node, offset } = this.#view.domAtPos(this.#view.state.selection.head);
		selection.collapse(node, offset);
	}

	#show(byKey: boolean): void {
		this.#byKey = byKey;
		if (byKey) this.#draw(true);
		else this.#element.hidden = true;
	}

	#draw(follow = false): void {
		const selection = getSelection();
		const { dom } = this.#view;
		const box = dom.parentElement;
		if (!box || !selection?.focusNode || !dom.contains(selection.focusNode)) return;
		const head = this.#view.posAtDOM(selection.focusNode, selection.focusOffset);
		const at = this.#view.coordsAtPos(head);
		const origin = box.getBoundingClientRect();
		if (this.#element.parentElement !== box) box.append(this.#element);
		this.#element.hidden = false;
		this.#element.style.translate = `${at.left - origin.left}px ${at.top - origin.top}px`;
		this.#element.style.height = `${at.bottom - at.top}px`;
		// begins to blink anew, so that it can be seen where it went
		for (const animation of this.#element.getAnimations()) animation.currentTime = 0;
		if (follow) this.#element.scrollIntoView({ block: 'nearest' });
	}
}

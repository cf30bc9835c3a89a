/** Where the cards of the margin stand: beside their passages, in text order, never over each other. */

export interface Card {
	id: string;
	/** where its passage is, in px from the top of the margin */
	wanted: number;
	height: number;
}

/**
 * The top of each card. They flow down from the first; the active one is level with its passage exactly, so those
 * before it give way upward and those after it downward.
 * @param cards in text order: `wanted` does not go down
 */
export function layoutCards(cards: Card[], activeId: string | null, gap: number): Map<string, number> {
	const tops = flowDown(cards, 0, -Infinity, gap);
	const active = cards.findIndex(({ id }) => id === activeId);
	if (active < 0) return new Map(cards.map(({ id }, index) => [id, tops[index]!]));
	const { wanted, height } = cards[active]!;
	tops[active] = wanted;
	let ceiling = wanted - gap;
	for (let index = active - 1; index >= 0; index--) {
		const card = cards[index]!;
		tops[index] = Math.min(tops[index]!, ceiling - card.height);
		ceiling = tops[index]! - gap;
	}
	const after = flowDown(cards, active + 1, wanted + height + gap, gap);
	for (let index = active + 1; index < cards.length; index++) tops[index] = after[index]!;
	return new Map(cards.map(({ id }, index) => [id, tops[index]!]));
}

function flowDown(cards: Card[], start: number, floor: number, gap: number): number[] {
	const tops: number[] = [];
	for (let index = start; index < cards.length; index++) {
		const { wanted, height } = cards[index]!;
		tops[index] = Math.max(wanted, floor);
		floor = tops[index]! + height + gap;
	}
	return tops;
}

/**
 * The card to keep level while nothing is open: the one whose passage is being read. Only where a crowd has pushed it far
 * from its passage; elsewhere cards stay where they are while one scrolls.
 * @param line where one reads, in px from the top of the margin
 * @param far px that a card may be from its passage
 */
export function cardToKeepLevel(cards: Card[], line: number, far: number, gap: number): string | null {
	const next = cards.findIndex(({ wanted }) => wanted >= line);
	const at = next < 0 ? cards.length - 1 : next;
	const card = cards[at];
	if (!card) return null;
	const top = flowDown(cards.slice(0, at + 1), 0, -Infinity, gap)[at]!;
	return top - card.wanted > far ? card.id : null;
}

/** The cards that touch the stretch from `top` to `bottom`, and those that must be there whatever is in view. */
export function cardsInView<T extends Card>(
	cards: T[],
	tops: Map<string, number>,
	{ top, bottom }: { top: number; bottom: number },
	always: (string | null)[]
): T[] {
	return cards.filter(({ id, height }) => {
		const at = tops.get(id)!;
		return (at + height >= top && at <= bottom) || always.includes(id);
	});
}

/** The ticks of the map: one for each thread that stands in the text. */
import type { LabelColor } from '#lib/domain/labels.ts';

export interface Tick {
	id: string;
	/** of the text's height, 0 to 1 */
	at: number;
	color: LabelColor;
	resolved: boolean;
	unread: boolean;
}

/** The tick nearest to a place, and how many others are as near as a pointer can tell. Ticks are in text order. */
export function nearestTick(ticks: Tick[], at: number, reach: number): { tick: Tick; others: number } | null {
	const near = ticks.filter((tick) => Math.abs(tick.at - at) <= reach);
	let best: Tick | null = null;
	for (const tick of near) if (!best || Math.abs(tick.at - at) < Math.abs(best.at - at)) best = tick;
	return best && { tick: best, others: near.length - 1 };
}

/** Draws them. Resolved ones are short, unread ones have a dot beside them: colour is not the only sign. */
export function drawTicks(canvas: HTMLCanvasElement, ticks: Tick[], colorOf: (color: LabelColor) => string) {
	const scale = devicePixelRatio || 1;
	const { clientWidth: width, clientHeight: height } = canvas;
	canvas.width = Math.round(width * scale);
	canvas.height = Math.round(height * scale);
	const context = canvas.getContext('2d');
	if (!context) return;
	context.scale(scale, scale);
	const colors = new Map<LabelColor, string>();
	for (const { at, color, resolved, unread } of ticks) {
		if (!colors.has(color)) colors.set(color, colorOf(color));
		context.fillStyle = colors.get(color)!;
		const y = Math.round(at * (height - TICK));
		const length = resolved ? width * 0.25 : width * 0.55;
		context.globalAlpha = resolved ? 0.6 : 1;
		context.fillRect(width - length - 2, y, length, TICK);
		if (!unread) continue;
		context.beginPath();
		context.arc(width * 0.2, y + TICK / 2, 2.5, 0, 2 * Math.PI);
		context.fill();
	}
}

/** px */
const TICK = 2;

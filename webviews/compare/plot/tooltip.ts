import type { Position } from './pointer.ts';

const gap = 14;

/** Beside the pointer, on the side where there is room. */
export const placeTooltip = (tooltip: HTMLElement, { x, y }: Position): void => {
  const plot = tooltip.parentElement?.getBoundingClientRect();
  if (plot === undefined) return;
  const { width, height } = tooltip.getBoundingClientRect();
  const right = plot.left + x + gap;
  const left = right + width <= innerWidth ? right : Math.max(4, plot.left + x - gap - width);
  const top = Math.min(Math.max(4, plot.top + y - height / 2), innerHeight - height - 4);
  tooltip.style.left = `${left}px`;
  tooltip.style.top = `${top}px`;
};

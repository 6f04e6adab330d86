/** Heights of a card in CSS pixels, by step; the style sheet has the same. */
export const cardHeights = [260, 400, 560] as const;
export const cardGap = 12;
export const narrowestCard = 340;

export const columnsIn = (width: number): number => Math.max(1, Math.floor((width + cardGap) / (narrowestCard + cardGap)));

interface ResizeOptions {
  readonly columns: number;
  onResize(size: { readonly width: number; readonly height: number }): void;
}

/** Sizes come in whole columns and steps of height; the card takes the nearest while the corner is dragged. */
export const followResize = (handle: HTMLElement, { columns, onResize }: ResizeOptions): (() => void) => {
  const listening = new AbortController();
  const { signal } = listening;
  let last = '';
  const onMove = (event: PointerEvent): void => {
    const card = handle.parentElement;
    const grid = card?.parentElement;
    if (!handle.hasPointerCapture(event.pointerId) || !(card instanceof HTMLElement) || !(grid instanceof HTMLElement)) return;
    const { left, top } = card.getBoundingClientRect();
    const size = { width: nearestWidth(event.clientX - left, grid.clientWidth, columns), height: nearestHeight(event.clientY - top) };
    if (`${size.width} ${size.height}` === last) return;
    last = `${size.width} ${size.height}`;
    onResize(size);
  };
  handle.addEventListener('pointerdown', (event) => handle.setPointerCapture(event.pointerId), { signal });
  handle.addEventListener('pointermove', onMove, { signal });
  return () => listening.abort();
};

const nearestWidth = (pixels: number, gridWidth: number, columns: number): number => {
  const column = (gridWidth + cardGap) / columns;
  return Math.min(Math.max(Math.round((pixels + cardGap) / column), 1), columns);
};

const nearestHeight = (pixels: number): number => {
  const distances = cardHeights.map((height) => Math.abs(height - pixels));
  return distances.indexOf(Math.min(...distances)) + 1;
};

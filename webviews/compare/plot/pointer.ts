import type { Range } from './range.ts';

export interface Position {
  /** Pixels within the element. */
  readonly x: number;
  readonly y: number;
}

/** What was dragged over, and which way. */
export interface PixelBox {
  readonly x: Range;
  readonly y: Range;
  readonly start: Position;
  readonly end: Position;
}

export interface PointerActions {
  /** Undefined when the pointer has left. */
  hover(position: Position | undefined): void;
  /** What is being dragged over, undefined when nothing is any more. */
  drag(box: PixelBox | undefined): void;
  select(box: PixelBox): void;
  /** A double click. */
  reset(): void;
  panBy?(pixels: number): void;
  /** About a pixel along x; a factor below 1 goes closer. */
  zoomBy?(factor: number, around: number): void;
}

/** A shorter drag is a click with an unsteady hand. */
const shortestDrag = 5;

interface Press {
  readonly from: Position;
  readonly panning: boolean;
  last: Position;
}

const boxBetween = (start: Position, end: Position): PixelBox => ({
  x: { from: Math.min(start.x, end.x), to: Math.max(start.x, end.x) },
  y: { from: Math.min(start.y, end.y), to: Math.max(start.y, end.y) },
  start,
  end,
});

const isDrag = ({ x, y }: PixelBox): boolean => Math.max(x.to - x.from, y.to - y.from) >= shortestDrag;

/** Drag selects, shift-drag pans, ctrl-wheel zooms, a double click resets, Escape gives up a drag. */
export const followPointer = (element: HTMLElement, actions: PointerActions): (() => void) => {
  const listening = new AbortController();
  const { signal } = listening;
  let press: Press | undefined;

  const positionOf = (event: MouseEvent): Position => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const release = (): void => {
    press = undefined;
    actions.drag(undefined);
  };
  const onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const position = positionOf(event);
    press = { from: position, panning: event.shiftKey && actions.panBy !== undefined, last: position };
    element.setPointerCapture(event.pointerId);
  };
  const onMove = (event: PointerEvent): void => {
    const position = positionOf(event);
    if (press === undefined) return actions.hover(position);
    const box = boxBetween(press.from, position);
    if (press.panning) actions.panBy?.(position.x - press.last.x);
    else if (isDrag(box)) actions.drag(box);
    press.last = position;
  };
  const onUp = (event: PointerEvent): void => {
    if (press === undefined) return;
    const { from, panning } = press;
    release();
    const box = boxBetween(from, positionOf(event));
    if (!panning && isDrag(box)) actions.select(box);
  };
  const onWheel = (event: WheelEvent): void => {
    if (actions.zoomBy === undefined || (!event.ctrlKey && !event.metaKey)) return;
    event.preventDefault();
    actions.zoomBy(2 ** (event.deltaY / 200), positionOf(event).x);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && press !== undefined) release();
  };

  element.addEventListener('pointerdown', onDown, { signal });
  element.addEventListener('pointermove', onMove, { signal });
  element.addEventListener('pointerup', onUp, { signal });
  element.addEventListener('pointercancel', release, { signal });
  element.addEventListener('pointerleave', () => actions.hover(undefined), { signal });
  element.addEventListener('dblclick', () => actions.reset(), { signal });
  element.addEventListener('wheel', onWheel, { signal, passive: false });
  addEventListener('keydown', onKey, { signal });
  return () => listening.abort();
};

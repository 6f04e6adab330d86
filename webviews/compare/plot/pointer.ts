import type { Range } from './range.ts';

export interface PointerActions {
  /** Pixels within the element; undefined when the pointer has left. */
  hover(position: { readonly x: number; readonly y: number } | undefined): void;
  /** The dragged window in pixels while dragging, undefined when there is none any more. */
  drag(window: Range | undefined): void;
  zoomTo(window: Range): void;
  panBy(pixels: number): void;
  /** About a pixel; a factor below 1 goes closer. */
  zoomBy(factor: number, around: number): void;
  reset(): void;
}

/** A shorter drag is a click with an unsteady hand. */
const shortestDrag = 5;

interface Press {
  readonly from: number;
  readonly panning: boolean;
  last: number;
}

/** Drag zooms, shift-drag pans, ctrl-wheel zooms, a double click resets, Escape gives up a drag. */
export const followPointer = (element: HTMLElement, actions: PointerActions): (() => void) => {
  const listening = new AbortController();
  const { signal } = listening;
  let press: Press | undefined;

  const positionOf = (event: MouseEvent): { readonly x: number; readonly y: number } => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const windowTo = (from: number, to: number): Range => ({ from: Math.min(from, to), to: Math.max(from, to) });
  const release = (): void => {
    press = undefined;
    actions.drag(undefined);
  };

  const onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const { x } = positionOf(event);
    press = { from: x, panning: event.shiftKey, last: x };
    element.setPointerCapture(event.pointerId);
  };
  const onMove = (event: PointerEvent): void => {
    const position = positionOf(event);
    if (press === undefined) return actions.hover(position);
    if (press.panning) actions.panBy(position.x - press.last);
    else if (Math.abs(position.x - press.from) >= shortestDrag) actions.drag(windowTo(press.from, position.x));
    press.last = position.x;
  };
  const onUp = (event: PointerEvent): void => {
    if (press === undefined) return;
    const window = windowTo(press.from, positionOf(event).x);
    const zooms = !press.panning && window.to - window.from >= shortestDrag;
    release();
    if (zooms) actions.zoomTo(window);
  };
  const onWheel = (event: WheelEvent): void => {
    if (!event.ctrlKey && !event.metaKey) return;
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

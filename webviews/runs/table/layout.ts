import type { ShownColumn } from '../columns/columns.ts';
import { nameWidth, rowHeight, type Viewport } from './table-state.ts';

export interface PlacedColumn extends ShownColumn {
  /** In the order of the table. */
  readonly index: number;
  /** From the left edge of the content, in CSS pixels. */
  readonly left: number;
}

export interface Layout {
  /** Right of the name, and not scrolled. */
  readonly pinned: readonly PlacedColumn[];
  readonly others: readonly PlacedColumn[];
  /** Of the name and the pinned columns. */
  readonly frozenWidth: number;
  readonly width: number;
}

export const layOut = (columns: readonly ShownColumn[]): Layout => {
  let left = nameWidth;
  const placed = columns.map((column, index): PlacedColumn => {
    const at = { ...column, index, left };
    left += column.width;
    return at;
  });
  const pinned = placed.filter(({ pinned }) => pinned === true);
  const last = pinned.at(-1);
  return {
    pinned,
    others: placed.filter((column) => column.pinned !== true),
    frozenWidth: last === undefined ? nameWidth : last.left + last.width,
    width: left,
  };
};

/** Lines above and below the screen that are drawn already. */
const overscan = 4;

export const linesOnScreen = ({ top, height }: Viewport, count: number): readonly number[] => {
  const from = Math.max(0, Math.floor(top / rowHeight) - overscan);
  const to = Math.min(count, Math.ceil((top + height - rowHeight) / rowHeight) + overscan);
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
};

/** A row of the document that shows now this line and now that one: nothing is made anew while the table scrolls. */
export interface Slot {
  readonly slot: number;
  readonly line: number;
}

/** Each line in the slot that it keeps while it is on screen; slots keep their order. */
export const slotsOnScreen = (viewport: Viewport, count: number): readonly Slot[] => {
  const slots = Math.ceil(viewport.height / rowHeight) + 2 * overscan;
  return linesOnScreen(viewport, count)
    .map((line) => ({ slot: line % slots, line }))
    .toSorted((left, right) => left.slot - right.slot);
};

export const columnsOnScreen = ({ left, width }: Viewport, { others, frozenWidth }: Layout): readonly PlacedColumn[] =>
  others.filter((column) => column.left + column.width > left + frozenWidth && column.left < left + width);

/** The header above and the frozen columns at the left cover a part of the scroller. */
export const reveal = (
  scroller: HTMLElement,
  { pinned, others, frozenWidth }: Layout,
  { line, column }: { readonly line: number; readonly column: number },
): void => {
  if (line >= 0) scroller.scrollTop = within(scroller.scrollTop, line * rowHeight, rowHeight, scroller.clientHeight - rowHeight);
  const goal = others[column - pinned.length];
  if (goal !== undefined) scroller.scrollLeft = within(scroller.scrollLeft, goal.left - frozenWidth, goal.width, scroller.clientWidth - frozenWidth);
};

const within = (scroll: number, start: number, size: number, visible: number): number => Math.min(start, Math.max(scroll, start + size - visible));

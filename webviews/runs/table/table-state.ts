import { signal, type Signal } from '@preact/signals';
import type { ColumnId } from '../../../schemas/runs-columns.ts';

export const rowHeight = 24;
export const nameWidth = 260;

export interface Viewport {
  readonly top: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

/** A line and a column of the table; -1 is the header, and the name. */
export interface Spot {
  readonly line: number;
  readonly column: number;
}

/** What the table looks at. */
export interface TableState {
  readonly viewport: Signal<Viewport>;
  readonly active: Signal<Spot>;
  /** What the pointer is over. */
  readonly hovered: Signal<Spot | undefined>;
  /** The menu of a column, and where it hangs. */
  readonly menu: Signal<{ readonly id: ColumnId; readonly x: number; readonly y: number } | undefined>;
  /** ms since the epoch; moves on by the minute, and with it the ages. */
  readonly now: Signal<number>;
  /** Where to scroll once there are rows: what was kept over a restart. */
  readonly scrollTo: Signal<{ readonly top: number; readonly left: number } | undefined>;
}

export const createTableState = (): TableState => ({
  viewport: signal({ top: 0, left: 0, width: 800, height: 480 }),
  active: signal({ line: -1, column: -1 }),
  hovered: signal<Spot | undefined>(undefined),
  menu: signal<{ id: ColumnId; x: number; y: number } | undefined>(undefined),
  now: signal(Date.now()),
  scrollTo: signal<{ top: number; left: number } | undefined>(undefined),
});

/** Lines that are read ahead: a row that is drawn empty first is drawn twice. */
const ahead = 40;

/** Lines that are, or soon may be, on screen. */
export const linesToRead = (viewport: Viewport): { readonly from: number; readonly to: number } => {
  const { from, to } = visibleLines(viewport);
  return { from: Math.max(0, from - ahead), to: to + ahead };
};

/** Lines that are on screen. */
export const visibleLines = ({ top, height }: Viewport): { readonly from: number; readonly to: number } => ({
  from: Math.floor(top / rowHeight),
  to: Math.max(1, Math.ceil((top + height - rowHeight) / rowHeight)),
});

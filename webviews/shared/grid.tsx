import { type ReadonlySignal, useComputed, useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useCallback, useId, useLayoutEffect, useRef } from 'preact/hooks';

export interface CellContent {
  readonly text: string;
  /** The whole value, when `text` is shortened. */
  readonly title?: string;
  /** What is copied, when `title` is shortened, too. */
  readonly whole?: string;
  readonly className?: string;
  readonly before?: ComponentChildren;
  readonly after?: ComponentChildren;
  /** What a screen reader says instead of `text`. */
  readonly spoken?: string;
  /** Of what can be chosen. */
  readonly selected?: boolean;
}

export interface GridProps {
  readonly label: string;
  readonly rowCount: number;
  readonly columnCount: number;
  /** CSS pixels. */
  readonly columnWidth: number;
  readonly headerWidth: number;
  readonly corner: CellContent;
  columnHeader(column: number): CellContent;
  rowHeader(row: number): CellContent;
  cell(row: number, column: number): CellContent;
  /** A row that is a heading over the rows below it has no cells. */
  isHeading?(row: number): boolean;
  /** Enter or a click on a row's header. */
  onRow?(row: number): void;
  /** Enter or a click on a column's header. */
  onColumn?(column: number): void;
  /** Enter or a click on a cell. */
  onCell?(row: number, column: number): void;
  onCopy?(text: string): void;
  /** Rows that are on screen, or nearly; called when that changes. */
  onVisibleRows?(rows: readonly number[]): void;
}

const rowHeight = 24;
const overscan = 4;
const tallest = 480;

interface Viewport {
  readonly top: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

/** -1 is the header. */
interface Place {
  readonly row: number;
  readonly column: number;
}

/** A table of any size: only what is on screen is in the document, in both directions. Arrows move from cell to cell. */
export const Grid = (props: GridProps): JSX.Element => {
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const viewport = useSignal<Viewport>({ top: 0, left: 0, width: 800, height: tallest });
  const active = useSignal<Place>({ row: -1, column: -1 });

  const measure = (): void => {
    const element = scroller.current;
    if (element !== null) viewport.value = { top: element.scrollTop, left: element.scrollLeft, width: element.clientWidth, height: element.clientHeight };
  };
  useLayoutEffect(() => {
    measure();
    const observer = new ResizeObserver(measure);
    if (scroller.current !== null) observer.observe(scroller.current);
    return () => observer.disconnect();
  }, []);

  const latest = useRef(props);
  latest.current = props;
  const goTo = useCallback((place: Place): void => {
    active.value = place;
    if (scroller.current !== null) reveal(scroller.current, place, latest.current);
  }, []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') return press(active.peek(), props);
    if (event.key === 'c' && (event.ctrlKey || event.metaKey) && getSelection()?.isCollapsed !== false) {
      event.preventDefault();
      return props.onCopy?.(wholeText(contentAt(active.peek(), props)));
    }
    const next = movePlace(active.peek(), event, props);
    if (next === undefined) return;
    event.preventDefault();
    goTo(next);
  };

  const { firstRow, endRow, firstColumn, endColumn } = visibleRange(viewport.value, props);
  useLayoutEffect(() => props.onVisibleRows?.(span(firstRow, endRow)), [firstRow, endRow, props.rowCount]);
  const contentWidth = props.headerWidth + props.columnCount * props.columnWidth;
  return (
    <div
      ref={scroller}
      class="grid"
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={props.rowCount + 1}
      aria-colcount={props.columnCount + 1}
      aria-activedescendant={cellId(id, active.value)}
      style={{ height: px(Math.min((props.rowCount + 1) * rowHeight + 12, tallest)) }}
      onScroll={measure}
      onKeyDown={onKeyDown}
    >
      <div class="grid-rows" role="presentation" style={{ width: px(contentWidth), height: px((props.rowCount + 1) * rowHeight) }}>
        {[-1, ...span(firstRow, endRow)].map((row) => (
          <GridRow key={row} row={row} firstColumn={firstColumn} endColumn={endColumn} active={active} gridId={id} goTo={goTo} grid={props} />
        ))}
      </div>
    </div>
  );
};

interface RowProps {
  readonly row: number;
  readonly firstColumn: number;
  readonly endColumn: number;
  readonly active: ReadonlySignal<Place>;
  readonly grid: GridProps;
  readonly gridId: string;
  readonly goTo: (place: Place) => void;
}

const cellId = (gridId: string, { row, column }: Place): string => `${gridId}-${row}-${column}`;

/** Reads a signal, and so is drawn again only when that or a property changes: a scrolled table draws the rows that come. */
const GridRow = ({ row, firstColumn, endColumn, active, gridId, goTo, grid }: RowProps): JSX.Element => {
  const activeColumn = useComputed(() => (active.value.row === row ? active.value.column : undefined));
  const heading = row >= 0 && grid.isHeading?.(row) === true;
  const shown = heading ? [-1] : [-1, ...span(firstColumn, endColumn)];
  const kind = row < 0 ? 'grid-head' : heading ? 'grid-row grid-heading' : 'grid-row';
  return (
    <div class={kind} role="row" aria-rowindex={row + 2} style={row < 0 ? {} : { top: px((row + 1) * rowHeight) }}>
      {shown.map((column) => {
        const place = { row, column };
        const { text, title, className = '', before, after, spoken, selected } = contentAt(place, grid);
        const isActive = activeColumn.value === column;
        const onClick = (): void => {
          goTo(place);
          press(place, grid);
        };
        return (
          <div
            key={column}
            id={cellId(gridId, place)}
            class={`${column < 0 ? 'grid-row-header' : 'grid-cell'} ${className}${isActive ? ' active' : ''}`}
            role={row < 0 ? 'columnheader' : column < 0 ? 'rowheader' : 'gridcell'}
            aria-colindex={column + 2}
            aria-label={spoken}
            aria-selected={selected}
            title={title ?? text}
            style={
              column < 0
                ? { width: heading ? '100%' : px(grid.headerWidth) }
                : { left: px(grid.headerWidth + column * grid.columnWidth), width: px(grid.columnWidth) }
            }
            onClick={onClick}
          >
            {before}
            <span class="grid-text">{inOneLine(text)}</span>
            {after}
          </div>
        );
      })}
    </div>
  );
};

const press = ({ row, column }: Place, grid: GridProps): void => {
  if (row >= 0 && column >= 0) return grid.onCell?.(row, column);
  if (row >= 0) return grid.onRow?.(row);
  if (column >= 0) grid.onColumn?.(column);
};

const contentAt = ({ row, column }: Place, grid: GridProps): CellContent => {
  if (row < 0) return column < 0 ? grid.corner : grid.columnHeader(column);
  if (column < 0 || grid.isHeading?.(row) === true) return grid.rowHeader(row);
  return grid.cell(row, column);
};

const px = (length: number): string => `${length}px`;

const wholeText = ({ whole, title, text }: CellContent): string => whole ?? title ?? text;

/** A row has one line; `title` has them all. */
const inOneLine = (text: string): string => text.replaceAll(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/g, '↵');

const span = (from: number, to: number): readonly number[] => Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);

const visibleRange = ({ top, left, width, height }: Viewport, { rowCount, columnCount, columnWidth, headerWidth }: GridProps) => ({
  firstRow: Math.max(0, Math.floor(top / rowHeight) - overscan),
  endRow: Math.min(rowCount, Math.ceil((top + height) / rowHeight) + overscan),
  firstColumn: Math.max(0, Math.floor(left / columnWidth) - 1),
  endColumn: Math.min(columnCount, Math.ceil((left + width - headerWidth) / columnWidth) + 1),
});

const rowsPerPage = Math.floor(tallest / rowHeight) - 2;

const movePlace = ({ row, column }: Place, event: KeyboardEvent, grid: GridProps): Place | undefined => {
  const toRow = (wanted: number): Place => ({ row: Math.min(Math.max(wanted, -1), grid.rowCount - 1), column });
  const toColumn = (wanted: number): Place => ({ row, column: Math.min(Math.max(wanted, -1), grid.columnCount - 1) });
  switch (event.key) {
    case 'ArrowDown':
      return toRow(row + 1);
    case 'ArrowUp':
      return toRow(row - 1);
    case 'ArrowRight':
      return toColumn(column + 1);
    case 'ArrowLeft':
      return toColumn(column - 1);
    case 'PageDown':
      return toRow(row + rowsPerPage);
    case 'PageUp':
      return toRow(row - rowsPerPage);
    case 'Home':
      return event.ctrlKey ? { row: -1, column: -1 } : toColumn(-1);
    case 'End':
      return event.ctrlKey ? { row: grid.rowCount - 1, column: grid.columnCount - 1 } : toColumn(grid.columnCount - 1);
    default:
      return undefined;
  }
};

/** The sticky header row and the sticky first column cover a part of the scroller. */
const reveal = (scroller: HTMLElement, { row, column }: Place, { columnWidth, headerWidth }: GridProps): void => {
  if (row >= 0) scroller.scrollTop = within(scroller.scrollTop, row * rowHeight, rowHeight, scroller.clientHeight - rowHeight);
  if (column >= 0) scroller.scrollLeft = within(scroller.scrollLeft, column * columnWidth, columnWidth, scroller.clientWidth - headerWidth);
};

const within = (scroll: number, start: number, size: number, visible: number): number => Math.min(start, Math.max(scroll, start + size - visible));

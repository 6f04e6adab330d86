import { useComputed, type ReadonlySignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { usePage, type RunsPage } from '../page.ts';
import { ColumnMenu } from './column-menu.tsx';
import { HeaderRow } from './header-row.tsx';
import { pressKey, tell } from './keyboard.ts';
import { columnsOnScreen, layOut, linesOnScreen, reveal, slotsOnScreen, type Layout, type PlacedColumn } from './layout.ts';
import { TableRow } from './table-row.tsx';
import { rowHeight, type Spot } from './table-state.ts';

const px = (length: number): string => `${length}px`;

/** The runs: only what is on screen is in the document, in both directions. Arrows move from cell to cell. */
export const Table = (): JSX.Element => {
  const page = usePage();
  const { table, rows } = page;
  const scroller = useRef<HTMLDivElement>(null);
  const layout = useComputed(() => layOut(page.columns.value));
  useFollowing(page, scroller);
  const moves = createMoves(page, layout, scroller);
  const lines = useComputed(() => (rows.root?.totalIsKnown === true ? rows.root.count + 1 : -1));
  const active = useComputed(() => activeCell(page));
  const onKeyDown = (event: KeyboardEvent): void => {
    if (pressKey(event, { page, layout: layout.peek(), ...moves })) event.preventDefault();
  };
  return (
    <>
      <div
        ref={scroller}
        class="runs-table"
        role="treegrid"
        tabIndex={0}
        aria-label="Runs"
        aria-multiselectable={true}
        aria-rowcount={lines.value}
        aria-colcount={page.columns.value.length + 1}
        aria-activedescendant={active.value}
        onScroll={() => measure(page, scroller.current)}
        onKeyDown={onKeyDown}
        onPointerOver={(event) => (table.hovered.value = spotUnder(event))}
        onPointerLeave={() => (table.hovered.value = undefined)}
      >
        <Lines layout={layout.value} moves={moves} />
      </div>
      <ColumnMenu focusTable={() => scroller.current?.focus()} />
    </>
  );
};

/** Undefined while its row is not in the document. */
const activeCell = ({ table, rows }: RunsPage): string | undefined => {
  const { line, column } = table.active.value;
  const isOnScreen = line < 0 || linesOnScreen(table.viewport.value, rows.root?.count ?? 0).includes(line);
  return isOnScreen ? `cell-${line}-${column}` : undefined;
};

interface Moves {
  goTo(spot: Spot): void;
  openMenu(column: PlacedColumn): void;
}

const createMoves = (page: RunsPage, layout: ReadonlySignal<Layout>, scroller: { readonly current: HTMLDivElement | null }): Moves => {
  const { table, columns } = page;
  return {
    goTo: (spot) => {
      table.active.value = spot;
      if (scroller.current !== null) reveal(scroller.current, layout.peek(), spot);
    },
    openMenu: ({ id, left, width }) => {
      const edges = scroller.current?.getBoundingClientRect();
      const isPinned = columns.peek().find((shown) => shown.id === id)?.pinned === true;
      const x = (edges?.left ?? 0) + left + width - (isPinned ? 0 : table.viewport.peek().left);
      table.menu.value = { id, x: Math.max(0, Math.min(x - 24, innerWidth - 240)), y: (edges?.top ?? 0) + rowHeight };
    },
  };
};

/** As long and wide as all lines would be; the header and those on screen are in it. */
const Lines = ({ layout, moves }: { readonly layout: Layout; readonly moves: Moves }): JSX.Element => {
  const page = usePage();
  const { table, rows } = page;
  const { root } = rows;
  const count = root?.count ?? 0;
  const columns = columnsOnScreen(table.viewport.value, layout);
  const active = table.active.value;
  const hovered = table.hovered.value;
  const columnIn = (spot: Spot | undefined, line: number): number | undefined => (spot?.line === line ? spot.column : undefined);
  const onClick = (clicked: number, event: MouseEvent): void => {
    moves.goTo({ line: clicked, column: columnUnder(event) });
    choose(page, clicked, event);
  };
  const shown = root === undefined ? [] : slotsOnScreen(table.viewport.value, count).map(({ slot, line }) => ({ slot, line, item: root.at(line) }));
  return (
    <div class="runs-lines" role="presentation" style={{ width: px(layout.width), height: px((count + 1) * rowHeight) }}>
      <HeaderRow layout={layout} columns={columns} goTo={moves.goTo} openMenu={moves.openMenu} />
      {shown.map(({ slot, line, item }) => (
        <TableRow
          key={slot}
          item={item}
          line={line}
          layout={layout}
          columns={columns}
          activeColumn={columnIn(active, line)}
          hoveredColumn={columnIn(hovered, line)}
          onClick={onClick}
        />
      ))}
    </div>
  );
};

/** Looks where the table looks, and scrolls it when its rows have been replaced. */
const useFollowing = (page: RunsPage, scroller: { readonly current: HTMLDivElement | null }): void => {
  const { rows, table } = page;
  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => measure(page, scroller.current));
    if (scroller.current !== null) observer.observe(scroller.current);
    return () => observer.disconnect();
  }, []);
  const place = rows.place.value;
  useEffect(() => {
    const element = scroller.current;
    if (place === undefined || element === null) return;
    const kept = table.scrollTo.peek();
    table.scrollTo.value = undefined;
    if (kept !== undefined) element.scrollTo(kept);
    else if (place.row === undefined) element.scrollTop = 0;
    else element.scrollTop += ((rows.root?.lineOf(place.row.key) ?? place.row.wasAt) - place.row.wasAt) * rowHeight;
    measure(page, element);
  }, [place]);
};

const measure = ({ table }: RunsPage, element: HTMLElement | null): void => {
  if (element === null) return;
  const { top, left, width, height } = table.viewport.peek();
  const next = { top: element.scrollTop, left: element.scrollLeft, width: element.clientWidth, height: element.clientHeight };
  if (next.top !== top || next.left !== left || next.width !== width || next.height !== height) table.viewport.value = next;
};

const spotUnder = (event: MouseEvent): Spot | undefined => {
  const row = event.target instanceof Element ? event.target.closest('[aria-rowindex]') : null;
  return row === null ? undefined : { line: Number(row.getAttribute('aria-rowindex')) - 2, column: columnUnder(event) };
};

const columnUnder = (event: MouseEvent): number => {
  const cell = event.target instanceof Element ? event.target.closest('[aria-colindex]') : null;
  return Number(cell?.getAttribute('aria-colindex') ?? 1) - 2;
};

const choose = (page: RunsPage, line: number, event: MouseEvent): void => {
  const { selection } = page;
  if (event.shiftKey) return void selection.extendTo(line).then((count) => tell(page, count));
  if (event.ctrlKey || event.metaKey) return selection.toggle(line);
  return selection.only(line);
};

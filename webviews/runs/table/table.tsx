import { useComputed } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { usePage, type RunsPage } from '../page.ts';
import { ColumnMenu } from './column-menu.tsx';
import { HeaderRow } from './header-row.tsx';
import { pressKey, tell } from './keyboard.ts';
import { columnsOnScreen, layOut, linesOnScreen, reveal, type PlacedColumn } from './layout.ts';
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

  const root = rows.root;
  const count = root?.count ?? 0;
  const lines = linesOnScreen(table.viewport.value, count);
  const columns = columnsOnScreen(table.viewport.value, layout.value);
  const { line, column } = table.active.value;
  const goTo = (spot: Spot): void => {
    table.active.value = spot;
    if (scroller.current !== null) reveal(scroller.current, layout.peek(), spot);
  };
  const openMenu = ({ id, left, width }: PlacedColumn): void => {
    const edges = scroller.current?.getBoundingClientRect();
    const x = (edges?.left ?? 0) + left + width - (page.columns.peek().find((shown) => shown.id === id)?.pinned === true ? 0 : table.viewport.peek().left);
    table.menu.value = { id, x: Math.max(0, Math.min(x - 24, innerWidth - 240)), y: (edges?.top ?? 0) + rowHeight };
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (pressKey(event, { page, layout: layout.peek(), goTo, openMenu })) event.preventDefault();
  };
  const onRowClick = (clicked: number, event: MouseEvent): void => {
    goTo({ line: clicked, column: columnUnder(event) });
    choose(page, clicked, event);
  };
  const isOnScreen = line < 0 || lines.includes(line);
  return (
    <>
      <div
        ref={scroller}
        class="runs-table"
        role="treegrid"
        tabIndex={0}
        aria-label="Runs"
        aria-multiselectable={true}
        aria-rowcount={root?.totalIsKnown === true ? count + 1 : -1}
        aria-colcount={page.columns.value.length + 1}
        aria-activedescendant={isOnScreen ? `cell-${line}-${column}` : undefined}
        onScroll={() => measure(page, scroller.current)}
        onKeyDown={onKeyDown}
      >
        <div class="runs-lines" role="presentation" style={{ width: px(layout.value.width), height: px((count + 1) * rowHeight) }}>
          <HeaderRow layout={layout.value} columns={columns} goTo={goTo} openMenu={openMenu} />
          {root !== undefined &&
            lines.map((each) => (
              <TableRow
                key={each}
                item={root.at(each)}
                line={each}
                layout={layout.value}
                columns={columns}
                activeColumn={each === line ? column : undefined}
                onClick={onRowClick}
              />
            ))}
        </div>
      </div>
      <ColumnMenu focusTable={() => scroller.current?.focus()} />
    </>
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

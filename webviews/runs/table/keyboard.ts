import { moveColumn, resizeColumn } from '../columns/arrange.ts';
import { toggleSort } from '../columns/sort.ts';
import type { RunsPage } from '../page.ts';
import { childrenOf } from '../rows/row-window.ts';
import { tooManyToSelect } from '../selection.ts';
import type { Layout, PlacedColumn } from './layout.ts';
import { rowHeight, type Spot } from './table-state.ts';

export interface Keys {
  readonly page: RunsPage;
  readonly layout: Layout;
  goTo(spot: Spot): void;
  openMenu(column: PlacedColumn): void;
}

/** Whether the key was meant for the table. */
export const pressKey = (event: KeyboardEvent, keys: Keys): boolean => {
  const { line } = keys.page.table.active.peek();
  return (line < 0 ? pressInHeader(event, keys) : pressInRow(event, keys)) || pressAnywhere(event, keys);
};

const columnAt = ({ pinned, others }: Layout, index: number): PlacedColumn | undefined => [...pinned, ...others][index];

const pressInHeader = (event: KeyboardEvent, { page, layout, openMenu }: Keys): boolean => {
  const column = columnAt(layout, page.table.active.peek().column);
  if (column === undefined) return false;
  if (event.key === 'Enter' || event.key === ' ') return (page.change({ sort: toggleSort(page.view.peek().sort, column.id, event.shiftKey) }), true);
  if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey) || (event.key === 'ArrowDown' && event.altKey)) return (openMenu(column), true);
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step === undefined) return false;
  if (event.altKey) return shiftColumn(page, layout, column, step);
  if (!event.ctrlKey || !event.shiftKey) return false;
  page.changeColumns((columns) => resizeColumn(columns, column.id, column.width + 16 * step));
  return true;
};

const shiftColumn = (page: RunsPage, layout: Layout, column: PlacedColumn, step: number): boolean => {
  const beside = columnAt(layout, column.index + step);
  if (beside === undefined) return true;
  page.changeColumns((columns) => moveColumn(columns, column.id, beside.id, step < 0 ? 'before' : 'after'));
  page.table.active.value = { line: -1, column: column.index + step };
  return true;
};

const pressInRow = (event: KeyboardEvent, { page }: Keys): boolean => {
  const { line, column } = page.table.active.peek();
  const item = page.rows.root?.at(line);
  const entry = item?.entry;
  if (item === undefined || entry === undefined) return false;
  if (event.key === 'Enter' && entry.kind === 'run') return (page.openRun(entry.row.runId), true);
  if (event.key === 'Enter' && entry.kind === 'group') return (page.rows.toggle(item), true);
  if (event.key === ' ') return (page.selection.toggle(line), true);
  const opens = event.key === 'ArrowRight' && !item.isExpanded && childrenOf(entry) > 0;
  const closes = event.key === 'ArrowLeft' && item.isExpanded;
  if (column !== -1 || (!opens && !closes)) return false;
  page.rows.toggle(item);
  return true;
};

const pressAnywhere = (event: KeyboardEvent, keys: Keys): boolean => {
  const { page } = keys;
  const withCtrl = event.ctrlKey || event.metaKey;
  if (withCtrl && event.key === 'a') return (void page.selection.all().then((count) => tell(page, count)), true);
  if (withCtrl && event.key === 'c' && getSelection()?.isCollapsed !== false && page.selection.size.peek() > 0) return (page.copyRows(), true);
  if (event.key === 'Delete' && page.selection.size.peek() > 0 && !page.view.peek().deleted) return (page.deleteSelected(), true);
  if (event.key === 'Escape' && page.selection.size.peek() > 0) return (page.selection.clear(), true);
  const next = moveSpot(page.table.active.peek(), event, keys);
  if (next === undefined) return false;
  const before = page.table.active.peek();
  keys.goTo(next);
  if (event.shiftKey && next.line !== before.line && next.line >= 0) extend(page, before, next);
  return true;
};

/** With nothing chosen, a range begins where the cursor was. */
const extend = (page: RunsPage, before: Spot, next: Spot): void => {
  if (page.selection.size.peek() === 0 && before.line >= 0) page.selection.only(before.line);
  void page.selection.extendTo(next.line).then((count) => tell(page, count));
};

export const tell = (page: RunsPage, count: number | undefined): void => {
  if (count === undefined) page.report(tooManyToSelect);
  else page.announcer.say(`${count.toLocaleString('en-US')} selected`);
};

const moveSpot = ({ line, column }: Spot, event: KeyboardEvent, { page, layout }: Keys): Spot | undefined => {
  const lines = page.rows.root?.count ?? 0;
  const columns = layout.pinned.length + layout.others.length;
  const perPage = Math.max(1, Math.floor(page.table.viewport.peek().height / rowHeight) - 2);
  const toLine = (wanted: number): Spot => ({ line: Math.min(Math.max(wanted, -1), lines - 1), column });
  const toColumn = (wanted: number): Spot => ({ line, column: Math.min(Math.max(wanted, -1), columns - 1) });
  switch (event.key) {
    case 'ArrowDown':
      return toLine(line + 1);
    case 'ArrowUp':
      return toLine(line - 1);
    case 'ArrowRight':
      return toColumn(column + 1);
    case 'ArrowLeft':
      return toColumn(column - 1);
    case 'PageDown':
      return toLine(line + perPage);
    case 'PageUp':
      return toLine(line - perPage);
    case 'Home':
      return event.ctrlKey ? { line: -1, column } : toColumn(-1);
    case 'End':
      return event.ctrlKey ? { line: lines - 1, column } : toColumn(columns - 1);
    default:
      return undefined;
  }
};

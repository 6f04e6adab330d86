import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { RunRow } from '../../../schemas/runs-protocol.ts';
import { columnTitle, readColumn } from '../../../schemas/runs-columns.ts';
import { Icon } from '../../shared/controls.tsx';
import { styleRuns } from '../../shared/palette.ts';
import { usePage } from '../page.ts';
import { childrenOf, type Entry, type Item } from '../rows/row-window.ts';
import { cellText, groupCellText, groupName, noText, runName, statusWord, type CellText } from './cell-text.ts';
import type { Layout, PlacedColumn } from './layout.ts';
import { nameWidth, rowHeight } from './table-state.ts';

interface RowProps {
  readonly item: Item;
  readonly line: number;
  readonly layout: Layout;
  readonly columns: readonly PlacedColumn[];
  /** Undefined: the cursor is in another row. */
  readonly activeColumn: number | undefined;
  /** Undefined: the pointer is over another row. */
  readonly hoveredColumn: number | undefined;
  onClick(line: number, event: MouseEvent): void;
}

const px = (length: number): string => `${length}px`;

export const TableRow = ({ item, line, layout, columns, activeColumn, hoveredColumn, onClick }: RowProps): JSX.Element => {
  const { selection, openRun, about, stars, theme, table } = usePage();
  const now = table.now.value;
  const { entry } = item;
  const isSelected = entry?.kind === 'run' && selection.has(entry.row.runId);
  const isStarred = entry?.kind === 'run' && stars.value.has(entry.row.runId);
  const experiments = about.value?.experiments;
  // While it scrolls sideways or down, most rows stay what they are.
  return useMemo(() => {
    const cells = (some: readonly PlacedColumn[], offset?: number): readonly JSX.Element[] =>
      some.map((column) => (
        <Cell
          key={column.id}
          column={column}
          content={contentOf(item, column, { experiments, now })}
          isPointed={hoveredColumn === column.index}
          {...(activeColumn === column.index && { id: `cell-${line}-${column.index}` })}
          {...(offset !== undefined && { left: column.left })}
        />
      ));
    return (
      <div
        class={`runs-row${isSelected ? ' selected' : ''}${entry?.kind === 'group' ? ' group' : ''}`}
        role="row"
        aria-rowindex={line + 2}
        aria-level={item.depth + 1}
        aria-selected={isSelected}
        aria-expanded={entry !== undefined && childrenOf(entry) > 0 ? item.isExpanded : undefined}
        data-run={entry?.kind === 'run' ? entry.row.runId : undefined}
        style={{ top: px((line + 1) * rowHeight) }}
        onClick={(event) => onClick(line, event)}
        onDblClick={() => entry?.kind === 'run' && openRun(entry.row.runId)}
      >
        <div class="frozen" role="presentation" style={{ width: px(layout.frozenWidth) }}>
          <NameCell item={item} line={line} isActive={activeColumn === -1} />
          {cells(layout.pinned)}
        </div>
        {cells(columns, 0)}
      </div>
    );
  }, [
    entry,
    item.window,
    item.isExpanded,
    line,
    layout,
    columns.map(({ id }) => id).join('\n'),
    activeColumn,
    hoveredColumn,
    isSelected,
    isStarred,
    experiments,
    theme.value,
    now,
  ]);
};

const NameCell = ({ item, line, isActive }: { readonly item: Item; readonly line: number; readonly isActive: boolean }): JSX.Element => {
  const { rows } = usePage();
  const { entry, depth, isExpanded } = item;
  const toggle = (event: MouseEvent): void => {
    event.stopPropagation();
    rows.toggle(item);
  };
  return (
    <div
      id={isActive ? `cell-${line}--1` : undefined}
      class={`name-cell${isActive ? ' active' : ''}`}
      role="rowheader"
      aria-colindex={1}
      style={{ width: px(nameWidth), paddingLeft: px(6 + depth * 16) }}
    >
      {entry !== undefined && childrenOf(entry) > 0 ? (
        <span class="twistie" onClick={toggle}>
          <Icon name={isExpanded ? 'chevron-down' : 'chevron-right'} />
        </span>
      ) : (
        <span class="twistie" />
      )}
      {entry === undefined ? <span class="cell-text waiting">…</span> : <EntryName entry={entry} item={item} />}
    </div>
  );
};

const EntryName = ({ entry, item }: { readonly entry: Entry; readonly item: Item }): JSX.Element => {
  if (entry.kind === 'run') return <RunName row={entry.row} />;
  const titles = item.window.source.by.map((id) => {
    const column = readColumn(id);
    return column === undefined ? id : columnTitle(column);
  });
  const name = groupName(titles, entry.group);
  return (
    <>
      <span class="cell-text" title={name}>
        {name}
      </span>
      <span class="badge">{entry.group.runs.toLocaleString('en-US')}</span>
    </>
  );
};

const statusIcons: Readonly<Record<string, string>> = { RUNNING: 'loading', SCHEDULED: 'history', FINISHED: 'pass', FAILED: 'error', KILLED: 'circle-slash' };

const RunName = ({ row }: { readonly row: RunRow }): JSX.Element => {
  const { theme, stars } = usePage();
  const color = styleRuns([row], theme.value.hues).get(row.runId)?.color ?? 'currentColor';
  const name = runName(row);
  return (
    <>
      <span class="run-dot" style={{ background: color }} />
      <span class={`run-status status-${row.status.toLowerCase()}`} title={statusWord(row.status)}>
        <Icon name={statusIcons[row.status] ?? 'question'} spin={row.status === 'RUNNING'} />
        <span class="visually-hidden">{statusWord(row.status)}</span>
      </span>
      <span class="cell-text" title={`${name}\n${row.runId}`}>
        {name}
      </span>
      {stars.value.has(row.runId) && (
        <span class="run-star" title="Favourite">
          <Icon name="star-full" />
          <span class="visually-hidden">Favourite</span>
        </span>
      )}
    </>
  );
};

interface CellProps {
  /** Of the cell that the cursor is in. */
  readonly id?: string;
  readonly column: PlacedColumn;
  readonly content: CellText;
  readonly isPointed: boolean;
  /** Of a column that scrolls. */
  readonly left?: number;
}

const Cell = ({ id, column, content, isPointed, left }: CellProps): JSX.Element => (
  <div
    id={id}
    class={`runs-cell${content.isNumber === true ? ' numeric' : ''}${left === undefined ? ' pinned' : ''}${id === undefined ? '' : ' active'}`}
    role="gridcell"
    aria-colindex={column.index + 2}
    title={isPointed || id !== undefined ? content.title() : undefined}
    style={{ width: px(column.width), ...(left !== undefined && { left: px(left) }) }}
  >
    <span class="cell-text">{content.text}</span>
  </div>
);

interface Surroundings {
  readonly experiments: readonly { readonly id: string; readonly name: string }[] | undefined;
  readonly now: number;
}

const contentOf = ({ entry, window }: Item, { id, column }: PlacedColumn, { experiments, now }: Surroundings): CellText => {
  if (entry === undefined) return noText;
  if (entry.kind === 'group') {
    const metrics = window.source.query.columns.filter((asked) => readColumn(asked)?.kind === 'metrics');
    return groupCellText(entry.group.cells[metrics.indexOf(id)]);
  }
  if (id === 'experiment') {
    const name = experiments?.find((experiment) => experiment.id === entry.row.experimentId)?.name ?? entry.row.experimentId;
    return { text: name, title: () => name };
  }
  return cellText(column, entry.row.cells[window.source.query.columns.indexOf(id)], now);
};

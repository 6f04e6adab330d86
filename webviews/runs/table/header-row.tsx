import type { JSX } from 'preact';
import type { SortKey } from '../../../schemas/runs-view.ts';
import { isSortable, type Column } from '../../../schemas/runs-columns.ts';
import { Icon } from '../../shared/controls.tsx';
import { moveColumn, resizeColumn } from '../columns/arrange.ts';
import { toggleSort } from '../columns/sort.ts';
import { usePage } from '../page.ts';
import type { Layout, PlacedColumn } from './layout.ts';
import { nameWidth, type Spot } from './table-state.ts';

interface HeaderProps {
  readonly layout: Layout;
  readonly columns: readonly PlacedColumn[];
  goTo(spot: Spot): void;
  openMenu(column: PlacedColumn): void;
}

const px = (length: number): string => `${length}px`;

export const HeaderRow = ({ layout, columns, goTo, openMenu }: HeaderProps): JSX.Element => {
  const { view, table } = usePage();
  const { line, column: activeColumn } = table.active.value;
  const header = (column: PlacedColumn, left?: number): JSX.Element => (
    <HeaderCell
      key={column.id}
      column={column}
      sort={view.value.sort}
      isActive={line === -1 && activeColumn === column.index}
      goTo={() => goTo({ line: -1, column: column.index })}
      openMenu={() => openMenu(column)}
      {...(left !== undefined && { left })}
    />
  );
  return (
    <div class="runs-head" role="row" aria-rowindex={1}>
      <div class="frozen" role="presentation" style={{ width: px(layout.frozenWidth) }}>
        <div
          id="cell--1--1"
          class={`name-cell${line === -1 && activeColumn === -1 ? ' active' : ''}`}
          role="columnheader"
          aria-colindex={1}
          style={{ width: px(nameWidth) }}
          onClick={() => goTo({ line: -1, column: -1 })}
        >
          <span class="cell-text">Run</span>
        </div>
        {layout.pinned.map((column) => header(column))}
      </div>
      {columns.map((column) => header(column, column.left))}
    </div>
  );
};

interface HeaderCellProps {
  readonly column: PlacedColumn;
  readonly sort: readonly SortKey[];
  readonly isActive: boolean;
  /** Of a column that scrolls. */
  readonly left?: number;
  goTo(): void;
  openMenu(): void;
}

const dragType = 'application/x-mlflow-column';

const HeaderCell = ({ column, sort, isActive, left, goTo, openMenu }: HeaderCellProps): JSX.Element => {
  const { change, changeColumns, view, directionOf } = usePage();
  const { id, index, title, width } = column;
  const rank = sort.findIndex((key) => key.column === id);
  const key = sort[rank];
  const onClick = (event: MouseEvent): void => {
    goTo();
    if (isSortable(id)) change({ sort: toggleSort(view.peek().sort, id, event.shiftKey) });
  };
  const drop = (event: DragEvent): void => {
    const moved = event.dataTransfer?.getData(dragType) ?? '';
    if (moved === '' || !(event.currentTarget instanceof Element)) return;
    event.preventDefault();
    const edges = event.currentTarget.getBoundingClientRect();
    changeColumns((columns) => moveColumn(columns, moved, id, event.clientX < edges.left + edges.width / 2 ? 'before' : 'after'));
  };
  const better = column.column.kind === 'metrics' ? `, ${directionOf(column.column.key)} is better` : '';
  const describe = key === undefined ? '' : `, sorted ${key.descending ? 'descending' : 'ascending'}${sort.length > 1 ? `, key ${rank + 1}` : ''}`;
  return (
    <div
      id={`cell--1-${index}`}
      class={`runs-cell header-cell kind-${column.column.kind}${left === undefined ? ' pinned' : ''}${isActive ? ' active' : ''}`}
      role="columnheader"
      aria-colindex={index + 2}
      aria-sort={key === undefined ? 'none' : key.descending ? 'descending' : 'ascending'}
      aria-label={`${kindWord(column.column)}${title}${better}${describe}`}
      title={`${kindWord(column.column)}${title}${better}`}
      draggable
      style={{ width: px(width), ...(left !== undefined && { left: px(left) }) }}
      onClick={onClick}
      onContextMenu={(event) => (event.preventDefault(), goTo(), openMenu())}
      onDragStart={(event) => event.dataTransfer?.setData(dragType, id)}
      onDragOver={(event) => event.dataTransfer?.types.includes(dragType) === true && event.preventDefault()}
      onDrop={drop}
    >
      <span class="cell-text">{title}</span>
      {key !== undefined && <Icon name={key.descending ? 'arrow-down' : 'arrow-up'} />}
      {key !== undefined && sort.length > 1 && <span class="sort-rank">{rank + 1}</span>}
      <span class="header-more" onClick={(event) => (event.stopPropagation(), openMenu())}>
        <Icon name="chevron-down" />
      </span>
      <ResizeHandle width={width} onResize={(next) => changeColumns((columns) => resizeColumn(columns, id, next))} />
    </div>
  );
};

const kindWords = { metrics: 'Metric ', params: 'Param ', tags: 'Tag ' } as const;
const kindWord = ({ kind }: Column): string => (kind === 'metrics' || kind === 'params' || kind === 'tags' ? kindWords[kind] : '');

const ResizeHandle = ({ width, onResize }: { readonly width: number; onResize(width: number): void }): JSX.Element => {
  const onPointerDown = (event: PointerEvent): void => {
    const handle = event.currentTarget;
    if (!(handle instanceof HTMLElement)) return;
    event.preventDefault();
    event.stopPropagation();
    handle.setPointerCapture(event.pointerId);
    const start = event.clientX;
    const move = (moved: PointerEvent): void => onResize(width + moved.clientX - start);
    const end = (): void => handle.removeEventListener('pointermove', move);
    handle.addEventListener('pointermove', move);
    handle.addEventListener('pointerup', end, { once: true });
    handle.addEventListener('pointercancel', end, { once: true });
  };
  return <span class="resize-handle" onPointerDown={onPointerDown} onClick={(event) => event.stopPropagation()} />;
};

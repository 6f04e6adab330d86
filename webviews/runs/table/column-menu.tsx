import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { columnId, isSortable, metricValues, type ColumnId } from '../../../schemas/runs-columns.ts';
import { mostGroups } from '../../../schemas/runs-view.ts';
import { Menu, type MenuItem } from '../../shared/menu.tsx';
import { addColumn, moveColumn, pinColumn, removeColumn } from '../columns/arrange.ts';
import type { ShownColumn } from '../columns/columns.ts';
import { sortBy } from '../columns/sort.ts';
import { usePage, type RunsPage } from '../page.ts';

/** What can be done with a column, where its header is. */
export const ColumnMenu = ({ focusTable }: { focusTable(): void }): JSX.Element | null => {
  const page = usePage();
  const area = useRef<HTMLDivElement>(null);
  const open = page.table.menu.value;
  const column = page.columns.value.find(({ id }) => id === open?.id);
  if (open === undefined || column === undefined) return null;
  const close = (): void => {
    page.table.menu.value = undefined;
    focusTable();
  };
  const onFocusOut = (event: FocusEvent): void => {
    const inside = event.relatedTarget instanceof Node && area.current?.contains(event.relatedTarget) === true;
    if (!inside) page.table.menu.value = undefined;
  };
  return (
    <div ref={area} onFocusOut={onFocusOut}>
      <Menu key={open.id} label={`Column ${column.title}`} items={itemsOf(page, column)} at={open} close={close} />
    </div>
  );
};

const itemsOf = (page: RunsPage, column: ShownColumn): readonly MenuItem[] => [
  ...sorting(page, column.id),
  ...filtering(page, column),
  ...direction(page, column),
  ...otherValues(page, column),
  ...arranging(page, column),
];

const sorting = ({ view, change }: RunsPage, id: ColumnId): readonly MenuItem[] => {
  if (!isSortable(id)) return [];
  const { sort } = view.peek();
  const others = sort.some(({ column }) => column !== id);
  const item = (label: string, descending: boolean, keeps: boolean): MenuItem => ({
    label,
    onChoose: () => change({ sort: sortBy(sort, { column: id, descending }, keeps) }),
  });
  return [
    item('Sort Ascending', false, false),
    item('Sort Descending', true, false),
    ...(others ? [item('Then Sort Ascending', false, true), item('Then Sort Descending', true, true)] : []),
    { label: 'Do Not Sort', disabled: !sort.some(({ column }) => column === id), onChoose: () => change({ sort: sort.filter(({ column }) => column !== id) }) },
    'separator',
  ];
};

const filtering = ({ startFilter, change, view }: RunsPage, { id, column }: ShownColumn): readonly MenuItem[] => {
  if (!('key' in column)) return [];
  const { groupBy } = view.peek();
  const grouped = groupBy.includes(id);
  const group: MenuItem = {
    label: grouped ? 'Do Not Group by This' : 'Group by This',
    disabled: !grouped && groupBy.length >= mostGroups,
    onChoose: () => change({ groupBy: grouped ? groupBy.filter((other) => other !== id) : [...groupBy, id] }),
  };
  const canGroup = column.kind === 'params' || column.kind === 'tags';
  return [{ label: 'Filter by This…', onChoose: () => startFilter(id) }, ...(canGroup ? [group] : []), 'separator'];
};

/** Said for everybody who looks at these experiments. */
const direction = ({ directionOf, sayDirection, about }: RunsPage, { column }: ShownColumn): readonly MenuItem[] => {
  if (column.kind !== 'metrics' || about.peek()?.readOnlyReason !== undefined) return [];
  const { key } = column;
  const isLower = directionOf(key) === 'lower';
  return [
    { label: 'Lower Is Better', disabled: isLower, onChoose: () => sayDirection(key, 'lower') },
    { label: 'Higher Is Better', disabled: !isLower, onChoose: () => sayDirection(key, 'higher') },
    'separator',
  ];
};

const valueTitles = { last: 'Last', best: 'Best', min: 'Smallest', max: 'Largest', mean: 'Mean' } as const;

/** The same metric by another of its values; only a server of ours has them. */
const otherValues = ({ changeColumns, columns, about, askStep }: RunsPage, { id, column }: ShownColumn): readonly MenuItem[] => {
  if (column.kind !== 'metrics' || about.peek()?.isRich !== true) return [];
  const shown = new Set(columns.peek().map((other) => other.id));
  const items = metricValues.flatMap((value): readonly MenuItem[] => {
    const other = columnId({ kind: 'metrics', key: column.key, value });
    if (other === undefined || shown.has(other)) return [];
    return [{ label: `Add ${valueTitles[value]} Value`, onChoose: () => changeColumns((all) => addColumn(all, other, id)) }];
  });
  const { key } = column;
  const addAt = (step: number): void => {
    const other = columnId({ kind: 'metrics', key, value: 'at', step });
    if (other !== undefined) changeColumns((all) => addColumn(all, other, id));
  };
  return [...items, { label: 'Add Value at Step…', onChoose: () => askStep(key, addAt) }, 'separator'];
};

const arranging = ({ changeColumns, columns }: RunsPage, { id, pinned }: ShownColumn): readonly MenuItem[] => {
  const all = columns.peek();
  const at = all.findIndex((column) => column.id === id);
  const move = (label: string, beside: ShownColumn | undefined, side: 'before' | 'after'): MenuItem => ({
    label,
    disabled: beside === undefined,
    onChoose: () => beside !== undefined && changeColumns((some) => moveColumn(some, id, beside.id, side)),
  });
  return [
    move('Move Left', all[at - 1], 'before'),
    move('Move Right', all[at + 1], 'after'),
    { label: pinned === true ? 'Unpin' : 'Pin', onChoose: () => changeColumns((some) => pinColumn(some, id, pinned !== true)) },
    { label: 'Hide', onChoose: () => changeColumns((some) => removeColumn(some, id)) },
  ];
};

import { useComputed } from '@preact/signals';
import type { JSX } from 'preact';
import { columnTitle, readColumn } from '../../schemas/runs-columns.ts';
import { Checkbox, IconButton } from '../shared/controls.tsx';
import { MenuButton, type MenuItem } from '../shared/menu.tsx';
import { ColumnPicker } from './columns/column-picker.tsx';
import { FilterBox } from './filter/filter-box.tsx';
import { GroupMenu } from './group-menu.tsx';
import { mostCompared } from './host-actions.ts';
import { usePage } from './page.ts';
import { ViewsMenu } from './views-menu.tsx';

export const Toolbar = (): JSX.Element => {
  const { view, change, about } = usePage();
  const { nested, onlyDiffering, groupBy } = view.value;
  const canNest = groupBy.length === 0 && about.value?.isRich !== false;
  return (
    <div class="runs-toolbar" role="toolbar" aria-label="Runs">
      <FilterBox />
      <ColumnPicker />
      <Checkbox label="Only Differing" checked={onlyDiffering} onChange={(next) => change({ onlyDiffering: next })} />
      {canNest && <Checkbox label="Nested" checked={nested} onChange={(next) => change({ nested: next })} />}
      <ActiveOrDeleted />
      <GroupMenu />
      <ViewsMenu />
      <ExportMenu />
      <CompareAll />
      {groupBy.map((id) => (
        <GroupChip key={id} id={id} />
      ))}
    </div>
  );
};

const ActiveOrDeleted = (): JSX.Element => {
  const { view, change, selection } = usePage();
  const { deleted } = view.value;
  const show = (next: boolean): void => {
    selection.clear();
    change({ deleted: next });
  };
  return (
    <div class="segments" role="group" aria-label="Which runs">
      <button type="button" class="segment" aria-pressed={!deleted} onClick={() => show(false)}>
        Active
      </button>
      <button type="button" class="segment" aria-pressed={deleted} onClick={() => show(true)}>
        Deleted
      </button>
    </div>
  );
};

const ExportMenu = (): JSX.Element => {
  const { exportRows, selection } = usePage();
  const what = selection.size.value > 0 ? 'Selected' : 'All';
  const items: readonly MenuItem[] = [
    { label: `${what} as CSV…`, onChoose: () => exportRows('csv') },
    { label: `${what} as JSON…`, onChoose: () => exportRows('json') },
    { label: `${what} as Markdown…`, onChoose: () => exportRows('md') },
  ];
  return <MenuButton icon="export" label="Export" items={items} />;
};

/** Of selected runs the line below the table has a button of its own. */
const CompareAll = (): JSX.Element | null => {
  const { compareAll, selection, view, rows } = usePage();
  const count = useComputed(() => rows.root?.count ?? 0).value;
  if (selection.size.value > 0 || view.value.deleted || view.value.groupBy.length > 0 || count < 2) return null;
  const label = count > mostCompared ? `Compare the first ${mostCompared.toLocaleString('en-US')} runs` : 'Compare all runs that match';
  return <IconButton icon="git-compare" label={label} onClick={compareAll} />;
};

const GroupChip = ({ id }: { readonly id: string }): JSX.Element => {
  const { change, view } = usePage();
  const column = readColumn(id);
  const title = column === undefined ? id : columnTitle(column);
  return (
    <span class="group-chip">
      <span class="cell-text" title={id}>{`Grouped by ${title}`}</span>
      <IconButton icon="close" label={`Do not group by ${title}`} onClick={() => change({ groupBy: view.peek().groupBy.filter((other) => other !== id) })} />
    </span>
  );
};

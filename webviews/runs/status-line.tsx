import type { JSX } from 'preact';
import { Button, IconButton } from '../shared/controls.tsx';
import { ColorPicker } from './color-picker.tsx';
import { countConditions } from './filter/tokens.ts';
import { usePage } from './page.ts';
import type { ShownRows } from './rows/shown-rows.ts';
import { visibleLines, type Viewport } from './table/table-state.ts';

const counts = new Intl.NumberFormat('en-US');
const counted = (count: number): string => counts.format(count);

/** What the lines on screen are of how many; never a number that is not known. */
export const rangeText = (root: ShownRows, viewport: Viewport): string => {
  const what = root.source.by.length > 0 ? 'groups' : 'runs';
  if (root.total === 0 && root.totalIsKnown) return `No ${what}`;
  const { from, to } = visibleLines(viewport);
  const range = `${counted(from + 1)}–${counted(Math.max(from + 1, Math.min(to, root.count)))}`;
  if (root.totalIsKnown) return `${range} of ${counted(root.count)}`;
  return `${range} · first ${counted(root.total)} loaded`;
};

/** Under the toolbar: what is shown, what is new, what is chosen. */
export const StatusLine = (): JSX.Element => (
  <div class="status-line">
    <Range />
    <NewRuns />
    <SelectionActions />
  </div>
);

/** Changes with every frame while the table scrolls. */
const Range = (): JSX.Element => {
  const { rows, table, view, hidden, selection } = usePage();
  const { root } = rows;
  const filters = countConditions(view.value.filter);
  const parts = [
    root === undefined ? 'Reading the runs…' : rangeText(root, table.viewport.value),
    ...(filters > 0 ? [filters === 1 ? '1 filter' : `${filters} filters`] : []),
    ...(selection.size.value > 0 ? [`${counted(selection.size.value)} selected`] : []),
    ...(hidden.value === '' ? [] : [hidden.value]),
    ...(root?.notes ?? []),
  ];
  return <span data-testid="range">{parts.join(' · ')}</span>;
};

const NewRuns = (): JSX.Element | null => {
  const { rows, report } = usePage();
  const { length } = rows.newRuns.value;
  return (
    <span role="status">
      {length > 0 && (
        <button type="button" class="link" onClick={() => void rows.reload().catch(report)}>
          {length === 1 ? 'Show 1 new run' : `Show ${counted(length)} new runs`}
        </button>
      )}
    </span>
  );
};

/** What can be done with the selected runs. */
const SelectionActions = (): JSX.Element | null => {
  const { selection, view, about, compareSelected, deleteSelected, restoreSelected, tagSelected, copyIds, copyRows } = usePage();
  if (selection.size.value === 0) return null;
  const canWrite = about.value?.readOnlyReason === undefined;
  return (
    <div class="selection-actions" role="toolbar" aria-label="Selected runs">
      {view.value.deleted ? (
        canWrite && (
          <Button icon="discard" onClick={restoreSelected}>
            Restore
          </Button>
        )
      ) : (
        <>
          <Button icon="git-compare" onClick={compareSelected}>
            Compare
          </Button>
          {canWrite && (
            <>
              <Button icon="tag" onClick={tagSelected}>
                Set Tag…
              </Button>
              <ColorPicker />
              <Button icon="trash" onClick={deleteSelected}>
                Delete
              </Button>
            </>
          )}
        </>
      )}
      {!view.value.deleted && <StarButton />}
      <Button icon="copy" onClick={copyRows}>
        Copy
      </Button>
      <Button icon="key" onClick={copyIds}>
        Copy IDs
      </Button>
      <Button icon="clear-all" onClick={() => selection.clear()}>
        Clear
      </Button>
    </div>
  );
};

/** Pressed when all selected runs are starred. */
const StarButton = (): JSX.Element => {
  const { selection, stars, starSelected } = usePage();
  const isStarred = [...selection.runIds.value].every((runId) => stars.value.has(runId));
  return <IconButton icon={isStarred ? 'star-full' : 'star-empty'} label="Favourite" pressed={isStarred} onClick={() => starSelected(!isStarred)} />;
};

import type { JSX } from 'preact';
import { Button } from '../shared/controls.tsx';
import { usePage } from './page.ts';
import { toFilter } from './runs/selection.ts';

/** While a brush narrows the page: how much is seen, and what can be done with it. */
export const SelectionBar = (): JSX.Element | null => {
  const page = usePage();
  if (page.brush.value === undefined) return null;
  const count = page.visibleRuns.value.length;
  return (
    <div class="selection-bar" role="status">
      <span>{`${count.toLocaleString('en-US')} of ${page.shownRuns.value.length.toLocaleString('en-US')} runs selected`}</span>
      <Button icon="checklist" onClick={() => page.checkRuns(page.visibleRuns.peek().map(({ runId }) => runId))}>
        Check in Tree
      </Button>
      <Button icon="tag" onClick={() => page.tagRuns(page.visibleRuns.peek().map(({ runId }) => runId))}>
        Tag…
      </Button>
      <Button icon="copy" onClick={() => page.copy(toFilter(page.visibleRuns.peek()), 'the filter')}>
        Copy as Filter
      </Button>
      <Button icon="clear-all" onClick={() => page.setBrush(undefined)}>
        Clear
      </Button>
    </div>
  );
};

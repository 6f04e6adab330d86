import { useComputed } from '@preact/signals';
import type { JSX } from 'preact';
import { LiveRegion } from '../shared/announcer.tsx';
import { Button, Icon } from '../shared/controls.tsx';
import { ReloadNotice } from '../shared/reload-notice.tsx';
import { usePage } from './page.ts';
import { StatusLine } from './status-line.tsx';
import { Table } from './table/table.tsx';
import { Toolbar } from './toolbar.tsx';

export const App = (): JSX.Element => {
  const page = usePage();
  const { rows } = page;
  // New rows are the table's: everything else stays as it is.
  const isEmpty = useComputed(() => rows.root?.count === 0);
  return (
    <main class="runs-page" aria-label="Runs">
      <h1 class="visually-hidden">Runs</h1>
      <div class={`progress${rows.isLoading.value ? ' active' : ''}`} />
      <ReloadNotice alive={page.host.alive} />
      <Notices />
      <Toolbar />
      <StatusLine />
      <Table />
      {isEmpty.value && <Empty />}
      <LiveRegion announcer={page.announcer} />
    </main>
  );
};

/** What cannot be shown, and why; what is there stays. */
const Notices = (): JSX.Element => {
  const { storeFailure, failure, about, rows } = usePage();
  return (
    <>
      {storeFailure.value !== undefined && (
        <div class="notice notice-warning" role="alert">
          <Icon name="warning" />
          <span>{storeFailure.value}</span>
        </div>
      )}
      {failure.value !== undefined && storeFailure.value === undefined && (
        <div class="notice notice-error" role="alert">
          <Icon name="error" />
          <span class="notice-text">{failure.value}</span>
          <Button onClick={() => ((failure.value = undefined), rows.retry())}>Try Again</Button>
        </div>
      )}
      {about.value?.readOnlyReason !== undefined && (
        <div class="notice">
          <Icon name="lock" />
          <span>This store can only be read: {about.value.readOnlyReason}</span>
        </div>
      )}
    </>
  );
};

const Empty = (): JSX.Element => {
  const { view, applyView } = usePage();
  const { filter, deleted } = view.value;
  if (filter !== '') {
    return (
      <div class="runs-empty">
        <p>No run matches the filter.</p>
        <Button icon="clear-all" onClick={() => applyView({ ...view.peek(), filter: '' })}>
          Clear Filter
        </Button>
      </div>
    );
  }
  return <p class="runs-empty">{deleted ? 'No run is deleted.' : 'There are no runs yet. They appear here as soon as they are logged.'}</p>;
};
